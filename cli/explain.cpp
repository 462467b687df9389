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
  ExplainOptions what;
  what.evidence = options.evidence;
  what.rule_id = options.rule_id;
  what.event = options.event;
  if (what.rule_id.empty()) what.finding_id = options.positionals.front();
  what.stop = &stop_requested();
  return explain(what, rules, &progress);
}

}  // namespace

ExitCode run_explain(const Options& options) {
  const std::unique_ptr<Output> output = open_output(options);
  if (output == nullptr) return ExitCode::failed;
  const ReportOptions report = report_options(options, Stream::out, !options.output.empty());
  if (!options.results.empty()) {
    const ExitCode code = finish_output(
        options, *output, write_stored_finding(options.results, options.positionals.front(), report, *output));
    if (code == ExitCode::done && !options.quiet) {
      print_error(fmt::format("for the condition's tree and the record's bytes: tocsin explain {} PATH --rules DIR\n",
                              visible_text(options.positionals.front())));
    }
    return code;
  }
  Progress progress(options);
  const auto explanation = judge_again(options, progress);
  progress.clear();
  if (!explanation) return report_error(options, explanation.error());
  return finish_output(options, *output, write_explanation(*explanation, report, *output));
}

}  // namespace tocsin::cli
