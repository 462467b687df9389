// The damage campaign on evidence that the repository makes itself: small, so that it runs with sanitizers too. The
// corpus' own files are in corpus_damage_test.cpp.
#include <iostream>

#include <gtest/gtest.h>

#include "tests/damage/made_evidence.hpp"

namespace tocsin::damage {
namespace {

#if TOCSIN_SLOWED_BY_SANITIZERS
constexpr CampaignOptions kMade{.cut_every = 16384, .changes = 40};
#else
constexpr CampaignOptions kMade{.cut_every = 4096, .changes = 300};
#endif

TEST(MadeDamage, CostsWhatItTouchesAndNoMore) {
  const auto evidence = made_evidence(4);
  ASSERT_TRUE(evidence) << evidence.error().place << ": " << evidence.error().message;
  const sigma::CompiledSet rules = own_rules();
  ASSERT_FALSE(rules.rules().empty());
  const Report report = run_campaign(*evidence, rules, kMade);
  std::cout << describe(report);
  for (const std::string& failure : report.failures) ADD_FAILURE() << failure;
  EXPECT_EQ(report.failed, 0U);
  EXPECT_GT(report.findings, 100U);
  EXPECT_GT(report.kept, report.variants);
}

}  // namespace
}  // namespace tocsin::damage
