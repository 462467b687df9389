// A report written while findings are made: each at once, and what a report has beside them at the end.
#include <fmt/format.h>

#include "report/json_objects.hpp"
#include "report/tally.hpp"
#include "report/text_sections.hpp"
#include "report/writers.hpp"

namespace tocsin {
namespace {

// Three or four lines: when and how grave, what, where, and the match that says most.
void live_text(report::Page& page, const ResultView& view, const Finding& finding) {
  const RuleInfo& rule = view.rules().at(finding.rule);
  const std::string level = page.paint(report::ink_of(rule.level), to_string(rule.level));
  const std::string author = report::by_author(page, rule);
  page.line(fmt::format("{}  {}  {}", finding.time ? format_time(*finding.time) : std::string("no time"), level,
                        page.visible(rule.title)));
  if (!author.empty()) page.paragraph(2, author, report::Ink::dim);
  std::string where = report::source_name(page, view.sources().at(finding.source));
  where += ", " + report::place_text(finding.place);
  if (!finding.computer.empty()) where = report::host_name(page, finding.computer) + std::string(page.dot()) + where;
  page.line("  " + page.cut(where, page.width() - 2));
  if (const Match* match = report::best_match(finding)) {
    page.line("  " + report::match_line(page, *match, page.width() - 2));
  }
}

Result<void> write_line(std::string line, ByteSink& out) {
  line += '\n';
  TOCSIN_CHECK(out.write(line));
  return out.flush();
}

}  // namespace

Result<void> LiveReport::on_begin(const ResultView& view) {
  if (options_.format != ReportFormat::jsonl) return {};
  std::string line;
  report::append_header(line, view, options_.profile);
  return write_line(std::move(line), out_);
}

Result<void> LiveReport::on_finding(const ResultView& view, const Finding& finding) {
  if (options_.format == ReportFormat::jsonl) {
    std::string line;
    report::append_finding(line, view, finding, options_.profile);
    return write_line(std::move(line), out_);
  }
  report::Output out(out_);
  report::Page page(options_, out);
  live_text(page, view, finding);
  return out.finish();
}

Result<void> LiveReport::finish(const ResultView& view) {
  if (options_.format == ReportFormat::jsonl) return report::write_jsonl_end(view, out_);
  TOCSIN_CHECK(out_.write("\n"));
  return report::write_text(view, options_, out_);
}

}  // namespace tocsin
