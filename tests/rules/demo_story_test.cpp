// The demo's evidence under the rules that are built in: exactly the story is found, and nothing that alarms in the
// noise around it; damage and gaps are named.
#include <filesystem>
#include <map>
#include <set>

#include <gmock/gmock.h>

#include "tests/rules/scenario_scan.hpp"

namespace tocsin::makers {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class DemoStory : public ScenarioScan {
 protected:
  void scan_demo(bool with_story) { scan_scenario("university.yml", with_story); }
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
