// One log-source file (format: docs/formats/logsources.md) as entries. Pure; problems say line and column.
#pragma once

#include <string_view>
#include <vector>

#include "detect/sigma/log_source.hpp"

namespace tocsin::sigma {

struct LogSourceFile {
  std::vector<LogSources::Entry> entries;
  std::vector<Setting> settings;  // `enable`
};

// What is right in it; whatever is wrong becomes a problem and is left out. Errors: L001 unreadable YAML, L002 a
// value of the wrong kind, L003 unknown key, L004 a key is missing or too much, L005 a name that is not defined in the
// file, L006 unknown conversion, L007 no event id. Warning: L008 an entry that stands twice (the first one counts).
[[nodiscard]] LogSourceFile parse_log_source_file(std::string_view name, std::string_view text,
                                                  std::vector<RuleProblem>& problems);

}  // namespace tocsin::sigma
