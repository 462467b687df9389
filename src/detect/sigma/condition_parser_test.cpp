#include "detect/sigma/condition_parser.hpp"

#include <gtest/gtest.h>

#include "detect/sigma/rule_bench.hpp"

namespace tocsin::sigma {
namespace {

// Selections a, b, c, x_1, x_2, _x_3: each true where the event has the field of its name.
bool holds(std::string_view condition, std::string_view have) {
  std::string detection;
  for (const std::string_view name : {"a", "b", "c", "x_1", "x_2", "_x_3"}) {
    detection += std::string(name) + ":\n    " + std::string(name) + "|exists: true\n";
  }
  detection += "condition: " + std::string(condition);
  testing::Fields fields;
  while (!have.empty()) {
    const std::size_t end = std::min(have.find(' '), have.size());
    fields.push_back(testing::text(std::string(have.substr(0, end)), "1"));
    have.remove_prefix(std::min(end + 1, have.size()));
  }
  const testing::Outcome outcome = testing::judge(detection, std::move(fields));
  EXPECT_TRUE(outcome.compiled) << condition << ": " << outcome.problem;
  return outcome.matched;
}

TEST(Condition, BindsOrLessThanAndLessThanNot) {
  EXPECT_TRUE(holds("a or b and c", "a"));
  EXPECT_FALSE(holds("(a or b) and c", "a"));
  EXPECT_TRUE(holds("not a or b", "b a"));
  EXPECT_FALSE(holds("not (a or b)", "b"));
  EXPECT_FALSE(holds("not a and not b", "b"));
  EXPECT_TRUE(holds("not not a", "a"));
  EXPECT_TRUE(holds("a AND NOT b OR c", "c"));
  EXPECT_FALSE(holds("a and b and c", "a c"));
  EXPECT_TRUE(holds("((a))", "a"));
  EXPECT_TRUE(holds("a and (b or (c and not x_1))", "a c"));
}

TEST(Condition, Counts) {
  EXPECT_TRUE(holds("1 of x_*", "x_2"));
  EXPECT_FALSE(holds("1 of x_*", "_x_3"));
  EXPECT_TRUE(holds("all of x_*", "x_1 x_2"));
  EXPECT_FALSE(holds("all of x_*", "x_2"));
  EXPECT_TRUE(holds("any of x_*", "x_1"));
  EXPECT_TRUE(holds("1 of _*", "_x_3"));
  EXPECT_TRUE(holds("1 of *_2", "x_2"));
  EXPECT_TRUE(holds("1 of x*1", "x_1"));
  EXPECT_TRUE(holds("all of them", "a b c x_1 x_2"));
  EXPECT_FALSE(holds("1 of them", "_x_3"));
  EXPECT_TRUE(holds("2 of them", "a x_2"));
  EXPECT_FALSE(holds("2 of them", "a"));
  EXPECT_TRUE(holds("3 of them and not b", "a c x_1"));
  EXPECT_FALSE(holds("not 2 of them", "a c"));
  EXPECT_TRUE(holds("1 of x_* and not 1 of a*", "x_1"));
  EXPECT_TRUE(holds("1 Of THEM", "a"));
  EXPECT_TRUE(holds("all of a", "a"));
}

TEST(Condition, ListIsJoinedByOr) {
  const std::string_view rule = "s: {F: x}\nt: {F: y}\ncondition:\n    - s\n    - t";
  EXPECT_TRUE(testing::judge(rule, {testing::text("F", "x")}).matched);
  EXPECT_TRUE(testing::judge(rule, {testing::text("F", "y")}).matched);
  EXPECT_FALSE(testing::judge(rule, {testing::text("F", "z")}).matched);
}

std::vector<ConditionProblem> problems(std::string_view text) {
  constexpr std::string_view kSelections[] = {"selection", "filter_main", "filter_optional"};
  std::vector<ConditionNode> nodes;
  std::vector<ConditionProblem> found;
  EXPECT_FALSE(parse_condition(text, kSelections, nodes, found)) << text;
  EXPECT_EQ(found.size(), 1U) << text;
  if (found.empty()) found.emplace_back();
  return found;
}

TEST(Condition, SaysWhatIsWrongAndWhere) {
  const auto place = [](std::string_view text) {
    const ConditionProblem problem = problems(text).front();
    return std::pair(std::string(text.substr(problem.begin, problem.end - problem.begin)), std::string(problem.code));
  };
  using Place = std::pair<std::string, std::string>;
  EXPECT_EQ(place("selecton"), Place("selecton", "S041"));
  EXPECT_EQ(problems("selecton").front().help, "did you mean `selection`?");
  EXPECT_EQ(place("selection and"), Place("and", "S040"));
  EXPECT_EQ(place("and selection"), Place("and", "S040"));
  EXPECT_EQ(place("selection selection"), Place("selection", "S040"));
  EXPECT_EQ(place("(selection"), Place("(", "S040"));
  EXPECT_EQ(place("selection)"), Place(")", "S040"));
  EXPECT_EQ(place("()"), Place(")", "S040"));
  EXPECT_EQ(place("1 of nothing*"), Place("nothing*", "S042"));
  EXPECT_EQ(place("0 of them"), Place("0", "S045"));
  EXPECT_EQ(place("some of them"), Place("some", "S045"));
  EXPECT_EQ(place("1 of"), Place("1 of", "S040"));
  EXPECT_EQ(place("filter_*"), Place("filter_*", "S041"));
  EXPECT_EQ(place("selection && filter_main"), Place("&&", "S040"));
  EXPECT_EQ(place(""), Place("", "S040"));
}

TEST(Condition, HasBudgets) {
  std::string deep = std::string(5000, '(') + "selection" + std::string(5000, ')');
  EXPECT_EQ(problems(deep).front().code, "S044");
  EXPECT_EQ(problems(std::string(1'000'000, '(') + "selection").front().code, "S044");
  std::string nots;
  for (int i = 0; i < 1000; ++i) nots += "not ";
  EXPECT_EQ(problems(nots + "selection").front().code, "S044");
  EXPECT_EQ(problems(std::string(kMaxConditionLength + 1, 'x')).front().code, "S044");
}

}  // namespace
}  // namespace tocsin::sigma
