// tocsin timeline: events, or what rules find, over time.
#include <algorithm>

#include "commands.hpp"
#include "progress.hpp"
#include "signals.hpp"
#include "terminal.hpp"

namespace tocsin::cli {
namespace {

constexpr std::int64_t kMachineBuckets = 200;  // where no width says how many
constexpr unsigned kBesideChart = 38;          // columns for names and sums

TimelineOptions::By by_of(const AnswerView& view) {
  using By = TimelineOptions::By;
  switch (view.by.value_or(AnswerView::By::channel)) {
    case AnswerView::By::host:
      return By::host;
    case AnswerView::By::level:
      return By::level;
    case AnswerView::By::event_id:
      return By::event_id;
    default:
      return By::channel;
  }
}

bool chooses_rules(const RuleSetOptions& rules) {
  const RuleSelection& chosen = rules.selection;
  return !rules.paths.empty() || !rules.log_source_files.empty() || !rules.placeholders.empty() ||
         chosen.minimum_level || !chosen.statuses.empty() || !chosen.tags.empty() || !chosen.include.empty() ||
         !chosen.exclude.empty() || chosen.deprecated || chosen.unsupported;
}

// With rules it is their findings that are counted.
Result<Timeline> ask(const Options& options, const TimelineOptions& asked, Progress& progress) {
  if (!chooses_rules(options.rules)) return timeline(asked, nullptr, &progress);
  TOCSIN_TRY(const RuleSet rules, RuleSet::load(options.rules));
  report_rule_problems(options, rules);
  if (!log_sources_are_sound(options, rules)) {
    return fail(ErrorCode::malformed, "a log-source file has errors (above): what it says would be judged wrongly");
  }
  return timeline(asked, &rules, &progress);
}

}  // namespace

ExitCode run_timeline(const Options& options, Output& output) {
  const ReportOptions report = output_options(options);
  TimelineOptions asked;
  asked.evidence = options.evidence;
  asked.by = by_of(options.view);
  asked.bucket = options.bucket;
  const auto room = static_cast<std::int64_t>(std::max(report.width, kBesideChart + 20) - kBesideChart);
  asked.most_buckets = report.format == ReportFormat::text ? room : kMachineBuckets;
  asked.log_hygiene = wants_log_hygiene(options);
  asked.stop = &stop_requested();
  Progress progress(options);
  const auto answer = ask(options, asked, progress);
  progress.clear();
  if (!answer) return report_error(options, answer.error());
  const ExitCode written = finish_output(options, output, write_timeline(*answer, report, output));
  return finish_reading(options, answer->reading, written);
}

}  // namespace tocsin::cli
