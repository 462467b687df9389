// tocsin explain: one finding out of a results file, or judged again from the evidence.
#include <fmt/format.h>

#include "commands.hpp"
#include "progress.hpp"
#include "signals.hpp"
#include "terminal.hpp"

namespace tocsin::cli {
namespace {

Result<Explanation> judge_again(const Options& options, Progress& progress) {
  TOCSIN_TRY(const RuleSet rules, RuleSet::load(options.rules));
  report_rule_problems(options, rules);
  if (!log_sources_are_sound(options, rules)) {
    return fail(ErrorCode::malformed, "a log-source file has errors (above): what it says would be judged wrongly");
  }
  ExplainOptions what;
  what.evidence = options.evidence;
  what.rule_id = options.rule_id;
  what.event = options.event;
  if (what.rule_id.empty()) what.finding_id = options.positionals.front();
  what.stop = &stop_requested();
  return explain(what, rules, &progress);
}

// What a results file holds is not the whole chain: says how to get the rest.
ExitCode finish_stored(const Options& options, Output& output, const Result<void>& stored) {
  const ExitCode code = finish_output(options, output, stored);
  if (code == ExitCode::done && !options.quiet) {
    print_error(fmt::format("for the condition's tree and the record's bytes: tocsin explain {} PATH --rules DIR\n",
                            visible_text(options.positionals.front())));
  }
  return code;
}

}  // namespace

// With a results file and the evidence: the finding as stored, then judged again from the condition to the bytes.
ExitCode run_explain(const Options& options, Output& output) {
  const ReportOptions report = report_options(options, Stream::out, !options.output.empty());
  if (!options.results.empty()) {
    const Result<void> stored = write_stored_finding(options.results, options.positionals.front(), report, output);
    if (!stored || options.evidence.paths.empty()) return finish_stored(options, output, stored);
    if (const auto gap = output.write("\n"); !gap) return finish_output(options, output, gap);
  }
  Progress progress(options);
  const auto explanation = judge_again(options, progress);
  progress.clear();
  if (!explanation) return report_error(options, explanation.error());
  return finish_output(options, output, write_explanation(*explanation, report, output));
}

}  // namespace tocsin::cli
