// The text summary: what a person sees last. Its order: what was found, where we looked, what could not be seen, what
// to do next.
#include <fmt/format.h>

#include "report/text_sections.hpp"
#include "report/writers.hpp"

namespace tocsin::report {
namespace {

std::string level_counts(const Page& page, const Summary& summary) {
  std::string out;
  for (std::size_t level = summary.findings_by_level.size(); level-- > 0;) {
    const std::uint64_t count = summary.findings_by_level[level];
    if (count == 0) continue;
    if (!out.empty()) out += page.dot();
    const auto name = static_cast<Level>(level);
    out += page.paint(ink_of(name), fmt::format("{} {}", with_commas(count), to_string(name)));
  }
  return out;
}

std::string events_read(const Page& page, const Summary& summary) {
  std::string out = fmt::format("{} in {}", counted(summary.events, "event", "events"),
                                counted(summary.sources_read, "source", "sources"));
  if (summary.events_judged != summary.events) {
    out += fmt::format(", {} inside the filters", with_commas(summary.events_judged));
  }
  if (summary.first_time && summary.last_time) {
    out += fmt::format("{}{} UTC", page.dot(), time_range(*summary.first_time, *summary.last_time));
  }
  return out;
}

// Three numbers, because a rule that saw nothing and a rule that could not look are not the same.
std::string rules_used(const Summary& summary) {
  if (summary.rules_selected == 0) return "0 rules: nothing was judged";
  const auto of = [&](CoverageStatus status) {
    return with_commas(summary.rules_by_status.at(static_cast<std::size_t>(status)));
  };
  return fmt::format("{}: {} matched, {} saw nothing, {} could not be judged",
                     counted(summary.rules_selected, "rule", "rules"), of(CoverageStatus::matched),
                     of(CoverageStatus::not_seen), of(CoverageStatus::not_evaluable));
}

}  // namespace

void text_headline(Page& page, const ResultView& view) {
  const Summary& summary = view.summary();
  if (summary.interrupted) {
    page.paragraph(0, "Stopped before the end: this is what was found up to then.", Ink::yellow);
  }
  if (summary.sources_read == 0) {
    page.line(page.paint(Ink::bold, "Nothing was read, so nothing was found"));
  } else if (summary.findings == 0) {
    page.line(page.paint(Ink::bold, "No findings"));
  } else {
    page.line(fmt::format("{}  {}", page.paint(Ink::bold, counted(summary.findings, "finding", "findings")),
                          level_counts(page, summary)));
  }
  if (summary.same_findings > 0) {
    page.paragraph(0,
                   fmt::format("and {} of the same events in other files or logs: linked, not counted again",
                               counted(summary.same_findings, "finding", "findings")),
                   Ink::dim);
  }
  page.paragraph(0, events_read(page, summary));
  for (const UnmetFilter& filter : summary.unmet_filters) {
    page.paragraph(
        0, fmt::format("{} {} met nothing: {}", filter.flag, page.visible(filter.value), page.visible(filter.why)),
        Ink::yellow);
  }
  page.paragraph(0, rules_used(summary));
}

Result<void> write_text(const ResultView& view, const ReportOptions& options, ByteSink& sink) {
  TOCSIN_TRY(const Tally numbers, tally(view));
  TOCSIN_TRY(const Rollup rollup, roll_up(view));
  Output out(sink);
  Page page(options, out);
  text_headline(page, view);
  text_sources(page, view);
  text_findings(page, view, numbers);
  text_techniques(page, numbers);
  text_telling(page, view, numbers);
  text_not_checked(page, view, numbers);
  text_settings(page, view, rollup);
  text_anomalies(page, view, numbers);
  text_next_steps(page, view, numbers);
  return out.finish();
}

}  // namespace tocsin::report
