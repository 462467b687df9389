// The damage campaign at full size: event logs and JSON of the corpus, and the made containers, in one process with one
// compiled set of rules.
#include <algorithm>
#include <iostream>
#include <iterator>
#include <utility>

#include <gtest/gtest.h>

#include "tests/damage/corpus_evidence.hpp"
#include "tests/damage/made_evidence.hpp"
#include "tests/support/paths.hpp"

namespace tocsin::damage {
namespace {

constexpr std::size_t kEventLogs = 20, kJson = 6;

TEST(CorpusDamage, CostsWhatItTouchesAndNoMore) {
  const auto corpus = testing_support::corpus_dir();
  if (!corpus) GTEST_SKIP() << testing_support::kNoCorpus;
  std::vector<Evidence> evidence = event_logs_of_corpus(*corpus, kEventLogs);
  ASSERT_EQ(evidence.size(), kEventLogs);
  std::vector<Evidence> json = json_of_corpus(*corpus / "windows-json", kJson);
  ASSERT_EQ(json.size(), kJson);
  auto made = made_evidence(4);
  ASSERT_TRUE(made) << made.error().place << ": " << made.error().message;
  std::ranges::move(json, std::back_inserter(evidence));
  std::ranges::move(*made, std::back_inserter(evidence));
  const sigma::CompiledSet rules = own_rules();
  const Report report = run_campaign(evidence, rules, {});
  std::cout << describe(report);
  for (const std::string& failure : report.failures) ADD_FAILURE() << failure;
  EXPECT_EQ(report.failed, 0U);
  EXPECT_GT(report.findings, 100U);
  EXPECT_GT(report.kept, report.variants);
}

}  // namespace
}  // namespace tocsin::damage
