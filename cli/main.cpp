// tocsin: parses, runs one command, ends with its code. Everything it can do is in the library.
#include <string>
#include <variant>
#include <vector>

#include "commands.hpp"
#include "parse.hpp"
#include "signals.hpp"
#include "terminal.hpp"

namespace tocsin::cli {
namespace {

ExitCode run(const Options& options) {
  switch (options.command) {
    case Command::scan:
      return run_scan(options);
    case Command::dump:
      return run_dump(options);
    case Command::rules_check:
    case Command::rules_list:
    case Command::rules_show:
      return run_rules(options);
    case Command::explain:
      return run_explain(options);
    case Command::none:
      break;
  }
  return ExitCode::failed;
}

ExitCode start(const std::vector<std::string>& arguments) {
  install_signal_handlers();
  const auto parsed = parse_command_line(arguments);
  if (!parsed) return report_error({}, parsed.error());
  if (const auto* wanted = std::get_if<TextWanted>(&*parsed)) {
    Output out;
    return finish_output({}, out, out.write(wanted->text));
  }
  return run(std::get<Options>(*parsed));
}

}  // namespace
}  // namespace tocsin::cli

int main(int argc, char** argv) {
  return static_cast<int>(tocsin::cli::start(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc)));
}
