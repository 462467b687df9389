// The engine against the oracle: all rules on the corpus' events, the same findings, matches and spans.
//
// By default about 50,000 events, always the same: all of the event logs, each 13th of the JSON. TOCSIN_ORACLE=all
// takes every one.
#include <atomic>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "detect/sigma/loader.hpp"
#include "tests/oracle/compare.hpp"
#include "tests/oracle/evidence_events.hpp"
#include "tests/support/paths.hpp"

namespace tocsin::conformance {
namespace {

constexpr std::size_t kShown = 20;         // differences in full
constexpr std::uint64_t kJsonSample = 13;  // one event in so many

std::vector<std::string> corpus_paths(std::initializer_list<const char*> folders) {
  std::vector<std::string> paths;
  for (const char* folder : folders) {
    if (const auto path = testing_support::corpus_dir(folder)) paths.push_back(path->string());
  }
  return paths;
}

std::vector<sigma::Rule> all_rules() {
  const auto root = *testing_support::corpus_dir("sigma-rules");
  std::vector<std::string> paths;
  for (const char* folder : {"rules", "rules-emerging-threats", "rules-threat-hunting"}) {
    paths.push_back((root / folder).string());
  }
  auto loaded = sigma::load_rules(paths, {});
  EXPECT_TRUE(loaded);
  return loaded ? std::move(loaded->rules) : std::vector<sigma::Rule>();
}

// What all threads found out.
struct Report {
  std::atomic<std::uint64_t> events{0}, findings{0}, differences{0};
  std::mutex mutex;
  std::vector<std::string> shown;

  void differ(std::string text) {
    ++differences;
    const std::scoped_lock lock(mutex);
    if (shown.size() < kShown) shown.push_back(std::move(text));
  }
};

class Comparer final : public oracle::EventJudge {
 public:
  // Judges each event whose place is a multiple of `every`.
  Comparer(const oracle::RulePair& pair, std::uint64_t every, Report& report)
      : comparison_(pair), every_(every), report_(report) {}
  Comparer(const Comparer&) = delete;
  Comparer& operator=(const Comparer&) = delete;
  ~Comparer() override { report_.findings += comparison_.findings(); }

  void on_event(const model::Event& event, const std::string& source, std::uint64_t unit,
                std::uint64_t number) override {
    if ((unit + number) % every_ != 0) return;
    ++report_.events;
    for (const std::string& difference : comparison_.differences(event)) {
      const Place& place = event.head().place;
      report_.differ(fmt::format("{} record {} offset {}\n{}", source, place.record, place.offset, difference));
    }
  }

 private:
  oracle::Comparison comparison_;
  std::uint64_t every_;
  Report& report_;
};

void run(const std::vector<std::string>& paths, std::uint64_t every) {
  const oracle::RulePair pair(all_rules());
  for (const std::size_t rule : pair.beyond_the_oracle()) {
    ADD_FAILURE() << "the oracle cannot judge " << pair.rules()[rule].info.file;
  }
  Report report;
  oracle::ReadEvidence options;
  options.paths = paths;
  options.read.fields = &pair.compiled().fields();
  const auto failed = oracle::read_events(options, [&] { return std::make_unique<Comparer>(pair, every, report); });
  for (const std::string& line : failed) ADD_FAILURE() << line;
  for (const std::string& text : report.shown) ADD_FAILURE() << text;
  EXPECT_EQ(report.differences, 0U);
  EXPECT_GT(report.events, 0U);
  EXPECT_GT(report.findings, 0U);
  fmt::print("{} events, {} findings of the oracle, {} differences, {} rules\n", report.events.load(),
             report.findings.load(), report.differences.load(), pair.rules().size());
}

bool everything() {
  const char* mode = std::getenv("TOCSIN_ORACLE");
  return mode != nullptr && std::string_view(mode) == "all";
}

TEST(OracleEquality, OnEventLogs) {
  const auto paths = corpus_paths({"evtx-attack-samples", "evtx-live-samples", "sigma-regression"});
  if (paths.empty()) GTEST_SKIP() << testing_support::kNoCorpus;
  run(paths, 1);
}

TEST(OracleEquality, OnJson) {
  const auto paths = corpus_paths({"windows-json"});
  if (paths.empty()) GTEST_SKIP() << testing_support::kNoCorpus;
  run(paths, everything() ? 1 : kJsonSample);
}

}  // namespace
}  // namespace tocsin::conformance
