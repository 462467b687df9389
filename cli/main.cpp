// tocsin: parses, runs one command, ends with its code. Everything it can do is in the library.
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "commands.hpp"
#include "completions.hpp"
#include "manual.hpp"
#include "parse.hpp"
#include "passwords.hpp"
#include "rule_store.hpp"
#include "sandbox.hpp"
#include "signals.hpp"
#include "terminal.hpp"

namespace tocsin::cli {
namespace {

ExitCode run(const Options& options, const SandboxState& sandbox, Output& output) {
  switch (options.command) {
    case Command::scan:
      return run_scan(options, output);
    case Command::dump:
      return run_dump(options, output);
    case Command::search:
      return run_search(options, output);
    case Command::metrics:
      return run_metrics(options, output);
    case Command::logons:
      return run_logons(options, output);
    case Command::timeline:
      return run_timeline(options, output);
    case Command::formats:
      return run_formats(options, output);
    case Command::rules_explain:
    case Command::rules_check:
    case Command::rules_compile:
    case Command::rules_list:
    case Command::rules_show:
      return run_rules(options, output);
    case Command::explain:
      return run_explain(options, output);
    case Command::doctor:
      return run_doctor(options, sandbox, output);
    case Command::completions:
      return finish_output(options, output, output.write(completion_script(options.positionals.front())));
    case Command::man:
      return finish_output(options, output, output.write(manual_page()));
    case Command::none:
      break;
  }
  return ExitCode::failed;
}

// What else than the command line decides how this runs.
void report_surroundings(const Options& options, const SandboxState& state) {
  if (!options.sandbox) {
    print_error("warning: no sandbox: evidence that exploits an error of Tocsin could do what you can do\n");
  }
  if (!options.debug) return;
  if (!options.config.empty()) {
    print_error(fmt::format("debug: config: defaults from {}\n", visible_text(options.config)));
  }
  if (!options.why_no_cache.empty()) {
    print_error(fmt::format("debug: rules: nothing is kept: {}\n", visible_text(options.why_no_cache)));
  }
  for (const std::string& line : describe(state)) print_error(fmt::format("debug: sandbox: {}\n", line));
}

// What the sandbox's caretaker may write for the reader of rules.
Caretaker::RuleKeeping rule_keeping(const RuleSetOptions& rules) {
  if (rules.cache.folder.empty()) return {};
  return {rules.cache.folder, rule_cache_name(rules)};
}

// The one place where the sandbox is entered: the output is open, and no thread was started.
ExitCode run_inside(Options options) {
  auto passwords = read_passwords(options.password_files);
  if (!passwords) return report_error(options, passwords.error());
  options.evidence.archive_passwords = std::move(*passwords);
  const std::unique_ptr<Output> output = open_output(options);
  if (output == nullptr) return ExitCode::failed;
  if (loads_rules_first(options)) {
    RuleStore store = rule_store(options, process_environment);
    options.rules.cache.folder = std::move(store.folder);
    options.why_no_cache = std::move(store.why_not);
  }
  const Sandbox sandbox(*output, {.on = options.sandbox}, rule_keeping(options.rules));
  if (!options.rules.cache.folder.empty()) options.rules.cache.keep = sandbox.rule_keeper();
  report_surroundings(options, sandbox.state());
  return run(options, sandbox.state(), *output);
}

ExitCode start(const std::vector<std::string>& arguments) {
  install_signal_handlers();
  const auto parsed = parse_command_line(
      arguments, [](const ConfigChoice& choice) { return load_config(choice, process_environment); });
  if (!parsed) return report_error({}, parsed.error());
  if (const auto* wanted = std::get_if<TextWanted>(&*parsed)) {
    Output out;
    return finish_output({}, out, out.write(wanted->text));
  }
  return run_inside(std::get<Options>(*parsed));
}

}  // namespace
}  // namespace tocsin::cli

int main(int argc, char** argv) {
  return static_cast<int>(tocsin::cli::start(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc)));
}
