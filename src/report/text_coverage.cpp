// What could not be checked, what was odd, and what to do next.
#include <algorithm>

#include <fmt/format.h>

#include "report/advice.hpp"
#include "report/text_sections.hpp"

namespace tocsin::report {
namespace {

constexpr std::size_t kDetailsShown = 5;
constexpr std::size_t kAnomaliesShown = 6;
constexpr std::size_t kNumberWidth = 8;

void detail_lines(Page& page, const ResultView& view, CoverageReason reason, const std::vector<DetailTally>& details) {
  std::uint64_t hidden = 0;
  for (std::size_t i = 0; i < details.size(); ++i) {
    if (i >= kDetailsShown) {
      hidden += details[i].rules;
      continue;
    }
    if (details[i].detail.empty()) continue;
    const std::string number = pad_left(with_commas(details[i].rules), kNumberWidth + 4);
    const std::string what = page.visible(short_detail(details[i].detail));
    const std::string todo = page.visible(advice(view, reason, details[i].detail, details[i].settings));
    const std::size_t indent = kNumberWidth + 6;
    if (todo.empty()) {
      page.line(pad_right(number, indent) + page.cut(what, page.width() - indent));
    } else if (indent + columns(what) + 3 + columns(todo) <= page.width()) {
      page.line(fmt::format("{}  {}: {}", number, what, page.paint(Ink::green, todo)));
    } else {
      page.line(pad_right(number, indent) + page.cut(what, page.width() - indent));
      page.paragraph(indent + 2, todo, Ink::green);
    }
  }
  if (hidden > 0) {
    const std::string groups = counted(details.size() - kDetailsShown, "other group", "other groups");
    page.line(fmt::format("{}  {}", pad_left(with_commas(hidden), kNumberWidth + 4),
                          page.paint(Ink::dim, fmt::format("in {}", groups))));
  }
}

std::uint64_t not_evaluable(const Summary& summary) {
  return summary.rules_by_status[static_cast<std::size_t>(CoverageStatus::not_evaluable)];
}

const ReasonTally* find_reason(const Tally& tally, CoverageReason reason) {
  const auto found = std::ranges::find(tally.reasons, reason, &ReasonTally::reason);
  return found == tally.reasons.end() ? nullptr : &*found;
}

// Numbered steps.
class Steps {
 public:
  explicit Steps(Page& page) : page_(page) {}
  void add(std::string_view text) { page_.paragraph(5, text, Ink::plain, fmt::format("  {}.", ++number_)); }

 private:
  Page& page_;
  int number_ = 0;
};

bool has_record_gaps(const ResultView& view) {
  return std::ranges::any_of(view.sources(), [](const SourceInfo& source) { return source.id_gap_count > 0; });
}

void coverage_steps(Steps& steps, const ResultView& view, const Tally& tally) {
  if (const ReasonTally* absent = find_reason(tally, CoverageReason::channel_absent)) {
    steps.add(fmt::format("Fetch the logs named above, as far as you have them, and scan again: {} for them.",
                          absent->rules == 1 ? "1 rule waits" : with_commas(absent->rules) + " rules wait"));
  }
  if (has_record_gaps(view)) {
    steps.add("Ask why records are missing: a cleared or rolled-over log hides what stood in it.");
  }
  std::uint64_t skipped = 0;
  for (const AnomalyTally& anomaly : tally.anomalies) skipped += anomaly.skipped;
  if (skipped > 0) {
    steps.add(
        fmt::format("Damage kept {} from being judged: see above what may help.", counted(skipped, "byte", "bytes")));
  }
}

}  // namespace

void text_not_checked(Page& page, const ResultView& view, const Tally& tally) {
  const Summary& summary = view.summary();
  if (summary.rules_selected == 0 && summary.rules_rejected == 0) {
    page.heading("COULD NOT BE CHECKED", "no rule was selected, so nothing was judged");
    return;
  }
  if (tally.reasons.empty() && summary.rules_rejected == 0) {
    page.heading("COULD NOT BE CHECKED", "every selected rule could be judged");
    return;
  }
  page.heading("COULD NOT BE CHECKED", fmt::format("{} of {}", with_commas(not_evaluable(summary)),
                                                   counted(summary.rules_selected, "rule", "rules")));
  for (const ReasonTally& reason : tally.reasons) {
    page.paragraph(kNumberWidth + 2, reason_text(reason.reason), Ink::bold,
                   pad_left(with_commas(reason.rules), kNumberWidth));
    detail_lines(page, view, reason.reason, reason.details);
  }
  if (summary.rules_rejected > 0) {
    page.paragraph(kNumberWidth + 2, "rejected: `tocsin rules check` says what is wrong with them", Ink::bold,
                   pad_left(with_commas(summary.rules_rejected), kNumberWidth));
  }
}

void text_anomalies(Page& page, const ResultView& view, const Tally& tally) {
  if (tally.anomalies.empty()) return;
  page.heading("DAMAGED OR ODD EVIDENCE", "reading went on behind it");
  const std::size_t shown = std::min(tally.anomalies.size(), kAnomaliesShown);
  const std::size_t indent = kNumberWidth + 2;
  for (std::size_t i = 0; i < shown; ++i) {
    const AnomalyTally& one = tally.anomalies[i];
    const bool known = one.example.source != Anomaly::kNoSource;
    const std::string where =
        known ? source_name(page, view.sources().at(one.example.source)) : page.visible(one.example.path);
    std::string head = fmt::format("{}{}{}", page.visible(one.code), page.dot(), where);
    if (known && one.example.offset > 0) head += fmt::format(" at byte {}", one.example.offset);
    if (one.sources > 1) head += fmt::format(" and {}", counted(one.sources - 1, "more source", "more sources"));
    if (one.skipped > 0) head += fmt::format("{}{} skipped", page.dot(), counted(one.skipped, "byte", "bytes"));
    page.paragraph(indent, head, Ink::plain, pad_left(with_commas(one.count), kNumberWidth));
    page.paragraph(indent, page.visible(one.example.message), Ink::dim);
    if (!one.example.remedy.empty()) page.paragraph(indent, page.visible(one.example.remedy), Ink::green);
  }
  if (tally.anomalies.size() > shown) {
    page.line(std::string(indent, ' ') +
              page.paint(Ink::dim,
                         fmt::format("and {}", counted(tally.anomalies.size() - shown, "more kind", "more kinds"))));
  }
}

void text_next_steps(Page& page, const ResultView& view, const Tally& tally) {
  page.heading("WHAT TO DO NEXT");
  Steps steps(page);
  if (tally.telling.empty()) {
    steps.add(
        "No finding is no all-clear: it covers the rules that could be judged and the times above, nothing else.");
  } else {
    steps.add(fmt::format("See the whole proof of the first: tocsin explain {}, then the paths and flags of this scan.",
                          page.visible(short_id(tally.telling.front()->earliest.id))));
  }
  coverage_steps(steps, view, tally);
  steps.add(fmt::format("Keep {}: add --format jsonl --output results.jsonl",
                        tally.telling.empty() ? "what was read and judged" : "every finding with its proof"));
}

}  // namespace tocsin::report
