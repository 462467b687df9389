// From argv to Options, by the table in flags.cpp. Pure: prints nothing, opens nothing.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "options.hpp"

namespace tocsin::cli {

// Something to print on standard output and be done: --help, --version.
struct TextWanted {
  std::string text;
};

// `arguments` without the program's name. An error is one of usage (exit code 2).
[[nodiscard]] Result<std::variant<Options, TextWanted>> parse_command_line(const std::vector<std::string>& arguments);

}  // namespace tocsin::cli
