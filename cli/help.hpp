// Help, made from the tables in flags.cpp: what stands there is what the parser takes.
#pragma once

#include <string>

#include "flags.hpp"

namespace tocsin::cli {

[[nodiscard]] std::string help_text();                 // tocsin --help
[[nodiscard]] std::string help_text(Command command);  // tocsin COMMAND --help
[[nodiscard]] std::string exit_code_help();
// The flag's help as the command's own has it: parts of it (between "; ") that begin with names of commands, as in
// "metrics: …" or "search, logons: …", are for these alone.
[[nodiscard]] std::string help_of(const Flag& flag, Command command);

}  // namespace tocsin::cli
