// tocsin scan: results to --output or standard output, and the text summary beside them, to whichever of standard
// output and standard error does not carry results.
#include <fmt/format.h>
#include <sys/resource.h>

#include "commands.hpp"
#include "progress.hpp"
#include "signals.hpp"
#include "terminal.hpp"
#include "until_exit.hpp"

namespace tocsin::cli {
namespace {

constexpr std::string_view kSigma = "https://github.com/SigmaHQ/sigma";

bool fails(const Options& options, const Summary& summary) {
  if (!options.fail_on) return false;
  for (auto level = static_cast<std::size_t>(*options.fail_on); level < summary.findings_by_level.size(); ++level) {
    if (summary.findings_by_level.at(level) > 0) return true;
  }
  return false;
}

void print_stats(const ScanResult& result) {
  for (const ScanStats::Stage& stage : result.stats().stages) {
    print_error(fmt::format("stats: {:<36} {:>9.3f} s  {:>12}\n", stage.name, stage.seconds, stage.count));
  }
  for (const ScanStats::SlowRule& slow : result.stats().slow_rules) {
    const RuleInfo& rule = result.rules().at(slow.rule);
    print_error(fmt::format("stats: {:>9.3f} s  {:>12} evaluations  {}  {}\n", slow.seconds, slow.evaluations,
                            visible_text(rule.id), visible_text(rule.title)));
  }
}

// The summary goes where people look and results do not: behind an output file on standard output, beside machine
// formats on standard error.
ExitCode write_summary(const Options& options, const ScanResult& result) {
  const bool results_on_stdout = options.output.empty() || options.output == "-";
  const bool is_summary = options.format == ReportFormat::text && results_on_stdout;
  if (options.quiet || is_summary) return ExitCode::done;
  ReportOptions report = report_options(options, results_on_stdout ? Stream::err : Stream::out, false);
  report.format = ReportFormat::text;
  if (!results_on_stdout) {
    Output out;
    return finish_output(options, out, write_report(result, report, out));
  }
  struct ErrorStream : ByteSink {
    Result<void> write(std::string_view bytes) override {
      print_error(bytes);
      return {};
    }
    Result<void> flush() override { return {}; }
  } stream;
  const Result<void> written = write_report(result, report, stream);
  return written ? ExitCode::done : report_error(options, written.error());
}

// Each file that is followed is held open; the usual limit is for programs that use select().
void allow_many_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// With what is judged where nobody said so, and where there is more.
void say_built_in(const Options& options, const RuleSet& rules) {
  if (!options.rules.paths.empty() || options.quiet || rules.rules().empty()) return;
  const std::string logs = wants_log_hygiene(options)
                               ? fmt::format(" and {} on the logs themselves", log_hygiene_rules().size())
                               : std::string();
  print_error(fmt::format("judging with the {} built-in {}{}; for SigmaHQ's: git clone {} and --rules sigma\n",
                          rules.rules().size(), rules.rules().size() == 1 ? "rule" : "rules", logs, kSigma));
}

}  // namespace

ExitCode run_scan(const Options& options, Output& output) {
  const auto& rules = until_exit(RuleSet::load(options.rules));
  if (!rules) return report_error(options, rules.error());
  report_rule_problems(options, *rules);
  say_built_in(options, *rules);
  if (!log_sources_are_sound(options, *rules)) return ExitCode::failed;
  // A scan without rules would end with "No findings": refused, because somebody would believe it.
  if (rules->rules().empty()) return report_no_rules(options);

  ScanOptions scan_options;
  scan_options.evidence = options.evidence;
  scan_options.full_events = options.profile == Profile::full || want_event(options.columns);
  scan_options.measure_rules = options.stats;
  scan_options.log_hygiene = wants_log_hygiene(options);
  scan_options.stop = &stop_requested();
  Progress progress(options);
  const bool to_file = !options.output.empty() && options.output != "-";
  const ReportOptions report = report_options(options, Stream::out, to_file);
  LiveReport live(report, output);
  if (options.follow) allow_many_files();
  const auto& result = until_exit(options.follow ? follow(scan_options, *rules, live, &progress)
                                                 : scan(scan_options, *rules, &progress));
  progress.clear();
  if (!result) return output.is_closed_pipe() ? ExitCode::done : report_error(options, result.error());

  ExitCode code =
      finish_output(options, output, options.follow ? live.finish(**result) : write_report(**result, report, output));
  code = stronger(code, write_summary(options, **result));
  if (options.stats) print_stats(**result);
  const Summary& summary = (*result)->summary();
  if (summary.interrupted) {
    print_error("interrupted: the results hold what was found up to then\n");
    return ExitCode::interrupted;
  }
  report_unmet(options, summary.unmet_filters);
  if (options.follow && summary.sources_read == 0 && (*result)->failed_paths().empty()) {
    // Nobody wrote anything: that is no failure.
    if (!options.quiet) print_error("nothing was read: until the stop no file had a record that could be followed\n");
    return fails(options, summary) ? stronger(code, ExitCode::found) : code;
  }
  code = stronger(code, report_unread(options, (*result)->failed_paths(), summary.sources_read, (*result)->sources()));
  return fails(options, summary) ? stronger(code, ExitCode::found) : code;
}

}  // namespace tocsin::cli
