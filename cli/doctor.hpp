// What could stand in the way: the build, the machine, the sandbox, rules, config and terminal, each with the remedy.
#pragma once

#include <vector>

#include "config.hpp"
#include "options.hpp"
#include "sandbox.hpp"

namespace tocsin::cli {

// The facts that decide, so that tests can give others.
struct Machine {
  unsigned processors = 0, allowed = 0;                         // of the machine; in the affinity mask
  unsigned threads = 0;                                         // what a scan would use
  std::uint64_t memory = 0, memory_free = 0, memory_limit = 0;  // bytes; the limit is the cgroup's, 0: none
  std::string scratch;                                          // the temporary folder
  bool scratch_works = false;
  std::uint64_t scratch_free = 0;
  std::string kernel;  // "Linux 6.1.0"
};
[[nodiscard]] Machine look_at_machine(const SandboxState& sandbox);

[[nodiscard]] std::vector<Check> check_build();
[[nodiscard]] std::vector<Check> check_machine(const Machine& machine);
[[nodiscard]] std::vector<Check> check_sandbox(const SandboxState& sandbox, const Machine& machine);
[[nodiscard]] std::vector<Check> check_rules(const Options& options);
[[nodiscard]] Check check_rule_store(const Options& options, const Environment& environment);
[[nodiscard]] std::vector<Check> check_surroundings(const Options& options);  // config, terminal

}  // namespace tocsin::cli
