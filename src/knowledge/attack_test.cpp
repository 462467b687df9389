#include "knowledge/attack.hpp"

#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tocsin::knowledge {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Attack, TheBuiltInTablesAreWellFormed) {
  const Attack& attack = Attack::built_in();
  EXPECT_THAT(attack.releases(), ElementsAre("18.1", "19"));
  EXPECT_EQ(attack.release_text(), "18.1 with the ids of 19");
  EXPECT_GT(attack.size(), 1000U);
}

TEST(Attack, KnowsNamesTacticsAndYears) {
  const Technique* technique = Attack::built_in().find("T1003.001");
  ASSERT_NE(technique, nullptr);
  EXPECT_EQ(technique->name, "LSASS Memory");
  EXPECT_EQ(technique->tactics, "credential-access");
  EXPECT_EQ(technique->domain, "enterprise");
  EXPECT_EQ(technique->year, 2020);
  EXPECT_EQ(Attack::built_in().find("T1398")->domain, "mobile");
  EXPECT_EQ(Attack::built_in().find("T9999"), nullptr);
  EXPECT_EQ(Attack::built_in().name("T9999"), "");
}

TEST(Attack, FollowsWhatWasMovedThroughTheReleases) {
  const Attack& attack = Attack::built_in();
  EXPECT_EQ(attack.current("T1089"), "T1685");  // through T1562.001, which release 19 revoked
  EXPECT_EQ(attack.current("T1070.001"), "T1685.005");
  EXPECT_EQ(attack.name("T1685.005"), "Clear Windows Event Logs");
  EXPECT_EQ(attack.current("T1003.001"), "T1003.001");
  EXPECT_EQ(attack.current("not an id"), "not an id");
}

TEST(Attack, LaterTacticsTakeThePlaceOfEarlierOnes) {
  ASSERT_NE(Attack::built_in().tactic("defense-impairment"), nullptr);
  EXPECT_EQ(Attack::built_in().tactic("defense-impairment")->name, "Defense Impairment");
  EXPECT_EQ(Attack::built_in().tactic("stealth")->id, "TA0005");
  EXPECT_EQ(Attack::built_in().tactic("nothing"), nullptr);
}

// Each id that took another's place is there and in force; else what it names could not be found.
TEST(Attack, EveryMoveEndsAtAnIdInForce) {
  const Attack& attack = Attack::built_in();
  for (const Technique& technique : attack.all()) {
    const Technique* now = attack.find(attack.current(technique.id));
    ASSERT_NE(now, nullptr) << technique.id;
    EXPECT_TRUE(now->now.empty()) << technique.id;
    EXPECT_TRUE(technique.now.empty() || now->state != Technique::State::revoked) << technique.id;
  }
}

TEST(Attack, EveryTacticOfATechniqueHasAName) {
  const Attack& attack = Attack::built_in();
  for (const Technique& technique : attack.all()) {
    for (std::string_view rest = technique.tactics; !rest.empty();) {
      const std::string_view one = rest.substr(0, rest.find(','));
      EXPECT_NE(attack.tactic(one), nullptr) << technique.id << " " << one;
      rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    }
  }
}

TEST(Attack, ACircleOfMovesEnds) {
  const auto attack = Attack::parse(
      {"technique\tenterprise\tT1\tone\t2020\tT2\trevoked\ntechnique\tenterprise\tT2\ttwo\t2020\tT1\trevoked\n"});
  ASSERT_TRUE(attack);
  EXPECT_THAT(attack->current("T1"), ::testing::AnyOf("T1", "T2"));
}

TEST(Attack, SaysWhichLineIsWrong) {
  for (const char* line :
       {"technique\tenterprise\tT1", "technique\tx\tT1\tname\tyear\t\tcurrent", "technique\tx\tT1\tname\t2020\t\tgone",
        "thing\tx\tT1\tname\t2020\t\tcurrent", "technique\tx\tT1\tname\t2020\t\tcurrent\tmore"}) {
    const std::string table = "# a comment\n" + std::string(line) + "\n";
    const auto attack = Attack::parse({table});
    ASSERT_FALSE(attack) << line;
    EXPECT_THAT(attack.error().message, HasSubstr("line 2: expected a tactic or technique of 7 cells")) << line;
  }
}

}  // namespace
}  // namespace tocsin::knowledge
