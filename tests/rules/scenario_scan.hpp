// A scenario's evidence under the rules that are built in, for tests.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "tocsin/ruleset.hpp"
#include "tocsin/scanner.hpp"

#include "tests/makers/outputs.hpp"
#include "tests/support/paths.hpp"

namespace tocsin::makers {

class ScenarioScan : public ::testing::Test {
 protected:
  using Counts = std::map<std::string, std::uint64_t>;  // by rule file, without its ending

  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    std::string name = std::string("tocsin_") + info->test_suite_name() + "_" + info->name();
    std::ranges::replace(name, '/', '_');
    folder_ = std::filesystem::path(::testing::TempDir()) / name;
    std::filesystem::remove_all(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // Writes the evidence of tests/makers/scenarios/<name> and scans it.
  void scan_scenario(const std::string& name, bool with_story, std::optional<std::uint64_t> seed = std::nullopt) {
    const auto scenarios = testing_support::source_dir() / "tests/makers/scenarios";
    const auto catalogue = Catalogue::load(read_text_file(scenarios / "catalogue.yml").value(), "catalogue.yml");
    ASSERT_TRUE(catalogue) << catalogue.error().message;
    auto scenario = Scenario::load(read_text_file(scenarios / name).value(), name, *catalogue);
    ASSERT_TRUE(scenario) << scenario.error().message;
    if (seed) scenario->set_seed(*seed);
    ASSERT_TRUE(write_outputs(*scenario, folder_, with_story));
    auto rules = RuleSet::load({});
    ASSERT_TRUE(rules) << rules.error().message;
    ASSERT_TRUE(rules->problems().empty()) << rules->problems().front().message;
    ScanOptions options;
    options.evidence.paths = {folder_.string()};
    auto result = scan(options, *rules, nullptr);
    ASSERT_TRUE(result) << result.error().message;
    result_ = std::move(*result);
  }

  // Findings at or above a level.
  [[nodiscard]] Counts findings(Level at_least) const {
    Counts counts;
    const auto done = result_->each_finding([&](const Finding& finding) -> Result<void> {
      const RuleInfo& rule = result_->rules()[finding.rule];
      if (rule.level >= at_least) ++counts[std::filesystem::path(rule.file).stem().string()];
      return {};
    });
    EXPECT_TRUE(done);
    return counts;
  }

  std::filesystem::path folder_;
  std::unique_ptr<ScanResult> result_;
};

}  // namespace tocsin::makers
