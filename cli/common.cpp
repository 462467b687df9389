#include <fmt/format.h>
#include <unistd.h>

#include "commands.hpp"
#include "evidence_guard.hpp"
#include "terminal.hpp"

namespace tocsin::cli {
namespace {
constexpr std::string_view kLogSourceCodes =
    "L";  // what begins with it is about a log-source file (log_source_yaml.cpp)
}

ExitCode report_error(const Options& options, const Error& error) {
  print_error(format_error(error, use_colour(options, Stream::err)));
  return error.code == ErrorCode::interrupted ? ExitCode::interrupted : ExitCode::failed;
}

std::unique_ptr<Output> open_output(const Options& options) {
  if (auto checked = check_output(options); !checked) {
    report_error(options, checked.error());
    return nullptr;
  }
  if (options.output.empty() || options.output == "-") return std::make_unique<Output>();
  auto opened = Output::open(options.output);
  if (opened) return std::move(*opened);
  report_error(options, opened.error());
  return nullptr;
}

ExitCode finish_output(const Options& options, Output& output, const Result<void>& written) {
  if (output.is_closed_pipe()) return ExitCode::done;
  if (!written) return report_error(options, written.error());
  const Result<void> committed = output.commit();
  return committed ? ExitCode::done : report_error(options, committed.error());
}

ExitCode report_unread(const Options& options, const std::vector<Error>& failed, std::uint64_t sources_read) {
  for (const Error& error : failed) report_error(options, error);
  if (sources_read == 0) {
    report_error(options, {ErrorCode::not_found,
                           "no source was read: nothing in what was handed in is a log that Tocsin knows",
                           {},
                           "--debug says why each file was not read"});
  }
  return failed.empty() && sources_read > 0 ? ExitCode::done : ExitCode::failed;
}

ReportOptions output_options(const Options& options) {
  return report_options(options, Stream::out, !options.output.empty() && options.output != "-");
}

ExitCode finish_reading(const Options& options, const Reading& reading, ExitCode written) {
  if (reading.interrupted) {
    print_error("interrupted: the output tells of what was read up to then\n");
    return ExitCode::interrupted;
  }
  return stronger(written, report_unread(options, reading.failed_paths, reading.sources_read));
}

bool is_log_source_error(const RuleProblem& problem) {
  return problem.severity == RuleProblem::Severity::error && problem.code.starts_with(kLogSourceCodes);
}

bool log_sources_are_sound(const Options& options, const RuleSet& rules) {
  bool sound = true;
  for (const RuleProblem& problem : rules.problems()) {
    if (!is_log_source_error(problem)) continue;
    sound = false;
    if (!options.debug) print_error(format_problem(problem, use_colour(options, Stream::err)));  // --debug shows all
  }
  return sound;
}

void report_unknown_names(const Options& options, const RuleSet& rules) {
  if (options.quiet) return;
  for (const RuleSet::UnknownName& unknown : rules.unknown_names()) {
    const std::string meant = unknown.nearest.empty() ? std::string("`tocsin rules list` shows the ids")
                                                      : fmt::format("did you mean {}?", visible_text(unknown.nearest));
    print_error(fmt::format("warning: {} {}: no rule here has that id or name; {}\n",
                            unknown.include ? "--include" : "--exclude", visible_text(unknown.name), meant));
  }
}

void report_cache_use(const Options& options, const RuleSet& rules) {
  const RuleCacheUse& use = rules.cache_use();
  if (!options.debug || use.file.empty()) return;
  const auto say = [&](std::string_view what) {
    print_error(fmt::format("debug: rules: {}: {}\n", visible_text(use.file), visible_text(what)));
  };
  if (use.taken) say(fmt::format("{} bytes of compiled rules, as they would be compiled now", use.bytes));
  if (!use.not_taken.empty()) say(fmt::format("compiled anew: {}", use.not_taken));
  if (use.kept) say(fmt::format("{} bytes kept", use.bytes));
  if (!use.not_kept.empty()) say(fmt::format("not kept: {}", use.not_kept));
}

void report_rule_problems(const Options& options, const RuleSet& rules) {
  report_cache_use(options, rules);
  report_unknown_names(options, rules);
  const bool colour = use_colour(options, Stream::err);
  if (options.debug) {
    for (const RuleProblem& problem : rules.problems()) print_error(format_problem(problem, colour));
  } else if (rules.counts().rejected > 0 && !options.quiet) {
    print_error(fmt::format("{} {} rejected and not judged; `tocsin rules check` says why\n", rules.counts().rejected,
                            rules.counts().rejected == 1 ? "rule is" : "rules are"));
  }
}

}  // namespace tocsin::cli
