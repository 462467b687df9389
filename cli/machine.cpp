// What Linux says about the machine and its limits.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <sched.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "doctor.hpp"

namespace tocsin::cli {
namespace {

// A number behind `name` in a file of "Name:   number kB" lines, in bytes; 0 where there is none.
std::uint64_t kilobytes(const char* path, std::string_view name) {
  std::ifstream in(path);
  for (std::string word; in >> word;) {
    std::uint64_t value = 0;
    if (word == name && in >> value) return value * 1024;
  }
  return 0;
}

// The smallest limit that holds for this process: that of its cgroup (v2) or one above it.
std::uint64_t memory_limit() {
  std::uint64_t least = 0;
  const auto take = [&](const std::filesystem::path& file) {
    std::ifstream in(file);
    std::uint64_t value = 0;
    if (in >> value && value > 0 && (least == 0 || value < least)) least = value;
  };
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    if (!line.starts_with("0::/")) continue;
    std::filesystem::path group = line.substr(4);
    while (!group.empty()) {
      take("/sys/fs/cgroup" / group / "memory.max");
      group = group.parent_path();
    }
  }
  take("/sys/fs/cgroup/memory.max");
  return least;
}

std::string scratch_base(const SandboxState& sandbox) {
  if (!sandbox.scratch.empty()) return std::filesystem::path(sandbox.scratch).parent_path();
  const char* const named = std::getenv("TMPDIR");
  return named != nullptr && *named != '\0' ? named : "/tmp";
}

}  // namespace

Machine look_at_machine(const SandboxState& sandbox) {
  Machine out;
  out.processors = static_cast<unsigned>(std::max(1L, sysconf(_SC_NPROCESSORS_ONLN)));
  cpu_set_t set;
  CPU_ZERO(&set);
  // More than 1,024 processors do not fit into the set: then all are allowed, as far as this can tell.
  out.allowed = sched_getaffinity(0, sizeof set, &set) == 0 ? static_cast<unsigned>(CPU_COUNT(&set)) : out.processors;
  out.threads = usual_threads();
  out.memory = kilobytes("/proc/meminfo", "MemTotal:");
  out.memory_free = kilobytes("/proc/meminfo", "MemAvailable:");
  out.memory_limit = memory_limit();
  out.scratch = scratch_base(sandbox);
  out.scratch_works = !sandbox.scratch.empty() || access(out.scratch.c_str(), W_OK | X_OK) == 0;
  struct statvfs space{};
  if (statvfs(out.scratch.c_str(), &space) == 0) out.scratch_free = space.f_bavail * space.f_frsize;
  utsname name{};
  if (uname(&name) == 0) out.kernel = fmt::format("{} {}", name.sysname, name.release);
  return out;
}

}  // namespace tocsin::cli
