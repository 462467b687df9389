// Kilobytes of this process, as /proc/self/status has them ("VmRSS", "VmHWM"); 0 where the system does not tell.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

namespace tocsin::testing {

inline std::uint64_t status_kilobytes(std::string_view name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name)) return std::stoull(line.substr(name.size() + 1));
  }
  return 0;
}

}  // namespace tocsin::testing
