// Small files that the user names: rules, log-source files, mappings, placeholder lists.
#pragma once

#include <cstddef>
#include <string>

#include "tocsin/result.hpp"

namespace tocsin::base {

constexpr std::size_t kMaxSettingsFile = std::size_t{64} << 20;

// The whole file; one over `limit` bytes is refused after that many were read. `what` names its kind in messages
// ("log-source file"). Errors: not_found, permission, invalid_argument (a folder), limit, io; `place` is the path.
[[nodiscard]] Result<std::string> read_file(const std::string& path, const std::string& what,
                                            std::size_t limit = kMaxSettingsFile);

}  // namespace tocsin::base
