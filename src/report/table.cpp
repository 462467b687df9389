// One line per finding, cut to the width; below it each rule once with its author, uncut.
#include <vector>

#include <fmt/format.h>

#include "report/text_sections.hpp"
#include "report/writers.hpp"

namespace tocsin::report {
namespace {

constexpr std::size_t kTime = 19, kLevel = 8, kEvent = 6, kFinding = 8;

// A narrow table has no columns for finding, host and event, so that source and title can be read.
struct Widths {
  std::size_t host, source, title;
};

Widths widths_for(const Page& page) {
  if (!page.wide()) {
    const std::size_t rest = page.width() - kTime - kLevel - 6;  // three gaps of two blanks
    return {0, rest * 2 / 5, rest - rest * 2 / 5};
  }
  const std::size_t rest = page.width() - kTime - kLevel - kFinding - kEvent - 12;
  const std::size_t host = rest / 6, source = rest / 3;
  return {host, source, rest - host - source};
}

std::string short_level(Level level) {
  return level == Level::informational ? "info" : std::string(to_string(level));
}

struct Cells {
  std::string time, level, finding, host, event, where, title;
};

std::string row(const Page& page, const Widths& widths, const Cells& cells, Ink ink) {
  std::string out =
      fmt::format("{}  {}  ", pad_right(cells.time, kTime), page.paint(ink, pad_right(cells.level, kLevel)));
  if (page.wide()) {
    out += fmt::format("{}  {}  {}  ", pad_right(page.cut(cells.finding, kFinding), kFinding),
                       pad_right(page.cut(cells.host, widths.host), widths.host), pad_left(cells.event, kEvent));
  }
  return out + fmt::format("{}  {}", pad_right(cut_begin(cells.where, widths.source, page.charset()), widths.source),
                           page.cut(cells.title, widths.title));
}

std::string finding_row(const Page& page, const Widths& widths, const ResultView& view, const Finding& finding) {
  const RuleInfo& rule = view.rules().at(finding.rule);
  const SourceInfo& source = view.sources().at(finding.source);
  const std::string number = finding.place.record == Place::kNone ? fmt::format("@{}", finding.place.offset)
                                                                  : fmt::format(":{}", finding.place.record);
  return row(page, widths,
             {finding.time ? short_time(*finding.time) : std::string(), short_level(rule.level),
              page.visible(short_id(finding.id)), page.visible(short_host(finding.computer)),
              finding.event_id ? std::to_string(*finding.event_id) : std::string(), source_name(page, source) + number,
              page.visible(rule.title)},
             ink_of(rule.level));
}

}  // namespace

Result<void> write_table(const ResultView& view, const ReportOptions& options, ByteSink& sink) {
  Output out(sink);
  Page page(options, out);
  const Widths widths = widths_for(page);
  std::vector<bool> matched(view.rules().size());
  const Cells heads{"TIME (UTC)", "LEVEL", "FINDING", "HOST", "EVENT", "SOURCE:RECORD", "RULE"};
  page.line(page.paint(Ink::bold, row(page, widths, heads, Ink::plain)));
  TOCSIN_CHECK(view.each_finding([&](const Finding& finding) {
    matched.at(finding.rule) = true;
    page.line(finding_row(page, widths, view, finding));
    return out.spill();
  }));
  page.line();
  for (std::size_t rule = 0; rule < matched.size(); ++rule) {
    if (!matched[rule]) continue;
    const RuleInfo& info = view.rules()[rule];
    page.paragraph(
        2, fmt::format("{}  {}  {}", page.visible(info.title), by_author(page, info), page.visible(info.license)),
        Ink::dim);
  }
  page.line(counted(view.summary().findings, "finding", "findings"));
  return out.finish();
}

}  // namespace tocsin::report
