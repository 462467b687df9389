// The `enable` list of a log-source file (docs/formats/logsources.md, "Enable"). Pure; problems say line and column.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tocsin/finding.hpp"

#include "detect/sigma/log_source_yaml.hpp"

namespace tocsin::sigma {

// Of a file's `logs`.
struct Log {
  std::vector<std::string> channels, providers;
};
using LogsByName = std::map<std::string, Log>;

// The settings that are right; whatever is wrong becomes a problem (L002 to L005, L007) and is left out.
[[nodiscard]] std::vector<Setting> parse_settings(const base::YamlDocument& document, std::uint32_t list,
                                                  const std::string& product, const LogsByName& logs,
                                                  const YamlReport& report);

}  // namespace tocsin::sigma
