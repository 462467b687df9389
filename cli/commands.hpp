// One function a command. Each prints its own messages and returns how the program ends. Those that read evidence run
// inside the sandbox, with their output open already (main.cpp).
#pragma once

#include "tocsin/result.hpp"

#include "exit_codes.hpp"
#include "options.hpp"
#include "output_file.hpp"
#include "sandbox.hpp"

namespace tocsin::cli {

[[nodiscard]] ExitCode run_scan(const Options& options, Output& output);
[[nodiscard]] ExitCode run_dump(const Options& options, Output& output);
[[nodiscard]] ExitCode run_search(const Options& options, Output& output);
[[nodiscard]] ExitCode run_metrics(const Options& options, Output& output);
[[nodiscard]] ExitCode run_logons(const Options& options, Output& output);
[[nodiscard]] ExitCode run_timeline(const Options& options, Output& output);
[[nodiscard]] ExitCode run_formats(const Options& options, Output& output);
[[nodiscard]] ExitCode run_rules(const Options& options, Output& output);
[[nodiscard]] ExitCode run_explain(const Options& options, Output& output);
// `sandbox` is what is in force now.
[[nodiscard]] ExitCode run_doctor(const Options& options, const SandboxState& sandbox, Output& output);

// Shared: an error on standard error, and the code for it.
ExitCode report_error(const Options& options, const Error& error);
// The checked and opened destination of results, or nothing after the error was reported.
[[nodiscard]] std::unique_ptr<Output> open_output(const Options& options);
// What became of writing: an error is reported, a closed pipe is none; else the output gets its name.
[[nodiscard]] ExitCode finish_output(const Options& options, Output& output, const Result<void>& written);
// Paths that could not be opened, each with its reason; and the loud word where nothing was read at all.
[[nodiscard]] ExitCode report_unread(const Options& options, const std::vector<Error>& failed,
                                     std::uint64_t sources_read, const std::vector<SourceInfo>& sources);
// Nothing would be judged, and "No findings" believed.
[[nodiscard]] ExitCode report_no_rules(const Options& options);
// A warning for each filter that names what no event has.
void report_unmet(const Options& options, const std::vector<UnmetFilter>& filters);
// Log hygiene has no rules that could be chosen: it goes with a whole rule set.
[[nodiscard]] bool wants_log_hygiene(const Options& options);
// How an answer ends that was written with `written`: what was not read, and whether it was cut short.
[[nodiscard]] ExitCode finish_reading(const Options& options, const Reading& reading, ExitCode written);
// Text as wide as the output is.
[[nodiscard]] ReportOptions output_options(const Options& options);
// Whether the user's log-source files have no errors; with one of them rules could judge the wrong events, so that the
// errors are shown on standard error.
[[nodiscard]] bool is_log_source_error(const RuleProblem& problem);
[[nodiscard]] bool log_sources_are_sound(const Options& options, const RuleSet& rules);
// A warning for each id that --include or --exclude names and no rule has.
void report_unknown_names(const Options& options, const RuleSet& rules);
// What became of the compiled rules that are kept, for --debug.
void report_cache_use(const Options& options, const RuleSet& rules);
// These, and rule problems on standard error, for --debug, or their number.
void report_rule_problems(const Options& options, const RuleSet& rules);

}  // namespace tocsin::cli
