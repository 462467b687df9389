// tocsin.toml: the user's defaults for flags, by the flags' names (docs/formats/config.md). It is looked for in the XDG
// places, never in the working folder, which may hold evidence.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "options.hpp"

namespace tocsin::cli {

struct ConfigValue {
  std::vector<std::string> values;  // as the flag would be given them; a switch that is on has one empty value
  std::string place;                // "FILE:LINE:COLUMN"
};

struct Config {
  std::string file;  // empty: there is none
  // By the flag's name ("--level"): for every command that has it, and for one command alone.
  std::map<std::string, ConfigValue, std::less<>> all;
  std::map<Command, std::map<std::string, ConfigValue, std::less<>>> by_command;

  std::vector<ColumnProfile> profiles;  // [profiles.NAME], with columns = [...]

  // What stands for this flag, the command's own section first; null where nothing does. Lives as long as the config.
  [[nodiscard]] const ConfigValue* find(Command command, std::string_view flag) const;
};

// What the command line says about it.
struct ConfigChoice {
  std::string file;   // --config
  bool none = false;  // --no-config
};
using Environment = std::function<std::optional<std::string>(const char* name)>;

// The named file, else the first that is there of $XDG_CONFIG_HOME/tocsin/tocsin.toml (~/.config without it) and
// tocsin/tocsin.toml below each folder of $XDG_CONFIG_DIRS (/etc/xdg without it); an empty one where there is none.
// An error names file, line and column; unknown keys are errors.
[[nodiscard]] Result<Config> load_config(const ConfigChoice& choice, const Environment& environment);
// `text` as if it were the file at `path`, which relative paths in it start from.
[[nodiscard]] Result<Config> parse_config(std::string_view text, const std::string& path,
                                          const Environment& environment);
[[nodiscard]] std::optional<std::string> process_environment(const char* name);

}  // namespace tocsin::cli
