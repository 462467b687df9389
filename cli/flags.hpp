// The one table of flags (flags.cpp) and that of commands (command_list.cpp): the parser, `--help` and "did you mean"
// are made from it, and the tests walk it.
#pragma once

#include <span>
#include <string_view>

#include "options.hpp"

namespace tocsin::cli {

struct Flag {
  std::string_view name;   // "--rules"
  std::string_view brief;  // "-r", or empty
  std::string_view value;  // what stands for its value in --help ("DIR|FILE"); empty: a switch
  std::string_view group;  // heading in --help
  unsigned commands;       // Command values, or-ed: who has it
  bool repeatable;
  std::string_view help;
  // Takes the value ("" for a switch). The error's message says what was expected; the parser adds the flag's name.
  Result<void> (*apply)(Options& options, std::string_view value);
  std::string_view choices = {};  // where the values are a closed list: its words, for completions
};

struct CommandInfo {
  Command command;
  std::string_view name;   // "rules check"
  std::string_view usage;  // "PATH… [FLAGS]"
  std::string_view summary;
  std::string_view text;      // a paragraph for its own --help
  std::string_view examples;  // lines
};

[[nodiscard]] std::span<const Flag> flags();
[[nodiscard]] std::span<const CommandInfo> commands();
[[nodiscard]] const CommandInfo* find_command(Command command);
[[nodiscard]] constexpr bool has(const Flag& flag, Command command) {
  return (flag.commands & static_cast<unsigned>(command)) != 0;
}

// Whether the flag's value is a path, or ends with one behind "=": "FILE", "DIR|FILE", "NAME=FILE", but not "PROFILE".
[[nodiscard]] constexpr bool takes_path(const Flag& flag) {
  return flag.value == "FILE" || flag.value.ends_with("=FILE") || flag.value.find("DIR") != std::string_view::npos;
}

}  // namespace tocsin::cli
