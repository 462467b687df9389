#include "doctor.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "commands.hpp"
#include "progress.hpp"
#include "rule_store.hpp"
#include "terminal.hpp"

namespace tocsin::cli {
namespace {

namespace fs = std::filesystem;
using Status = Check::Status;

constexpr std::uint64_t kLittleMemory = 1'000'000'000;  // a scan needs some hundred MB, and the system the rest
constexpr std::uint64_t kLittleScratch = 2'000'000'000;
constexpr int kGoodLandlock = 3;  // from here on it also sees truncation

Check check(Status status, std::string_view group, std::string_view name, std::string says, std::string remedy = {}) {
  return {status, std::string(group), std::string(name), std::move(says),
          status == Status::ok ? std::string() : std::move(remedy)};
}

std::string counts_of(const RuleSet& rules) {
  const RuleSet::Counts& counts = rules.counts();
  std::string out = fmt::format("{} rules", counts.loaded);
  if (counts.rejected > 0) out += fmt::format(", {} rejected", counts.rejected);
  return out;
}

Check check_rule_set(std::string_view name, const RuleSetOptions& options, const std::string& where) {
  const auto rules = RuleSet::load(options);
  if (!rules) {
    return check(Status::failed, "rules", name, fmt::format("{}: {}", where, rules.error().message),
                 "correct what --rules or the config file names");
  }
  const std::string says = fmt::format("{}: {}", where, counts_of(*rules));
  if (rules->counts().rejected > 0) {
    return check(Status::warning, "rules", name, says, "`tocsin rules check` with the same rules says why");
  }
  if (rules->counts().loaded == 0) {
    return check(Status::warning, "rules", name, says, "name a file or folder that holds Sigma rules");
  }
  return check(Status::ok, "rules", name, says);
}

// Where people put a clone of SigmaHQ's repository. Only looked at, never used without being named.
std::string sigma_near() {
  for (const char* const place : {"sigma", "../sigma", "/usr/share/sigma", "/opt/sigma", "/srv/sigma"}) {
    std::error_code ignored;
    if (fs::is_directory(fs::path(place) / "rules" / "windows", ignored)) return place;
  }
  return {};
}

}  // namespace

std::vector<Check> check_build() {
  std::vector<Check> out;
  const std::string text = version_text();
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, colon), value = line.substr(colon + 2);
    const bool slow = name == "build" && !value.starts_with("release");
    out.push_back(check(slow ? Status::warning : Status::ok, "build", name, std::string(value),
                        "this build is for tests and slow: `make build` makes the fast one"));
  }
  return out;
}

std::vector<Check> check_machine(const Machine& machine) {
  std::vector<Check> out;
  const bool fewer = machine.threads < machine.processors;
  out.push_back(check(fewer ? Status::warning : Status::ok, "machine", "processors",
                      fmt::format("{} in the machine, {} allowed, a scan uses {} threads", machine.processors,
                                  machine.allowed, machine.threads),
                      "the affinity mask or the cgroup's quota allows fewer than there are (taskset, cpu.max)"));
  std::string memory = fmt::format("{}, {} free", byte_count(machine.memory), byte_count(machine.memory_free));
  std::uint64_t usable = machine.memory_free;
  if (machine.memory_limit > 0 && machine.memory_limit < machine.memory) {
    memory += fmt::format(", {} allowed by the cgroup", byte_count(machine.memory_limit));
    usable = std::min(usable, machine.memory_limit);
  }
  out.push_back(check(usable < kLittleMemory ? Status::warning : Status::ok, "machine", "memory", memory,
                      "with less than 1 GB use fewer threads (--threads 1)"));
  if (!machine.scratch_works) {
    out.push_back(check(Status::failed, "machine", "scratch",
                        fmt::format("nothing can be written in {}", machine.scratch),
                        "let TMPDIR name a folder that you may write to"));
  } else {
    out.push_back(
        check(machine.scratch_free < kLittleScratch ? Status::warning : Status::ok, "machine", "scratch",
              fmt::format("{}, {} free", machine.scratch, byte_count(machine.scratch_free)),
              "findings that do not fit into memory go there: free some space, or let TMPDIR name another folder"));
  }
  return out;
}

std::vector<Check> check_sandbox(const SandboxState& sandbox, const Machine& machine) {
  std::vector<Check> out;
  const std::vector<std::string> lines = describe(sandbox);
  const std::string_view remedy =
      "Linux 6.2 or newer has all of it; in a container its runtime must allow the landlock_* and seccomp calls";
  const bool landlock = sandbox.landlock >= kGoodLandlock, calls = sandbox.system_calls;
  out.push_back(check(landlock ? Status::ok : Status::warning, "sandbox", "files",
                      sandbox.landlock > 0 ? lines.front() : fmt::format("no Landlock in force on {}", machine.kernel),
                      std::string(remedy)));
  out.push_back(check(calls ? Status::ok : Status::warning, "sandbox", "system calls",
                      calls ? std::string("seccomp: no network, no other programs, no look into other processes")
                            : std::string("no seccomp in force"),
                      std::string(remedy)));
  for (const std::string& missing : sandbox.missing) {
    out.push_back(check(Status::warning, "sandbox", "left out", missing, std::string(remedy)));
  }
  return out;
}

std::vector<Check> check_rules(const Options& options) {
  std::vector<Check> out;
  out.push_back(check_rule_set("built in", {}, "rules compiled into this program"));
  if (!options.rules.paths.empty()) {
    out.push_back(check_rule_set("named", options.rules, fmt::format("{}", fmt::join(options.rules.paths, ", "))));
    return out;
  }
  const std::string near = sigma_near();
  if (near.empty()) {
    out.push_back(check(Status::ok, "rules", "SigmaHQ",
                        "no clone near; `git clone https://github.com/SigmaHQ/sigma` gets about 4,000 more rules, used "
                        "with --rules sigma"));
  } else {
    out.push_back(check(Status::ok, "rules", "SigmaHQ", fmt::format("{}; used only with --rules {}", near, near)));
  }
  return out;
}

Check check_rule_store(const Options& options, const Environment& environment) {
  constexpr std::string_view kRemedy = "without it each scan compiles its rules anew, which takes half a second or so";
  const RuleStore store = rule_store(options, environment);
  if (store.folder.empty()) {
    return check(options.cache ? Status::warning : Status::ok, "rules", "cache",
                 fmt::format("compiled rules are not kept: {}", store.why_not), std::string(kRemedy));
  }
  const auto state = look_at_rule_cache(store.folder);
  if (state) {
    return check(Status::ok, "rules", "cache",
                 fmt::format("{}: {} compiled {}, {}", store.folder, state->files, state->files == 1 ? "set" : "sets",
                             byte_count(state->bytes)));
  }
  const Error& error = state.error();
  if (error.code == ErrorCode::not_found) {
    return check(Status::ok, "rules", "cache", fmt::format("{}: nothing is kept yet", store.folder));
  }
  return check(Status::warning, "rules", "cache", fmt::format("{}: {}", store.folder, error.message),
               error.hint.empty() ? std::string(kRemedy) : error.hint);
}

std::vector<Check> check_surroundings(const Options& options) {
  std::vector<Check> out;
  if (options.config_error) {
    const Error& error = *options.config_error;
    out.push_back(check(Status::failed, "surroundings", "config", fmt::format("{}: {}", error.place, error.message),
                        error.hint.empty() ? std::string("correct it, or use --no-config") : error.hint));
  } else {
    out.push_back(check(Status::ok, "surroundings", "config",
                        options.config.empty() ? std::string("no config file") : options.config));
  }
  const bool terminal = is_terminal(Stream::out);
  out.push_back(check(Status::ok, "surroundings", "terminal",
                      fmt::format("standard output is {}, colours {}",
                                  terminal ? fmt::format("a terminal of {} columns", terminal_columns(Stream::out))
                                           : std::string("no terminal"),
                                  use_colour(options, Stream::out) ? "on" : "off")));
  return out;
}

ExitCode run_doctor(const Options& options, const SandboxState& sandbox, Output& output) {
  const Machine machine = look_at_machine(sandbox);
  std::vector<Check> all = check_build();
  for (auto&& part : {check_machine(machine),
                      check_sandbox(sandbox, machine),
                      check_rules(options),
                      {check_rule_store(options, process_environment)},
                      check_surroundings(options)}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  const ExitCode code =
      finish_output(options, output, write_checks(all, report_options(options, Stream::out, false), output));
  const bool failed = std::ranges::find(all, Status::failed, &Check::status) != all.end();
  return failed ? stronger(code, ExitCode::failed) : code;
}

}  // namespace tocsin::cli
