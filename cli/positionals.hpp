// What stands alone on the command line: which word is what depends on the command. And what flags mean together.
#pragma once

#include <string>

#include "options.hpp"

namespace tocsin::cli {

// Takes Options::positionals apart; what the command itself asks for stays in it.
[[nodiscard]] Result<void> place_positionals(Options& options);
[[nodiscard]] Result<void> check_together(const Options& options);

// An error of usage: without a hint it names the help of the command.
[[nodiscard]] std::string see_help(Command command);
[[nodiscard]] std::unexpected<Error> usage(std::string message, Command command, std::string hint = {});

}  // namespace tocsin::cli
