// Small files that the user names: log-source files, mappings, placeholder lists.
#pragma once

#include <string>

#include "tocsin/result.hpp"

namespace tocsin::base {

constexpr std::size_t kMaxSettingsFile = std::size_t{64} << 20;

// The whole file. `what` names its kind in messages ("log-source file").
[[nodiscard]] Result<std::string> read_file(const std::string& path, const std::string& what);

}  // namespace tocsin::base
