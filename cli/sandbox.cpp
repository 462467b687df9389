#include "sandbox.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>
#include <unistd.h>

#include "landlock.hpp"
#include "system_calls.hpp"

namespace tocsin::cli {
namespace {

// LeakSanitizer stops and looks into the process from a second one; the others start helpers of their own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitizer = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(leak_sanitizer)
constexpr bool kSanitizer = true;
#else
constexpr bool kSanitizer = false;
#endif
#else
constexpr bool kSanitizer = false;
#endif

// A folder that only this user can look into; empty where none can be made. Who needs it says so then.
std::string make_scratch() {
  const char* const base = std::getenv("TMPDIR");
  std::string path = std::string(base != nullptr && *base != '\0' ? base : "/tmp") + "/tocsin-XXXXXX";
  return mkdtemp(path.data()) == nullptr ? std::string() : path;
}

}  // namespace

std::vector<std::string> describe(const SandboxState& state) {
  std::vector<std::string> out;
  if (state.landlock > 0) {
    out.push_back(fmt::format(
        "Landlock version {}: nothing can be written but the output and a private temporary folder", state.landlock));
  }
  if (state.system_calls) out.emplace_back("seccomp: no network, no other programs, no look into other processes");
  out.insert(out.end(), state.missing.begin(), state.missing.end());
  return out;
}

bool build_has_sandbox() {
  return !kSanitizer;
}

Sandbox::Sandbox(Output& output, const SandboxLimits& limits, const Caretaker::RuleKeeping& rules) : output_(&output) {
  if (limits.on && build_has_sandbox()) {
    confine(output, limits, rules);
    forbid(limits);
  } else {
    state_.missing.emplace_back(limits.on ? "off: this build looks for errors of memory or threads"
                                          : "off, as --no-sandbox asks");
  }
}

void Sandbox::forbid(const SandboxLimits& limits) {
  const int error = limits.system_calls && can_forbid_system_calls() ? forbid_system_calls() : ENOSYS;
  state_.system_calls = error == 0;
  if (error != 0) {
    state_.missing.push_back(
        fmt::format("no seccomp ({}): network and programs are not refused", std::strerror(error)));
  }
}

void Sandbox::confine(Output& output, const SandboxLimits& limits, const Caretaker::RuleKeeping& rules) {
  const int version = std::min({landlock_version(), kNewestLandlock, limits.landlock});
  if (version <= 0) {
    state_.missing.emplace_back("no Landlock in this kernel: writing elsewhere is not refused");
    return;
  }
  const std::string scratch = make_scratch();
  auto caretaker = Caretaker::start({output.temporary(), output.path(), scratch, rules});
  if (!caretaker) {
    if (!scratch.empty()) remove_folder(scratch);
    state_.missing.push_back(
        fmt::format("no Landlock ({}): writing elsewhere is not refused", caretaker.error().message));
    return;
  }
  caretaker_ = std::move(*caretaker);
  output.hand_to(caretaker_.get());
  if (!scratch.empty()) setenv("TMPDIR", scratch.c_str(), 1);
  state_.scratch = scratch;
  const int error = confine_writing(version, scratch);
  if (error == 0) {
    state_.landlock = version;
    if (version < 3) state_.missing.emplace_back("Landlock before version 3: truncation by path is left to seccomp");
  } else {
    state_.missing.push_back(fmt::format("no Landlock ({}): writing elsewhere is not refused", std::strerror(error)));
  }
}

std::function<Result<void>(std::string_view)> Sandbox::rule_keeper() const {
  if (caretaker_ == nullptr) return {};
  return [caretaker = caretaker_.get()](std::string_view bytes) { return caretaker->keep_rules(bytes); };
}

Sandbox::~Sandbox() {
  if (caretaker_ != nullptr) output_->hand_to(nullptr);
}

}  // namespace tocsin::cli
