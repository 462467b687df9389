#include "detect/sigma/wake_plan.hpp"

#include <random>
#include <set>

#include <gtest/gtest.h>

#include "detect/sigma/compiled_impl.hpp"
#include "detect/sigma/rule_bench.hpp"

namespace tocsin::sigma {
namespace {

// The patterns of the predicates that wake the rule in the log `Test`; nothing where none does.
std::optional<std::set<std::string>> wakers(std::string_view detection) {
  const testing::Compiled compiled = testing::compile(testing::rule_text(detection));
  const Blob& blob = compiled.set.impl().blob;
  const InstanceRecord& instance = blob.instances[0];
  EXPECT_EQ(blob.text(instance.variant), "plain");
  if (instance.wakers.count == 0) {
    EXPECT_EQ(blob.gates[instance.gate].sleepless.count, 1U);
    return std::nullopt;
  }
  EXPECT_EQ(blob.gates[instance.gate].sleepless.count, 0U);
  std::set<std::string> patterns;
  for (const std::uint32_t predicate : blob.list(instance.wakers)) {
    EXPECT_EQ(blob.predicates[predicate].indexed, 1U);
    const PatternRecord& pattern = blob.patterns[blob.predicates[predicate].pattern];
    std::string text(blob.text(pattern.text));
    for (const FormRecord& form : Blob::part(blob.forms, pattern.forms)) {
      for (const match::TextPart& part : Blob::part(blob.parts, form.parts)) {
        text += blob.chars.substr(part.offset, part.length);
      }
    }
    patterns.insert(text);
  }
  return patterns;
}

using Patterns = std::set<std::string>;

TEST(WakePlan, TakesTheRarestOfWhatMustHold) {
  EXPECT_EQ(wakers("s:\n    A|contains: ab\n    B|contains: a-much-longer-text\ncondition: s"),
            Patterns{"a-much-longer-text"});
  EXPECT_EQ(wakers("s:\n    A|contains|all: [ab, longer-text]\ncondition: s"), Patterns{"longer-text"});
  EXPECT_EQ(wakers("s:\n    A|contains: abc\nt:\n    B: exactly\ncondition: s and t"), Patterns{"exactly"});
  EXPECT_EQ(wakers("s:\n    A|re: '[0-9]+'\n    B|contains: text\ncondition: s"), Patterns{"text"});
}

TEST(WakePlan, TakesEachOfWhatMayHold) {
  EXPECT_EQ(wakers("s:\n    A|contains: [one, two]\ncondition: s"), (Patterns{"one", "two"}));
  EXPECT_EQ(wakers("s:\n    - A: one\n    - B: two\ncondition: s"), (Patterns{"one", "two"}));
  EXPECT_EQ(wakers("s:\n    A: one\nt:\n    B: two\ncondition: s or t"), (Patterns{"one", "two"}));
  EXPECT_EQ(wakers("s1:\n    A: one\ns2:\n    B: two\ncondition: 1 of s*"), (Patterns{"one", "two"}));
  EXPECT_EQ(wakers("s1:\n    A: one\ns2:\n    B|contains: other\ncondition: all of s*"), Patterns{"one"});
}

TEST(WakePlan, WhatExcludesWakesNobody) {
  EXPECT_EQ(wakers("s:\n    A: one\nf:\n    B: excluded\ncondition: s and not f"), Patterns{"one"});
  EXPECT_EQ(wakers("f:\n    B: excluded\ncondition: not f"), std::nullopt);
  EXPECT_EQ(wakers("s:\n    A: one\nf:\n    B: two\ncondition: s or not f"), std::nullopt);
  EXPECT_EQ(wakers("s:\n    A|neq: one\ncondition: s"), std::nullopt);
}

TEST(WakePlan, WhatIsTrueWithoutAValueLeavesTheRuleAwake) {
  EXPECT_EQ(wakers("s:\n    A: null\ncondition: s"), std::nullopt);
  EXPECT_EQ(wakers("s:\n    A: [null, one]\ncondition: s"), std::nullopt);
  EXPECT_EQ(wakers("s:\n    A|exists: false\ncondition: s"), std::nullopt);
  EXPECT_EQ(wakers("s:\n    A|fieldref: B\ncondition: s"), std::nullopt);
  EXPECT_EQ(wakers("s:\n    A: null\n    B: one\ncondition: s"), Patterns{"one"});
}

TEST(WakePlan, ARuleOfAnotherEventIdIsNotLookedAt) {
  const testing::Compiled compiled =
      testing::compile(testing::rule_text("s:\n    EventID: 4711\n    A|contains: text\ncondition: s"));
  const Blob& blob = compiled.set.impl().blob;
  ASSERT_EQ(blob.instances[0].keys.count, 1U);
  const PredicateRecord& key = blob.predicates[blob.list(blob.instances[0].keys)[0]];
  EXPECT_EQ(blob.text(blob.patterns[key.pattern].text), "4711");
}

// Rules and events made up at random from few pieces, so that much is nearly true: however a judge goes about it, it
// finds the same.
class MadeUp {
 public:
  explicit MadeUp(std::uint32_t seed) : random_(seed) {}

  std::string rule() {
    std::string text;
    const std::size_t selections = 1 + pick(3);
    for (std::size_t i = 0; i < selections; ++i) text += "s" + std::to_string(i) + ":\n" + selection();
    const char* const conditions[] = {"1 of s*", "all of s*",   "s0", "not s0", "s0 and not 1 of s*",
                                      "2 of s*", "s0 or not s0"};
    return text + "condition: " + conditions[pick(std::size(conditions))];
  }
  testing::Fields event() {
    testing::Fields fields;
    for (const char* const name : {"A", "B", "EventID", "Pid", "User"}) {
      for (std::size_t count = pick(3); count > 0; --count) {
        fields.push_back(pick(8) == 0 ? testing::null(name) : testing::text(name, value()));
      }
    }
    return fields;
  }

 private:
  std::size_t pick(std::size_t below) { return random_() % below; }
  std::string value() {
    static const char* const kPieces[] = {
        "a",        "ab",       "b",   "Abc",         " -x",     "/x",
        "4711",     "1",        "",    "\u00e4",      "\u00c4b", "long enough to be long",
        "cdefghij", "10.0.0.7", "1.5", "\u212Aelvin", "*"};
    std::string text;
    for (std::size_t count = 1 + pick(3); count > 0; --count) text += kPieces[pick(std::size(kPieces))];
    return text;
  }
  std::string quoted() { return "'" + value() + "'"; }
  std::string item() {
    static const char* const kFields[] = {"A", "B", "EventID", "Pid", "User"};
    static const char* const kModifiers[] = {
        "",     "|contains", "|startswith", "|endswith", "|cased",  "|contains|all", "|windash|contains",
        "|neq", "|re",       "|cidr",       "|gt",       "|exists", "|fieldref"};
    const std::string field = kFields[pick(std::size(kFields))], modifier = kModifiers[pick(std::size(kModifiers))];
    std::string key = field + modifier + ": ";
    if (modifier == "|re") return key + (pick(2) == 0 ? "'a+b'" : "'(?i)ELVIN|[0-9]{4}'");
    if (modifier == "|cidr") return key + "10.0.0.0/24";
    if (modifier == "|gt") return key + "4000";
    if (modifier == "|exists") return key + (pick(2) == 0 ? "true" : "false");
    if (modifier == "|fieldref") return key + "B";
    if (modifier.empty() && pick(6) == 0) return key + "null";
    if (modifier.empty() && pick(3) == 0) return key + (pick(2) == 0 ? "4711" : "1");
    return key + "[" + quoted() + ", " + quoted() + "]";
  }
  std::string selection() {
    if (pick(6) == 0) return "    - " + quoted() + "\n    - " + quoted() + "\n";
    std::string text;
    std::set<std::string> keys;
    for (std::size_t count = 1 + pick(2); count > 0; --count) {
      const std::string one = item();
      if (keys.insert(one.substr(0, one.find(':'))).second) text += "    " + one + "\n";
    }
    return text;
  }
  std::mt19937 random_;
};

TEST(WakePlan, EveryWayOfJudgingFindsTheSame) {
  std::size_t found = 0;
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    MadeUp made(seed);
    std::string rules;
    for (int i = 0; i < 30; ++i) {
      std::string rule = testing::rule_text(made.rule());
      const std::string id = std::to_string(i);
      rule.replace(rule.find("4000-8000-") + 10, id.size(), id);
      rules += "---\n" + rule;
    }
    const testing::Compiled compiled = testing::compile(rules);
    ASSERT_GT(compiled.set.rules().size(), 20U);
    Judge plain(compiled.set, {.plain = true, .remembered = 0});
    Judge indexed(compiled.set, {.plain = false, .remembered = 0});
    Judge tiny(compiled.set, {.plain = false, .remembered = 4});
    Judge usual(compiled.set, {});
    for (int i = 0; i < 60; ++i) {
      const model::OwnedEvent event(testing::test_head(i % 3 == 0 ? "Twin" : "Test", i % 3 == 0 ? 2 : 1), made.event(),
                                    compiled.set.fields());
      std::vector<Hit> expected;
      plain.judge(event, expected);
      found += expected.size();
      for (Judge* const judge : {&indexed, &tiny, &usual}) {
        std::vector<Hit> hits;
        judge->judge(event, hits);
        ASSERT_EQ(hits.size(), expected.size()) << seed << ' ' << i;
        for (std::size_t k = 0; k < hits.size(); ++k) {
          ASSERT_EQ(hits[k].rule, expected[k].rule) << seed << ' ' << i;
          const std::vector<Match> a = judge->matches(event, hits[k]), b = plain.matches(event, expected[k]);
          ASSERT_EQ(a, b) << seed << ' ' << i;
        }
      }
    }
  }
  EXPECT_GT(found, 5000U);
}

}  // namespace
}  // namespace tocsin::sigma
