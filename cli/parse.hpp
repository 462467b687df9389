// From argv to Options, by the table in flags.cpp. Pure: prints nothing, and opens nothing but through the loader.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "config.hpp"
#include "options.hpp"

namespace tocsin::cli {

// Something to print on standard output and be done: --help, --version.
struct TextWanted {
  std::string text;
};

// Gives the config file's content; see load_config().
using ConfigLoader = std::function<Result<Config>(const ConfigChoice& choice)>;

// `arguments` without the program's name. An error is one of usage (exit code 2). Flags that were not given take
// what the config says, where there is a loader.
[[nodiscard]] Result<std::variant<Options, TextWanted>> parse_command_line(const std::vector<std::string>& arguments,
                                                                           const ConfigLoader& loader = {});

}  // namespace tocsin::cli
