// The oracle is what the engine is held against, so what it says itself is written out here by hand.
#include "tests/oracle/oracle.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/owned_event.hpp"
#include "tests/oracle/glob.hpp"
#include "tests/oracle/scalar.hpp"

namespace tocsin::oracle {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string span_of(const Glob& glob, std::string_view text, bool cased = false) {
  const auto span = match(glob, Text(text), cased);
  return span ? std::to_string(span->begin) + "-" + std::to_string(span->end) : "no";
}

TEST(Glob, PlacesPartsLeftmostAndCountsBytes) {
  EXPECT_EQ(span_of(parse_glob("abc"), "ABC"), "0-3");
  EXPECT_EQ(span_of(parse_glob("abc"), "ABC", true), "no");
  EXPECT_EQ(span_of(parse_glob("abc"), "abcd"), "no");
  EXPECT_EQ(span_of(parse_glob("*b*"), "abab"), "1-2");
  EXPECT_EQ(span_of(parse_glob("*b"), "abab"), "3-4");
  EXPECT_EQ(span_of(parse_glob("a*b*c"), "a--b--b--c"), "0-10");
  EXPECT_EQ(span_of(parse_glob("*b*c*"), "a--b--c--c"), "3-7");
  EXPECT_EQ(span_of(parse_glob("*"), "abc"), "0-3");
  EXPECT_EQ(span_of(parse_glob(""), ""), "0-0");
  EXPECT_EQ(span_of(parse_glob(""), "a"), "no");
  EXPECT_EQ(span_of(parse_glob("ab*ba"), "aba"), "no");
  EXPECT_EQ(span_of(parse_glob("a?c"), "a\nc"), "0-3");
  EXPECT_EQ(span_of(parse_glob("a*c"), "a\n\nc"), "0-4");
  EXPECT_EQ(span_of(parse_glob("?"), "\xC3\xA9"), "0-2");
  EXPECT_EQ(span_of(parse_glob("*\xC3\x89*"), "caf\xC3\xA9!"), "3-5");
  EXPECT_EQ(span_of(parse_glob("?"), "\xFF"), "0-1");
}

TEST(Glob, ReadsEscapes) {
  EXPECT_EQ(span_of(parse_glob(R"(a\*b)"), "a*b"), "0-3");
  EXPECT_EQ(span_of(parse_glob(R"(a\*b)"), "axb"), "no");
  EXPECT_EQ(span_of(parse_glob(R"(a\\*)"), R"(a\x)"), "0-2");
  EXPECT_EQ(span_of(parse_glob(R"(a\\\*)"), R"(a\*)"), "0-3");
  EXPECT_EQ(span_of(parse_glob(R"(a\\\\b)"), R"(a\\b)"), "0-4");
  EXPECT_EQ(span_of(parse_glob(R"(a\\\b)"), R"(a\\b)"), "0-4");
  EXPECT_EQ(span_of(parse_glob(R"(\b\)"), R"(\b\)"), "0-3");
}

TEST(Glob, WindashStandsWhereAnOptionBegins) {
  const Glob glob = with_dashes(parse_glob(" -a-b /c"));
  EXPECT_EQ(span_of(glob, " -a-b /c"), "0-8");
  EXPECT_EQ(span_of(glob, " /a-b -c"), "0-8");
  EXPECT_EQ(span_of(glob,
                    " \xE2\x80\x93"
                    "a-b \xE2\x80\x95"
                    "c"),
            "0-12");
  EXPECT_EQ(span_of(glob, " -a/b /c"), "no");
}

TEST(Scalar, Numbers) {
  EXPECT_EQ(compare_numbers("04688", "4688"), 0);
  EXPECT_EQ(compare_numbers("-0", "0"), 0);
  EXPECT_EQ(compare_numbers("0x10", "16"), std::nullopt);
  EXPECT_EQ(compare_numbers("18446744073709551617", "18446744073709551616"), 1);
  EXPECT_EQ(compare_numbers("-5", "3"), -1);
  EXPECT_EQ(compare_numbers("-50", "-6"), -1);
  EXPECT_EQ(compare_numbers("1e2", "100"), 0);
  EXPECT_EQ(compare_numbers("", "0"), std::nullopt);
}

TEST(Scalar, Networks) {
  const auto v4 = parse_network("10.1.0.0/16");
  ASSERT_TRUE(v4);
  EXPECT_TRUE(holds(*v4, "10.1.255.3"));
  EXPECT_FALSE(holds(*v4, "10.2.0.1"));
  EXPECT_TRUE(holds(*v4, "::ffff:10.1.0.1"));
  EXPECT_FALSE(holds(*v4, "10.1.0"));
  const auto v6 = parse_network("fe80::/10");
  ASSERT_TRUE(v6);
  EXPECT_TRUE(holds(*v6, "fe80::1%12"));
  EXPECT_FALSE(holds(*v6, "10.1.0.1"));
  EXPECT_EQ(parse_network("10.0.0.0/33"), std::nullopt);
}

TEST(Scalar, EncodingsAndTimes) {
  EXPECT_EQ(base64("Ma"), "TWE=");
  EXPECT_EQ(utf16("a\xF0\x9F\x98\x80", false), std::string("a\0\x3D\xD8\x00\xDE", 6));
  EXPECT_EQ(time_part("week", "2021-01-03T10:20:30Z"), 53);
  EXPECT_EQ(time_part("week", "2018-12-31"), 1);
  EXPECT_EQ(time_part("minute", "2021-01-03T10:20:30+01:30"), 50);
  EXPECT_EQ(time_part("hour", "never"), std::nullopt);
}

sigma::FieldItem item(std::string field, std::vector<std::string> modifiers, std::vector<std::string> values) {
  sigma::FieldItem out;
  out.key = field;
  for (const std::string& modifier : modifiers) out.key += "|" + modifier;
  out.field = std::move(field);
  out.modifiers = std::move(modifiers);
  for (std::string& value : values) out.values.push_back({.text = std::move(value)});
  return out;
}

sigma::Rule process_rule() {
  sigma::Rule rule;
  rule.info.logsource = {"windows", "process_creation", "", ""};
  rule.selections.resize(2);
  rule.selections[0].name = "run";
  rule.selections[0].alternatives = {{item("Image", {"endswith"}, {R"(\a.exe)", R"(\b.exe)"}),
                                      item("CommandLine", {"contains", "all"}, {"-x", "-y"})}};
  rule.selections[1].name = "filter";
  rule.selections[1].alternatives = {{item("User", {}, {R"(D\admin)"})}};
  const auto node = [&](sigma::ConditionNode::Kind kind, std::uint32_t selection, std::vector<std::uint32_t> children) {
    sigma::ConditionNode& added = rule.condition.emplace_back();
    added.kind = kind;
    added.selection = selection;
    added.children = std::move(children);
  };
  using Kind = sigma::ConditionNode::Kind;
  node(Kind::selection, 0, {});
  node(Kind::selection, 1, {});
  node(Kind::logical_not, 0, {1});
  node(Kind::logical_and, 0, {0, 2});
  return rule;
}

std::vector<Verdict> judge(const sigma::Rule& rule, const model::EventHead& head,
                           std::vector<model::OwnedField> fields) {
  std::vector<RuleProblem> problems;
  const auto sources = sigma::LogSources::load(sigma::builtin_log_source_files(), problems);
  const std::vector<sigma::Rule> rules{rule};
  model::FieldTable table;
  for (const model::OwnedField& field : fields) table.intern(field.name);
  const model::OwnedEvent event(head, std::move(fields), table);
  return Oracle(rules, sources).judge(event, table);
}

model::EventHead security(std::int64_t id) {
  model::EventHead head;
  head.product = "windows";
  head.channel = "Security";
  head.provider = "Microsoft-Windows-Security-Auditing";
  head.event_id = id;
  return head;
}

std::vector<model::OwnedField> process_4688(std::string user) {
  return {{.name = "NewProcessName", .path = "Event.EventData.NewProcessName", .text = R"(C:\B.EXE)"},
          {.name = "CommandLine", .text = "b -y -x"},
          {.name = "SubjectUserName", .text = std::move(user)},
          {.name = "SubjectDomainName", .text = "D"}};
}

TEST(Oracle, ProvesThroughATwin) {
  const auto verdicts = judge(process_rule(), security(4688), process_4688("me"));
  ASSERT_THAT(verdicts, SizeIs(1));
  EXPECT_EQ(verdicts[0].variant, "security-4688");
  Match image;
  image.selection = "run";
  image.field = "Image|endswith";
  image.event_field = "Event.EventData.NewProcessName";
  image.value = R"(C:\B.EXE)";
  image.pattern = R"(\b.exe)";
  image.span = {2, 8};
  ASSERT_THAT(verdicts[0].matches, SizeIs(3));
  EXPECT_EQ(verdicts[0].matches[0], image);
  EXPECT_EQ(verdicts[0].matches[1].span, (Span{5, 7}));
  EXPECT_EQ(verdicts[0].matches[2].span, (Span{2, 4}));
}

TEST(Oracle, HonoursFiltersAndGates) {
  EXPECT_THAT(judge(process_rule(), security(4688), process_4688("ADMIN")), IsEmpty());
  EXPECT_THAT(judge(process_rule(), security(4689), process_4688("me")), IsEmpty());
  model::EventHead head = security(4688);
  head.provider = "Somebody else";
  EXPECT_THAT(judge(process_rule(), head, process_4688("me")), IsEmpty());
  head.provider = "";
  EXPECT_THAT(judge(process_rule(), head, process_4688("me")), SizeIs(1));
  head.channel = "";
  EXPECT_THAT(judge(process_rule(), head, process_4688("me")), IsEmpty());
  head = security(4688);
  head.product = "";
  EXPECT_THAT(judge(process_rule(), head, process_4688("me")), SizeIs(1));
}

}  // namespace
}  // namespace tocsin::oracle
