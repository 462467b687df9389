// How many threads to use when nobody says: what the affinity mask and the cgroup's CPU quota allow, at least 1.
#pragma once

#include <string_view>

namespace tocsin::base {

[[nodiscard]] unsigned default_threads();
// CPUs that a cgroup v2 `cpu.max` line ("200000 100000", "max 100000") allows, rounded up; 0: no limit.
[[nodiscard]] unsigned quota_threads(std::string_view cpu_max);

}  // namespace tocsin::base
