#include <algorithm>

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

namespace {

// Why nothing at all was read.
Error nothing_read(const std::vector<SourceInfo>& sources) {
  const auto is_log = [](const SourceInfo& source) { return !source.format.empty() && !source.is_container; };
  const auto damaged = std::ranges::count_if(sources, is_log);
  if (damaged > 0) {
    return {ErrorCode::malformed,
            fmt::format("no source was read: {} {} as a log and {} damaged or cut off before {} first event", damaged,
                        damaged == 1 ? "file begins" : "files begin", damaged == 1 ? "is" : "are",
                        damaged == 1 ? "its" : "their"),
            {},
            "copy it again from its origin; the anomalies of `tocsin scan` say what is damaged"};
  }
  const bool empty = !sources.empty() && std::ranges::all_of(sources, [](const auto& one) { return one.size == 0; });
  if (empty) {
    return {ErrorCode::not_found,
            "no source was read: what was handed in is empty (0 bytes)",
            {},
            "copy it again from its origin; Windows' own logs are never smaller than 68 kB"};
  }
  return {ErrorCode::not_found,
          "no source was read: nothing in what was handed in is a log that Tocsin knows",
          {},
          "--debug says why each file was not read, and `tocsin formats --why FILE` what one is"};
}

}  // namespace

ExitCode report_unread(const Options& options, const std::vector<Error>& failed, std::uint64_t sources_read,
                       const std::vector<SourceInfo>& sources) {
  for (const Error& error : failed) report_error(options, error);
  // Where nothing could be opened the reasons are told already.
  if (sources_read == 0 && (failed.empty() || !sources.empty())) report_error(options, nothing_read(sources));
  if (sources_read == 0 && !failed.empty() && sources.empty()) {
    report_error(options, {ErrorCode::not_found, "no source was read: nothing that was named could be opened", {}, {}});
  }
  return failed.empty() && sources_read > 0 ? ExitCode::done : ExitCode::failed;
}

namespace {

// What leaves no rule: the flags that choose, or a folder without one.
std::string why_no_rules(const RuleSelection& chosen) {
  const auto plain =
      std::ranges::find_if(chosen.tags, [](const std::string& tag) { return tag.find('.') == std::string::npos; });
  if (plain != chosen.tags.end()) {
    return fmt::format("tags are written as in the rules, with what they belong to: did you mean --tag attack.{}?",
                       visible_text(*plain));
  }
  const bool chose = chosen.minimum_level || !chosen.statuses.empty() || !chosen.tags.empty() ||
                     !chosen.include.empty() || !chosen.exclude.empty();
  if (chose) {
    return "the flags that choose rules (--level, --status, --tag, --include, --exclude) leave none: `tocsin rules "
           "list` without them shows which rules there are";
  }
  return "rules are YAML files (.yml, .yaml) with title, logsource and detection; without --rules the built-in ones "
         "are used";
}

}  // namespace

ExitCode report_no_rules(const Options& options) {
  return report_error(options, {ErrorCode::not_found, "no rule to judge with: none was found, or none was selected",
                                options.rules.paths.empty() ? std::string() : options.rules.paths.front(),
                                why_no_rules(options.rules.selection)});
}

void report_unmet(const Options& options, const std::vector<UnmetFilter>& filters) {
  if (options.quiet) return;
  for (const UnmetFilter& filter : filters) {
    std::string meant;
    if (!filter.nearest.empty()) meant = fmt::format("; did you mean {}?", visible_text(filter.nearest));
    for (const std::string& name : filter.seen) {
      meant += fmt::format("{}{}", meant.empty() ? "; there are, among others: " : ", ", visible_text(name));
    }
    print_error(fmt::format("warning: {} {}: {}{}\n", filter.flag, visible_text(filter.value), visible_text(filter.why),
                            meant));
  }
}

bool wants_log_hygiene(const Options& options) {
  const RuleSelection& chosen = options.rules.selection;
  return options.log_hygiene && !chosen.minimum_level && chosen.statuses.empty() && chosen.tags.empty() &&
         chosen.include.empty();
}

ReportOptions output_options(const Options& options) {
  return report_options(options, Stream::out, !options.output.empty() && options.output != "-");
}

ExitCode finish_reading(const Options& options, const Reading& reading, ExitCode written) {
  if (reading.interrupted) {
    print_error("interrupted: the output tells of what was read up to then\n");
    return ExitCode::interrupted;
  }
  report_unmet(options, reading.unmet_filters);
  return stronger(written, report_unread(options, reading.failed_paths, reading.sources_read, reading.sources));
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
    const bool on_logs = std::ranges::any_of(log_hygiene_rules(), [&](const RuleInfo& rule) {
      return rule.id == unknown.name || rule.name == unknown.name;
    });
    if (on_logs) {
      print_error(fmt::format(
          "warning: {} {}: this is a rule on the logs themselves, which cannot be chosen one by one; "
          "--no-hygiene leaves them all out, and a scan without --level, --status, --tag and --include has them all\n",
          unknown.include ? "--include" : "--exclude", visible_text(unknown.name)));
      continue;
    }
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
