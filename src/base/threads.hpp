// How many threads to use when nobody says: what the affinity mask and the cgroup's CPU quota allow, at least 1.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include <sched.h>

namespace tocsin::base {

[[nodiscard]] unsigned default_threads();
// CPUs that a cgroup v2 `cpu.max` line ("200000 100000", "max 100000") allows, rounded up; 0: no limit.
[[nodiscard]] unsigned quota_threads(std::string_view cpu_max);
// CPUs in the affinity mask that `ask` gives, at least 1. `ask` fills a set of so many bytes and returns 0, or an
// errno: EINVAL where the kernel's mask needs a larger set, which is then tried.
[[nodiscard]] unsigned affinity_threads(const std::function<int(std::size_t, cpu_set_t*)>& ask);

}  // namespace tocsin::base
