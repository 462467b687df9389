// The sandbox around everything that reads evidence: entered once, when the output is open and before the first thread
// is started (decision 0015). What the kernel lacks is left out and said in the state, never a reason to stop.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "caretaker.hpp"
#include "output_file.hpp"

namespace tocsin::cli {

struct SandboxState {
  int landlock = 0;                  // the version in force; 0: none
  bool system_calls = false;         // seccomp in force
  std::string scratch;               // the private temporary folder; empty: none
  std::vector<std::string> missing;  // why something is not in force, and what is not kept out for it
};
// One sentence of what is in force, and one for each thing that is not.
[[nodiscard]] std::vector<std::string> describe(const SandboxState& state);

// False in builds with a sanitizer, which needs what the sandbox forbids.
[[nodiscard]] bool build_has_sandbox();

// What to use of that which the system has; tests take parts of it away.
struct SandboxLimits {
  bool on = true;
  int landlock = 6;
  bool system_calls = true;
};

class Sandbox {
 public:
  // Enters it: for good, for the whole process. `output` outlives the sandbox; it is named and cleaned up from outside.
  // Where files may be confined, TMPDIR becomes a private folder that is removed at the end.
  // `rules` is what may be kept of the rules that are loaded inside: one file, before evidence is read.
  // REQUIRES: no thread was started yet.
  Sandbox(Output& output, const SandboxLimits& limits, const Caretaker::RuleKeeping& rules = {});
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;
  [[nodiscard]] const SandboxState& state() const { return state_; }
  // Has compiled rules kept from outside (RuleCache::keep); empty where they can be written from inside. For as long as
  // the sandbox lives.
  [[nodiscard]] std::function<Result<void>(std::string_view)> rule_keeper() const;

 private:
  void confine(Output& output, const SandboxLimits& limits, const Caretaker::RuleKeeping& rules);
  void forbid(const SandboxLimits& limits);
  SandboxState state_;
  Output* output_;
  std::unique_ptr<Caretaker> caretaker_;
};

}  // namespace tocsin::cli
