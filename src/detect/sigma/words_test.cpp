#include "detect/sigma/words.hpp"

#include <gmock/gmock.h>

#include "detect/sigma/rule_bench.hpp"

namespace tocsin::sigma {
namespace {

using ::testing::ElementsAre;

RuleWords words_of(std::string_view detection) {
  const testing::Compiled compiled = testing::compile(testing::rule_text(detection));
  EXPECT_FALSE(compiled.set.rules().empty());
  return rule_in_words(compiled.set, 0);
}

TEST(Words, LinesOfASelection) {
  EXPECT_EQ(item_in_words("CommandLine|contains", {"a", "b", "c"}),
            "the command line (CommandLine) contains \"a\", \"b\" or \"c\"");
  EXPECT_EQ(item_in_words("CommandLine|contains|all", {"a", "b"}),
            "the command line (CommandLine) contains all of \"a\" and \"b\"");
  EXPECT_EQ(item_in_words("Image|endswith", {"\\cmd.exe"}), "the program (Image) ends with \"\\cmd.exe\"");
  EXPECT_EQ(item_in_words("Odd", {"x*"}), "Odd is, with * for any text, \"x*\"");
  EXPECT_EQ(item_in_words("Odd", {""}), "Odd is empty");
  EXPECT_EQ(item_in_words("Odd|exists", {"false"}), "Odd is not in the event");
  EXPECT_EQ(item_in_words("Odd|re", {"a+"}), "Odd matches the expression \"a+\"");
  EXPECT_EQ(item_in_words("Odd|cidr", {"10.0.0.0/8"}), "Odd lies in the network \"10.0.0.0/8\"");
  EXPECT_EQ(item_in_words("Odd|gte", {"5"}), "Odd is at least \"5\"");
  EXPECT_EQ(item_in_words("Odd|neq", {"5"}), "Odd is not \"5\"");
  EXPECT_EQ(item_in_words("Odd|contains|cased", {"A"}), "Odd contains \"A\" (case counts)");
  EXPECT_EQ(item_in_words("Odd|base64offset|contains", {"A"}), "Odd contains \"A\" in base64");
  EXPECT_EQ(item_in_words("", {"x", "y"}), "any value of the event contains \"x\" or \"y\"");
  EXPECT_EQ(item_in_words("|all", {"x", "y"}), "any value of the event contains all of \"x\" and \"y\"");
}

TEST(Words, ConditionsAndParts) {
  const RuleWords words = words_of(
      "a:\n  - Image: x\n    User: y\n  - Image: z\nb_1: {Image: p}\nb_2: {Image: q}\n"
      "condition: a and not 1 of b_*");
  EXPECT_EQ(words.condition, "a and not (b_1 or b_2)");
  ASSERT_EQ(words.parts.size(), 3U);
  ASSERT_EQ(words.parts[0].ways.size(), 2U);
  EXPECT_THAT(words.parts[0].ways[0], ElementsAre("the program (Image) is \"x\"", "the user (User) is \"y\""));
  EXPECT_EQ(words_of("a: {Image: x}\nb: {Image: y}\nc: {Image: z}\ncondition: (a or b) and c").condition,
            "(a or b) and c");
  EXPECT_EQ(words_of("a_1: {Image: x}\na_2: {Image: y}\ncondition: all of a_*").condition, "a_1 and a_2");
}

TEST(Words, LogsSayWhereTheRuleLooks) {
  const RuleWords words = words_of("a: {Image: x}\ncondition: a");
  ASSERT_EQ(words.logs.size(), 4U);
  EXPECT_EQ(words.logs[0].name, "plain");
  EXPECT_THAT(words.logs[0].channels, ElementsAre("Test"));
  EXPECT_THAT(words.logs[0].event_ids, ElementsAre(1));
  EXPECT_THAT(words.logs[2].notes,
              ElementsAre("only where the kind of change (EventType) is \"CreateKey\" or \"DeleteKey\""));
}

}  // namespace
}  // namespace tocsin::sigma
