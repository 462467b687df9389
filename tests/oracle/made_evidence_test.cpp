// The engine against the oracle on evidence that the repository makes itself, read as a scan reads it, with the rules
// that are built in. The corpus tests do the same with far more of both.
#include <filesystem>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/builtin_files.hpp"
#include "tests/makers/outputs.hpp"
#include "tests/oracle/compare.hpp"
#include "tests/oracle/evidence_events.hpp"
#include "tests/support/paths.hpp"

namespace tocsin::oracle {
namespace {

// One event in so many, and all in which the engine finds something: this runs with sanitizers too.
constexpr std::uint64_t kSample = 8;

std::vector<sigma::Rule> builtin_rules() {
  std::vector<sigma::Rule> rules;
  for (const base::BuiltinFile& file : base::builtin_files()) {
    if (!file.name.starts_with("windows/")) continue;
    sigma::ParsedFile parsed = sigma::parse_rules(file.text, std::string(file.name), "");
    for (sigma::Rule& rule : parsed.rules) rules.push_back(std::move(rule));
  }
  return rules;
}

Result<void> write_evidence(const std::filesystem::path& folder) {
  const auto scenarios = testing_support::source_dir() / "tests/makers/scenarios";
  TOCSIN_TRY(const std::string words, makers::read_text_file(scenarios / "catalogue.yml"));
  TOCSIN_TRY(const auto catalogue, makers::Catalogue::load(words, "catalogue.yml"));
  TOCSIN_TRY(const std::string story, makers::read_text_file(scenarios / "university.yml"));
  TOCSIN_TRY(const auto scenario, makers::Scenario::load(story, "university.yml", catalogue));
  TOCSIN_TRY(const auto written, makers::write_outputs(scenario, folder));
  return written.empty() ? fail(ErrorCode::not_found, "the scenario has no outputs") : Result<void>();
}

struct Report {
  std::mutex mutex;
  std::uint64_t events = 0, findings = 0;
  std::vector<std::string> differences;
};

class Comparer final : public EventJudge {
 public:
  Comparer(const RulePair& pair, Report& report) : comparison_(pair), report_(report) {}
  Comparer(const Comparer&) = delete;
  Comparer& operator=(const Comparer&) = delete;
  ~Comparer() override {
    const std::scoped_lock lock(report_.mutex);
    report_.events += events_;
    report_.findings += comparison_.findings();
    report_.differences.insert(report_.differences.end(), differences_.begin(), differences_.end());
  }
  void on_event(const model::Event& event, const std::string& source, std::uint64_t /*unit*/,
                std::uint64_t /*number*/) override {
    if (events_++ % kSample != 0 && !comparison_.engine_finds(event)) return;
    for (const bool assembled : {false, true}) {
      for (const std::string& difference : comparison_.differences(event, assembled)) {
        std::string& text = differences_.emplace_back(source);
        text += '\n';
        text += difference;
      }
    }
  }

 private:
  Comparison comparison_;
  Report& report_;
  std::uint64_t events_ = 0;
  std::vector<std::string> differences_;
};

TEST(MadeEvidence, EngineAndOracleAgree) {
  const auto folder = std::filesystem::path(::testing::TempDir()) / "tocsin_oracle_made_evidence";
  std::filesystem::remove_all(folder);
  const auto written = write_evidence(folder);
  ASSERT_TRUE(written) << written.error().message;
  const RulePair pair(builtin_rules());
  ASSERT_FALSE(pair.rules().empty());
  EXPECT_EQ(pair.compiled().rejected(), 0U);
  EXPECT_TRUE(pair.beyond_the_oracle().empty());
  Report report;
  ReadEvidence options;
  options.paths = {folder.string()};
  options.read.fields = &pair.compiled().fields();
  const auto failed = read_events(options, [&] { return std::make_unique<Comparer>(pair, report); });
  std::filesystem::remove_all(folder);
  EXPECT_TRUE(failed.empty());
  EXPECT_GT(report.events, 1000U);
  EXPECT_GT(report.findings, 15U);  // the scenario is one break-in, however many rules there are
  for (const std::string& difference : report.differences) ADD_FAILURE() << difference;
}

}  // namespace
}  // namespace tocsin::oracle
