#include "positionals.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "completions.hpp"
#include "flags.hpp"

namespace tocsin::cli {

std::string see_help(Command command) {
  const CommandInfo* info = find_command(command);
  return info == nullptr ? "`tocsin --help` lists the commands"
                         : fmt::format("`tocsin {} --help` lists its flags", info->name);
}

std::unexpected<Error> usage(std::string message, Command command, std::string hint) {
  if (hint.empty()) hint = see_help(command);
  return fail(ErrorCode::invalid_argument, std::move(message), {}, std::move(hint));
}

namespace {

bool has_rule_and_event(const Options& options) {
  return !options.rule_id.empty() && !options.event.empty();
}

// Which positional is what depends on the command.
Result<void> place_explain_positionals(Options& options) {
  std::vector<std::string>& all = options.positionals;
  if (options.rule_id.empty() != options.event.empty()) {
    return usage("--rule and --event belong together", options.command);
  }
  if (has_rule_and_event(options)) {
    options.evidence.paths = std::move(all);
    all.clear();
    if (options.evidence.paths.empty()) return usage("expected the evidence that holds the event", options.command);
    return options.results.empty() ? Result<void>{} : usage("--results does not go with --event", options.command);
  }
  if (all.empty()) return usage("expected a finding's id, found nothing", options.command);
  for (char& c : all.front()) c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  if (all.front().find_first_not_of("0123456789abcdef") != std::string::npos) {
    return usage(
        fmt::format("expected a finding's id, found {}", visible_text(all.front())), options.command,
        "an id is 32 hex digits, or the first of them; `tocsin scan` shows it with each finding. Why a rule did or "
        "did not match one event: --rule ID --event SOURCE:RECORD");
  }
  options.evidence.paths.assign(all.begin() + 1, all.end());
  all.resize(1);
  if (options.results.empty() && options.evidence.paths.empty()) {
    return usage("expected --results FILE or the evidence to judge again, found neither", options.command);
  }
  return {};
}

Result<void> place_shell(const Options& options) {
  const std::vector<std::string>& all = options.positionals;
  const auto shells = completion_shells();
  if (all.size() == 1 && std::ranges::find(shells, all.front()) != shells.end()) return {};
  const std::string found = all.empty() ? "nothing" : fmt::format("'{}'", visible_text(all.back()));
  return usage(fmt::format("expected one shell of {}, found {}", fmt::join(shells, ", "), found), options.command);
}

Result<void> place_evidence(Options& options) {
  if (options.positionals.empty()) {
    return usage("expected a file or folder of evidence, found nothing", options.command);
  }
  options.evidence.paths = std::move(options.positionals);
  options.positionals.clear();
  return {};
}

Result<void> place_search_positionals(Options& options) {
  std::vector<std::string>& all = options.positionals;
  options.pattern_flag_given = !options.search.patterns.empty();
  if (!options.pattern_flag_given) {
    if (all.empty()) return usage("expected a pattern to search for, found nothing", options.command);
    options.search.patterns.push_back(std::move(all.front()));
    all.erase(all.begin());
  }
  return place_evidence(options);
}

Result<void> place_formats_positionals(Options& options) {
  if (options.why) return place_evidence(options);
  if (options.positionals.empty()) return {};
  return usage(fmt::format("expected no file, found {}", visible_text(options.positionals.front())), options.command,
               "--why says why a file is read or not");
}

// What --follow writes while it runs, and what can only be read as a whole.
Result<void> check_follow(const Options& options) {
  const auto refuse = [&](std::string_view what, std::string hint) {
    return usage(fmt::format("--follow does not go with {}", what), options.command, std::move(hint));
  };
  if (options.format != ReportFormat::text && options.format != ReportFormat::jsonl) {
    return refuse("this format: it is written when all findings are known", "--format jsonl or text");
  }
  if (!options.columns.empty()) return refuse("a profile that is a flat table", "--profile minimal, standard or full");
  if (!options.output.empty() && options.output != "-") {
    return refuse("--output, which appears when it is complete", "redirect standard output: > FILE");
  }
  if (options.evidence.carve) return refuse("--carve: slack of a log in use changes", "carve in a copy");
  if (!options.password_files.empty()) return refuse("--archive-password: archives cannot be followed", {});
  return {};
}

}  // namespace

Result<void> place_positionals(Options& options) {
  std::vector<std::string>& all = options.positionals;
  switch (options.command) {
    case Command::scan:
    case Command::dump:
      return place_evidence(options);
    case Command::search:
      return place_search_positionals(options);
    case Command::metrics:
    case Command::logons:
    case Command::timeline:
      return place_evidence(options);
    case Command::formats:
      return place_formats_positionals(options);
    case Command::rules_explain:
    case Command::rules_show:
      if (all.empty()) return usage("expected a rule's id, found nothing", options.command);
      options.rules.paths.insert(options.rules.paths.end(), all.begin() + 1, all.end());
      all.resize(1);
      break;
    case Command::rules_check:
    case Command::rules_compile:
    case Command::rules_list:
      options.rules.paths.insert(options.rules.paths.end(), all.begin(), all.end());
      all.clear();
      break;
    case Command::explain:
      return place_explain_positionals(options);
    case Command::doctor:
    case Command::man:
      return all.empty()
                 ? Result<void>{}
                 : usage(fmt::format("expected nothing more, found '{}'", visible_text(all.front())), options.command);
    case Command::completions:
      return place_shell(options);
    case Command::none:
      break;
  }
  return {};
}

Result<void> check_together(const Options& options) {
  if (!options.columns.empty()) {
    if (options.command != Command::scan) {
      return usage("a profile that is a flat table goes with `tocsin scan`", options.command);
    }
    const auto format = options.format;
    if (format != ReportFormat::csv && format != ReportFormat::jsonl && format != ReportFormat::json) {
      return usage("a profile that is a flat table goes with --format csv, jsonl or json", options.command);
    }
  }
  if (options.follow) TOCSIN_CHECK(check_follow(options));
  if (options.format == ReportFormat::sarif && options.command != Command::scan) {
    return usage("--format sarif is for findings: only `tocsin scan` has it", options.command);
  }
  if (options.evidence.from && options.evidence.to && *options.evidence.from >= *options.evidence.to) {
    return usage(fmt::format("--from {} is not before --to {}", format_time(*options.evidence.from),
                             format_time(*options.evidence.to)),
                 options.command, "nothing lies between them");
  }
  return {};
}

}  // namespace tocsin::cli
