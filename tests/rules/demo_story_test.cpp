// The demo's evidence under the rules that are built in: exactly the story is found, and nothing that alarms in the noise
// around it; damage and gaps are named.
#include <filesystem>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tocsin/ruleset.hpp"
#include "tocsin/scanner.hpp"

#include "tests/makers/outputs.hpp"
#include "tests/support/paths.hpp"

namespace tocsin::makers {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

using Counts = std::map<std::string, std::uint64_t>;

class DemoStory : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(::testing::TempDir()) / (std::string("tocsin_demo_story_") + info->name());
    std::filesystem::remove_all(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // Writes the evidence and scans it with the built-in rules.
  void scan_demo(bool with_story) {
    const auto scenarios = testing_support::source_dir() / "tests/makers/scenarios";
    const auto catalogue = Catalogue::load(read_text_file(scenarios / "catalogue.yml").value(), "catalogue.yml");
    ASSERT_TRUE(catalogue) << catalogue.error().message;
    const auto scenario =
        Scenario::load(read_text_file(scenarios / "university.yml").value(), "university.yml", *catalogue);
    ASSERT_TRUE(scenario) << scenario.error().message;
    ASSERT_TRUE(write_outputs(*scenario, folder_, with_story));
    auto rules = RuleSet::load({});
    ASSERT_TRUE(rules) << rules.error().message;
    ASSERT_THAT(rules->problems(), IsEmpty());
    ScanOptions options;
    options.evidence.paths = {folder_.string()};
    auto result = scan(options, *rules, nullptr);
    ASSERT_TRUE(result) << result.error().message;
    result_ = std::move(*result);
  }

  // Findings by rule file, only at or above a level.
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

TEST_F(DemoStory, IsFoundWholeAndNothingElse) {
  ASSERT_NO_FATAL_FAILURE(scan_demo(true));
  EXPECT_THAT(findings(Level::informational),
              ElementsAre(Pair("archive_with_password_renamed_tool", 1), Pair("autostart_in_writable_folder", 1),
                          Pair("defender_switched_off", 1), Pair("directory_database_copied", 1),
                          Pair("directory_mapped", 1), Pair("directory_replicated_by_user", 2),
                          Pair("lsass_memory_opened", 1), Pair("powershell_hidden_encoded_command", 1),
                          Pair("script_block_fetches_code", 1), Pair("script_host_connects_outside", 2),
                          Pair("security_log_cleared", 1), Pair("service_account_looks_around", 3),
                          Pair("service_in_writable_folder", 2), Pair("task_in_writable_folder", 1),
                          Pair("web_server_starts_shell", 3), Pair("web_server_writes_script", 1)));
}

TEST_F(DemoStory, HasNothingAlarmingInItsNoise) {
  ASSERT_NO_FATAL_FAILURE(scan_demo(false));
  EXPECT_GT(result_->summary().events, 20'000U);
  EXPECT_THAT(findings(Level::informational), IsEmpty());
}

TEST_F(DemoStory, NamesWhatIsDamagedAndWhatIsMissing) {
  ASSERT_NO_FATAL_FAILURE(scan_demo(true));
  std::map<std::string, std::set<std::string>> anomalies;
  const auto done = result_->each_anomaly([&](const Anomaly& anomaly) -> Result<void> {
    const std::filesystem::path path = result_->sources().at(anomaly.source).path;
    anomalies[anomaly.code].insert(path.parent_path().filename().string() + "/" + path.filename().string());
    return {};
  });
  ASSERT_TRUE(done);
  const std::string broken = "MAIL01/Microsoft-Windows-Sysmon%4Operational.evtx";
  EXPECT_THAT(anomalies,
              ElementsAre(Pair("evtx_chunk_checksum", ElementsAre(broken)),
                          Pair("evtx_file_dirty",
                               ElementsAre("DC01/Security.evtx", "FILES01/Microsoft-Windows-Sysmon%4Operational.evtx")),
                          Pair("evtx_record_frame", ElementsAre(broken))));
  std::map<std::string, std::uint64_t> missing;
  for (const SourceInfo& source : result_->sources()) {
    for (const SourceInfo::IdGap& gap : source.id_gaps) {
      missing[std::filesystem::path(source.path).parent_path().filename().string()] += gap.before_id - gap.after_id - 1;
    }
  }
  EXPECT_THAT(missing, ElementsAre(Pair("FILES01", ::testing::Gt(40U)), Pair("MAIL01", 1U)));
}

// The script block was logged in three parts; none of them alone shows what the rule looks for.
TEST_F(DemoStory, PutsTheScriptBlockTogether) {
  ASSERT_NO_FATAL_FAILURE(scan_demo(true));
  std::size_t parts = 0;
  const auto done = result_->each_finding([&](const Finding& finding) -> Result<void> {
    const RuleInfo& rule = result_->rules()[finding.rule];
    if (std::filesystem::path(rule.file).stem() == "script_block_fetches_code") parts = finding.parts.size();
    return {};
  });
  ASSERT_TRUE(done);
  EXPECT_GE(parts, 2U);
}

}  // namespace
}  // namespace tocsin::makers
