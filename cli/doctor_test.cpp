// What the doctor says of machines that are not this one.
#include "doctor.hpp"

#include <filesystem>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/paths.hpp"

namespace tocsin::cli {
namespace {

using ::testing::HasSubstr;
using Status = Check::Status;

Machine good() {
  return {.processors = 8,
          .allowed = 8,
          .threads = 8,
          .memory = 32'000'000'000,
          .memory_free = 16'000'000'000,
          .memory_limit = 0,
          .scratch = "/tmp",
          .scratch_works = true,
          .scratch_free = 50'000'000'000,
          .kernel = "Linux 6.1.0"};
}
Check found(const std::vector<Check>& checks, std::string_view name) {
  for (const Check& check : checks) {
    if (check.name == name) return check;
  }
  ADD_FAILURE() << "no check " << name;
  return {};
}

TEST(Doctor, AGoodMachineIsSaidToBeGood) {
  for (const Check& check : check_machine(good())) {
    EXPECT_EQ(check.status, Status::ok) << check.name;
    EXPECT_EQ(check.remedy, "") << check.name;
  }
  EXPECT_EQ(found(check_machine(good()), "processors").says, "8 in the machine, 8 allowed, a scan uses 8 threads");
}

TEST(Doctor, LimitsAreWarnedOfWithARemedy) {
  Machine machine = good();
  machine.threads = 2;
  machine.memory_limit = 500'000'000;
  machine.scratch_free = 1'000'000;
  const auto checks = check_machine(machine);
  for (const Check& check : checks) {
    EXPECT_EQ(check.status, Status::warning) << check.name;
    EXPECT_FALSE(check.remedy.empty()) << check.name;
  }
  EXPECT_THAT(found(checks, "memory").says, HasSubstr("500 MB allowed by the cgroup"));
  machine.scratch_works = false;
  EXPECT_EQ(found(check_machine(machine), "scratch").status, Status::failed);
  EXPECT_EQ(found(check_machine(machine), "scratch").says, "nothing can be written in /tmp");
}

TEST(Doctor, SaysWhatOfTheSandboxIsMissing) {
  SandboxState state{.landlock = 6, .system_calls = true, .scratch = "/tmp/x", .missing = {}};
  for (const Check& check : check_sandbox(state, good())) EXPECT_EQ(check.status, Status::ok) << check.name;
  state = {.landlock = 0, .system_calls = false, .scratch = {}, .missing = {"no Landlock in this kernel"}};
  const auto none = check_sandbox(state, good());
  EXPECT_EQ(none.size(), 3U);
  for (const Check& check : none) {
    EXPECT_EQ(check.status, Status::warning) << check.name;
    EXPECT_THAT(check.remedy, HasSubstr("Linux 6.2 or newer"));
  }
  EXPECT_EQ(found(none, "files").says, "no Landlock in force on Linux 6.1.0");
  state = {.landlock = 2, .system_calls = true, .scratch = {}, .missing = {}};
  EXPECT_EQ(found(check_sandbox(state, good()), "files").status, Status::warning);
}

TEST(Doctor, LooksAtTheRulesThatAreNamed) {
  Options options;
  EXPECT_EQ(found(check_rules(options), "built in").status, Status::ok);
  options.rules.paths = {"/nowhere/at/all"};
  EXPECT_EQ(found(check_rules(options), "named").status, Status::failed);
  options.rules.paths = {(testing_support::source_dir() / "cli").string()};
  const Check empty = found(check_rules(options), "named");
  EXPECT_EQ(empty.status, Status::warning);
  EXPECT_THAT(empty.says, HasSubstr(": 0 rules"));
}

TEST(Doctor, SaysWhereCompiledRulesAreKept) {
  const auto says = [](const Options& options, const std::string& cache, const std::string& home = {}) {
    return check_rule_store(options, [&](const char* name) -> std::optional<std::string> {
      return std::string_view(name) == "HOME" ? home : std::string_view(name) == "XDG_CACHE_HOME" ? cache : "";
    });
  };
  Options options;
  EXPECT_EQ(says(options, "/nowhere/at/all").says, "/nowhere/at/all/tocsin: nothing is kept yet");
  EXPECT_EQ(says(options, "relative", "/nowhere").says, "/nowhere/.cache/tocsin: nothing is kept yet");
  EXPECT_EQ(says(options, "").status, Status::warning);
  EXPECT_THAT(says(options, "").says, HasSubstr("neither XDG_CACHE_HOME nor HOME names a folder"));
  const std::filesystem::path base = std::filesystem::temp_directory_path() / fmt::format("tocsin_doctor{}", getpid());
  std::filesystem::create_directories(base / "tocsin");
  std::filesystem::permissions(base / "tocsin", static_cast<std::filesystem::perms>(0755));
  EXPECT_EQ(says(options, base).status, Status::warning);
  EXPECT_EQ(says(options, base).remedy, "chmod 700 makes it private");
  std::filesystem::permissions(base / "tocsin", std::filesystem::perms::owner_all);
  EXPECT_THAT(says(options, base).says, HasSubstr(": 0 compiled sets"));
  options.evidence.paths = {base};
  EXPECT_THAT(says(options, base).says, HasSubstr("lies inside the evidence"));
  options.cache = false;
  EXPECT_EQ(says(options, base).status, Status::ok);
  EXPECT_EQ(says(options, base).says, "compiled rules are not kept: --no-cache was given");
  std::filesystem::remove_all(base);
}

TEST(Doctor, ShowsABrokenConfig) {
  Options options;
  options.config_error = Error{ErrorCode::malformed, "unknown key 'x'", "/c/tocsin.toml:1:1", ""};
  const Check config = found(check_surroundings(options), "config");
  EXPECT_EQ(config.status, Status::failed);
  EXPECT_EQ(config.says, "/c/tocsin.toml:1:1: unknown key 'x'");
  EXPECT_EQ(config.remedy, "correct it, or use --no-config");
}

TEST(Doctor, ThisMachineMakesSense) {
  const Machine machine = look_at_machine({});
  EXPECT_GE(machine.processors, 1U);
  EXPECT_GE(machine.threads, 1U);
  EXPECT_GT(machine.memory, machine.memory_free);
  EXPECT_THAT(machine.kernel, ::testing::StartsWith("Linux "));
}

}  // namespace
}  // namespace tocsin::cli
