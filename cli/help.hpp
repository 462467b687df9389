// Help, made from the tables in flags.cpp: what stands there is what the parser takes.
#pragma once

#include <string>

#include "options.hpp"

namespace tocsin::cli {

[[nodiscard]] std::string help_text();                 // tocsin --help
[[nodiscard]] std::string help_text(Command command);  // tocsin COMMAND --help
[[nodiscard]] std::string exit_code_help();

}  // namespace tocsin::cli
