// One line per finding, cut to the width; below it each rule once with its author, uncut.
#include <vector>

#include <fmt/format.h>

#include "report/text_sections.hpp"
#include "report/writers.hpp"

namespace tocsin::report {
namespace {

constexpr std::size_t kTime = 19, kLevel = 13, kEvent = 6;

struct Widths {
  std::size_t host, source, title;
};

Widths widths_for(std::size_t width) {
  const std::size_t rest = width - kTime - kLevel - kEvent - 10;  // five gaps of two blanks
  const std::size_t host = rest / 6, source = rest / 3;
  return {host, source, rest - host - source};
}

std::string row(const Page& page, const Widths& widths, std::string_view time, const std::string& level,
                std::string_view host, std::string_view event, const std::string& where, std::string_view title) {
  return fmt::format("{}  {}  {}  {}  {}  {}", pad_right(std::string(time), kTime), level,
                     pad_right(page.cut(host, widths.host), widths.host), pad_left(std::string(event), kEvent),
                     pad_right(cut_begin(where, widths.source, page.charset()), widths.source),
                     page.cut(title, widths.title));
}

std::string finding_row(const Page& page, const Widths& widths, const ResultView& view, const Finding& finding) {
  const RuleInfo& rule = view.rules().at(finding.rule);
  const SourceInfo& source = view.sources().at(finding.source);
  const std::string number = finding.place.record == Place::kNone ? fmt::format("@{}", finding.place.offset)
                                                                  : fmt::format(":{}", finding.place.record);
  return row(page, widths, finding.time ? short_time(*finding.time) : std::string(),
             page.paint(ink_of(rule.level), pad_right(std::string(to_string(rule.level)), kLevel)),
             page.visible(short_host(finding.computer)),
             finding.event_id ? std::to_string(*finding.event_id) : std::string(), source_name(page, source) + number,
             page.visible(rule.title));
}

}  // namespace

Result<void> write_table(const ResultView& view, const ReportOptions& options, ByteSink& sink) {
  Output out(sink);
  Page page(options, out);
  const Widths widths = widths_for(page.width());
  std::vector<bool> matched(view.rules().size());
  page.line(page.paint(Ink::bold, row(page, widths, "TIME (UTC)", pad_right("LEVEL", kLevel), "HOST", "EVENT",
                                      "SOURCE:RECORD", "RULE")));
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
