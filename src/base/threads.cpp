#include "base/threads.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace tocsin::base {
namespace {

constexpr std::size_t kMaxCpus = std::size_t{1} << 20;  // the kernel stops at 8,192 (NR_CPUS)

int ask_kernel(std::size_t bytes, cpu_set_t* set) {
  return ::sched_getaffinity(0, bytes, set) == 0 ? 0 : errno;
}

std::string first_line(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

unsigned ratio(std::uint64_t quota, std::uint64_t period) {
  return period == 0 ? 0 : static_cast<unsigned>((quota + period - 1) / period);
}

// cgroup v1 has the two numbers in files of their own; a quota of -1 is none.
unsigned v1_threads() {
  const std::string quota = first_line("/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
  const std::string period = first_line("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
  return quota.empty() || period.empty() ? 0 : quota_threads(quota + " " + period);
}

}  // namespace

unsigned quota_threads(std::string_view cpu_max) {
  std::uint64_t quota = 0, period = 0;
  const std::size_t blank = cpu_max.find(' ');
  if (blank == std::string_view::npos) return 0;
  const char* const begin = cpu_max.data();  // NOLINT(bugprone-suspicious-stringview-data-usage): ends are given below
  const char* const end = begin + cpu_max.size();
  if (std::from_chars(begin, begin + blank, quota).ec != std::errc()) return 0;
  if (std::from_chars(begin + blank + 1, end, period).ec != std::errc()) return 0;
  return ratio(quota, period);
}

unsigned affinity_threads(const std::function<int(std::size_t, cpu_set_t*)>& ask) {
  for (std::size_t cpus = CPU_SETSIZE; cpus <= kMaxCpus; cpus *= 2) {
    std::vector<cpu_set_t> sets(cpus / CPU_SETSIZE);
    const std::size_t bytes = sets.size() * sizeof(cpu_set_t);
    const int error = ask(bytes, sets.data());
    if (error == 0) return static_cast<unsigned>(std::max(1, CPU_COUNT_S(bytes, sets.data())));
    if (error != EINVAL) break;
  }
  return std::max(1U, std::thread::hardware_concurrency());
}

unsigned default_threads() {
  const unsigned allowed = affinity_threads(ask_kernel);
  unsigned quota = quota_threads(first_line("/sys/fs/cgroup/cpu.max"));
  if (quota == 0) quota = v1_threads();
  return quota == 0 ? allowed : std::min(allowed, quota);
}

}  // namespace tocsin::base
