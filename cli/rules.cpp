// tocsin rules check, compile, list, show, explain.
#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "commands.hpp"
#include "progress.hpp"
#include "terminal.hpp"

namespace tocsin::cli {
namespace {

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string counts_text(const RuleSet::Counts& counts) {
  std::string out = counted(counts.files, "file", "files");
  const auto add = [&](std::uint64_t count, std::string_view one, std::string_view many) {
    if (count > 0) out += ", " + counted(count, one, many);
  };
  add(counts.not_rules, "document that is no rule", "documents that are no rules");
  add(counts.not_selected, "rule not selected", "rules not selected");
  add(counts.not_evaluated, "correlation or filter, not evaluated yet", "correlations and filters, not evaluated yet");
  return out;
}

ExitCode check(const Options& options, const RuleSet& rules, Output& out) {
  Result<void> written;
  if (!options.quiet) {
    for (const RuleProblem& problem : rules.problems()) {
      written = out.write(format_problem(problem, use_colour(options, Stream::out)) + "\n");
      if (!written) return finish_output(options, out, written);
    }
    written = out.write(counts_text(rules.counts()) + "\n");
  }
  const RuleSet::Counts& counts = rules.counts();
  if (written) written = out.write(fmt::format("{} rules loaded, {} rejected\n", counts.loaded, counts.rejected));
  const ExitCode code = finish_output(options, out, written);
  if (counts.loaded + counts.rejected + counts.not_evaluated + counts.not_selected == 0) {
    return report_error(options, {ErrorCode::not_found, "no rule was found",
                                  options.rules.paths.empty() ? std::string() : options.rules.paths.front(),
                                  "rules are YAML files (.yml, .yaml) with title, logsource and detection"});
  }
  const bool sound = counts.rejected == 0 && std::ranges::none_of(rules.problems(), is_log_source_error);
  return sound ? code : stronger(code, ExitCode::found);
}

ExitCode list(const Options& options, const RuleSet& rules, Output& out) {
  // As a scan with the same flags, which would judge nothing.
  if (rules.rules().empty()) return report_no_rules(options);
  const ReportOptions report = report_options(options, Stream::out, !options.output.empty());
  std::vector<RuleInfo> all = rules.rules();
  if (wants_log_hygiene(options)) all.insert(all.end(), log_hygiene_rules().begin(), log_hygiene_rules().end());
  return finish_output(options, out, write_rules(all, report, out));
}

ExitCode show(const Options& options, const RuleSet& rules, Output& out) {
  const auto text = rules.describe(options.positionals.front());
  if (!text) return report_error(options, text.error());
  std::string safe;
  for (std::string_view rest = *text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    safe += visible_text(line) + "\n";
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  }
  return finish_output(options, out, out.write(safe));
}

ExitCode tell(const Options& options, const RuleSet& rules, Output& out) {
  const auto words = rules.in_words(options.positionals.front());
  if (!words) return report_error(options, words.error());
  return finish_output(options, out, write_rule_words(*words, output_options(options), out));
}

// Where the compiled rules are, and what it took.
ExitCode say_compiled(const Options& options, const RuleSet& rules, double seconds, Output& out) {
  const RuleCacheUse& use = rules.cache_use();
  if (!use.taken && !use.kept) {
    const bool nowhere = use.file.empty();
    return report_error(
        options,
        {ErrorCode::io,
         fmt::format("compiled rules cannot be kept: {}", visible_text(nowhere ? options.why_no_cache : use.not_kept)),
         nowhere ? std::string() : use.file, "scans go on without: they compile their rules each time"});
  }
  return finish_output(options, out,
                       out.write(fmt::format("{}\n{}, {}, {} in {:.3f} s\n", visible_text(use.file),
                                             counted(rules.counts().loaded, "rule", "rules"), byte_count(use.bytes),
                                             use.taken ? "compiled already, read" : "compiled", seconds)));
}

}  // namespace

ExitCode run_rules(const Options& options, Output& out) {
  const auto begin = std::chrono::steady_clock::now();
  const auto rules = RuleSet::load(options.rules);
  if (!rules) return report_error(options, rules.error());
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  if (options.command == Command::rules_check) {
    report_cache_use(options, *rules);
    report_unknown_names(options, *rules);
    return check(options, *rules, out);
  }
  if (!log_sources_are_sound(options, *rules)) return ExitCode::failed;
  if (!options.quiet) report_rule_problems(options, *rules);
  if (options.command == Command::rules_compile) return say_compiled(options, *rules, seconds.count(), out);
  if (options.command == Command::rules_explain) return tell(options, *rules, out);
  return options.command == Command::rules_list ? list(options, *rules, out) : show(options, *rules, out);
}

}  // namespace tocsin::cli
