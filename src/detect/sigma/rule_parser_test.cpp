#include <gtest/gtest.h>

#include "detect/sigma/rule_bench.hpp"
#include "detect/sigma/suggest.hpp"

namespace tocsin::sigma {
namespace {

ParsedFile parse(std::string_view text) {
  return parse_rules(text, "a.yml", std::string(64, '0'));
}

TEST(RuleParser, ReadsWhatARuleSaysOfItself) {
  const ParsedFile file = parse(
      "# a comment\ntitle: '  A title  '\nid: 11111111-2222-4333-8444-555555555555\nname: my_rule\nstatus: stable\n"
      "description: |\n    Two\n    lines\nlicense: DRL-1.1\nauthor: Someone, Else\nreferences:\n    - https://a\n"
      "date: 2024-01-02\nmodified: 2024-02-03\nlogsource:\n    product: windows\n    service: security\n"
      "    definition: turn it on\ndetection:\n    s:\n        EventID: 1\n    condition: s\nfields:\n    - A\n"
      "falsepositives:\n    - Unknown\nlevel: high\ntags:\n    - attack.execution\n    - attack.t1059.001\n"
      "    - attack.T1003\n    - attack.t1059.001\n    - cve.2024-1\ncustom:\n    kept: true\nnext:\n    - The "
      "log-ons\n    - ' The parent '\n");
  ASSERT_EQ(file.rules.size(), 1U);
  EXPECT_TRUE(file.problems.empty());
  const RuleInfo& info = file.rules[0].info;
  EXPECT_EQ(info.title, "A title");
  EXPECT_EQ(info.id, "11111111-2222-4333-8444-555555555555");
  EXPECT_EQ(info.name, "my_rule");
  EXPECT_EQ(info.status, RuleStatus::stable);
  EXPECT_EQ(info.description, "Two\nlines");
  EXPECT_EQ(info.license, "DRL-1.1");
  EXPECT_EQ(info.author, "Someone, Else");
  EXPECT_EQ(info.date, "2024-01-02");
  EXPECT_EQ(info.modified, "2024-02-03");
  EXPECT_EQ(info.level, Level::high);
  EXPECT_EQ(info.line, 2U);
  EXPECT_EQ(info.logsource, (LogSource{"windows", "", "security", "turn it on"}));
  EXPECT_EQ(info.techniques, (std::vector<std::string>{"T1059.001", "T1003"}));
  EXPECT_EQ(info.tags.size(), 5U);
  EXPECT_EQ(info.condition, "s");
  EXPECT_EQ(info.next, (std::vector<std::string>{"The log-ons", "The parent"}));
}

// The key is not Sigma's: elsewhere it may mean anything, and rejects no rule.
TEST(RuleParser, TakesWhatItCanOfAKeyThatIsNotSigmas) {
  const std::string rule = "title: A\nlogsource: {product: x}\ndetection: {s: {A: b}, condition: s}\nnext: ";
  EXPECT_EQ(parse(rule + "The log-ons").rules.at(0).info.next, std::vector<std::string>{"The log-ons"});
  for (const char* other : {"{a: b}", "[[a], {b: c}, null]", "null"}) {
    const ParsedFile file = parse(rule + other);
    EXPECT_TRUE(file.problems.empty()) << other;
    EXPECT_TRUE(file.rules.at(0).info.next.empty()) << other;
  }
}

TEST(RuleParser, GivesARuleWithoutIdTheHashOfItsText) {
  const std::string one = "title: A\nlogsource: {product: x}\ndetection: {s: {A: b}, condition: s}\n";
  const ParsedFile file = parse(one + "---\n" + one + "---\ntitle: B" + one.substr(8));
  ASSERT_EQ(file.rules.size(), 3U);
  EXPECT_TRUE(file.rules[0].info.id.starts_with("sha256:"));
  EXPECT_EQ(file.rules[0].info.id.size(), 7U + 32U);
  EXPECT_NE(file.rules[0].info.id, file.rules[2].info.id);
  EXPECT_EQ(file.rules[0].info.level, Level::informational);
  EXPECT_EQ(file.rules[0].info.status, RuleStatus::unknown);
}

TEST(RuleParser, ReadsSelectionsOfEveryForm) {
  const ParsedFile file =
      parse(testing::rule_text("map:\n    A B|contains|all: [x, 1, true, null]\n    C: 2.5\n"
                               "maps:\n    - A: 1\n    - B: 2\n"
                               "keywords: [one, 2]\nkeyword: alone\nmixed:\n    - k1\n    - A: 1\n    - k2\n"
                               "condition: 1 of them"));
  ASSERT_EQ(file.rules.size(), 0U);  // null has no text to be contained
  const ParsedFile good =
      parse(testing::rule_text("map:\n    A B|CONTAINS|all: [x, 1, true]\n    C: 2.5\n"
                               "maps:\n    - A: 1\n    - B: 2\n"
                               "keywords: [one, 2]\nkeyword: alone\nmixed:\n    - k1\n    - A: 1\n    - k2\n"
                               "condition: 1 of them"));
  ASSERT_EQ(good.rules.size(), 1U);
  const std::vector<Selection>& all = good.rules[0].selections;
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[0].alternatives.size(), 1U);
  const FieldItem& item = all[0].alternatives[0][0];
  EXPECT_EQ(item.field, "AB");
  EXPECT_EQ(item.key, "A B|CONTAINS|all");
  EXPECT_EQ(item.modifiers, (std::vector<std::string>{"contains", "all"}));
  EXPECT_EQ(item.values[1].kind, RuleValue::Kind::integer);
  EXPECT_EQ(item.values[2].kind, RuleValue::Kind::boolean);
  EXPECT_EQ(all[0].alternatives[0][1].values[0].kind, RuleValue::Kind::real);
  EXPECT_EQ(all[1].alternatives.size(), 2U);
  EXPECT_EQ(all[2].alternatives.size(), 1U);
  EXPECT_EQ(all[2].alternatives[0][0].values.size(), 2U);
  EXPECT_EQ(all[3].alternatives[0][0].field, "");
  EXPECT_EQ(all[4].alternatives.size(), 3U);
}

TEST(RuleParser, PutsCollectionsOfVersionOneTogether) {
  const ParsedFile file = parse(
      "action: global\ntitle: Shared\nlevel: low\nlogsource:\n    product: windows\ndetection:\n    condition: s\n---\n"
      "id: a\nlogsource:\n    service: security\ndetection:\n    s: {EventID: 1}\n---\n"
      "id: b\nlogsource:\n    service: sysmon\nlevel: high\ndetection:\n    s: {EventID: 2}\n---\n"
      "action: repeat\nid: c\ndetection:\n    s: {EventID: 3}\n---\n"
      "action: reset\n---\n"
      "title: Alone\nid: d\nlogsource: {product: linux}\ndetection: {s: {A: b}, condition: s}\n");
  ASSERT_EQ(file.rules.size(), 4U) << (file.problems.empty() ? "" : file.problems[0].message);
  EXPECT_EQ(file.rules[0].info.title, "Shared");
  EXPECT_EQ(file.rules[0].info.logsource.service, "security");
  EXPECT_EQ(file.rules[0].info.logsource.product, "windows");
  EXPECT_EQ(file.rules[0].info.level, Level::low);
  EXPECT_EQ(file.rules[1].info.level, Level::high);
  EXPECT_EQ(file.rules[2].info.id, "c");
  EXPECT_EQ(file.rules[2].info.logsource.service, "sysmon");
  EXPECT_EQ(file.rules[2].selections[0].alternatives[0][0].values[0].text, "3");
  EXPECT_EQ(file.rules[3].info.level, Level::informational);
  EXPECT_EQ(file.rejected, 0U);
}

TEST(RuleParser, TakesAByteOrderMarkAndWindowsLineBreaks) {
  std::string text = "\xEF\xBB\xBF";
  for (const char c : testing::rule_text("s:\n    A: b\ncondition: s"))
    text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(parse(text).rules.size(), 1U);
}

TEST(RuleParser, LeavesOtherYamlAlone) {
  const ParsedFile file =
      parse("title: A document\nauthors: [a]\n---\n- 1\n---\nkey: 1\nkey: 2\n---\naction: deploy\n");
  EXPECT_TRUE(file.rules.empty());
  EXPECT_TRUE(file.problems.empty());
  EXPECT_EQ(file.not_rules, 4U);
  EXPECT_EQ(parse("").not_rules, 0U);
}

TEST(Suggest, FindsSlipsAndNothingElse) {
  constexpr std::string_view kKnown[] = {"contains", "endswith", "re", "cidr"};
  EXPECT_EQ(nearest_word("contians", kKnown), "contains");
  EXPECT_EQ(nearest_word("EndsWith", kKnown), "endswith");
  EXPECT_EQ(nearest_word("endwith", kKnown), "endswith");
  EXPECT_EQ(nearest_word("xyz", kKnown), "");
  EXPECT_EQ(edit_distance("ab", "ba"), 1U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

}  // namespace
}  // namespace tocsin::sigma
