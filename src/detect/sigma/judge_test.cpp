// Gates, variants, proofs, explanations and coverage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "detect/sigma/gates.hpp"
#include "detect/sigma/rule_bench.hpp"

namespace tocsin::sigma {
namespace {

using testing::Fields;
using testing::judge;
using testing::null;
using testing::number;
using testing::test_head;
using testing::text;

constexpr std::string_view kImage = "selection:\n    Image|endswith: '\\evil.exe'\ncondition: selection";

TEST(Gate, LetsOnlyEventsOfTheLogSourceThrough) {
  const Fields fields{text("Image", "C:\\evil.exe")};
  EXPECT_TRUE(judge(kImage, fields).matched);
  EXPECT_TRUE(judge(kImage, fields, {}, test_head("TEST")).matched);
  EXPECT_FALSE(judge(kImage, fields, {}, test_head("Other")).matched);
  EXPECT_FALSE(judge(kImage, fields, {}, test_head("Test", 2)).matched);
  model::EventHead other = test_head();
  other.product = "linux";
  EXPECT_FALSE(judge(kImage, fields, {}, other).matched);
  other.product = "";
  EXPECT_TRUE(judge(kImage, fields, {}, other).matched);
}

TEST(Gate, HoldsConstraints) {
  Fields fields{text("Image", "C:\\evil.exe"), text("EventType", "createkey")};
  EXPECT_TRUE(judge(kImage, fields, {}, test_head("Limited", 3)).matched);
  fields[1].text = "SetValue";
  EXPECT_FALSE(judge(kImage, fields, {}, test_head("Limited", 3)).matched);
  EXPECT_FALSE(judge(kImage, {fields[0]}, {}, test_head("Limited", 3)).matched);
}

TEST(Variant, MapsFieldsAndShowsBothNames) {
  const auto found = judge(kImage, {{.name = "NewProcessName", .path = "Event.NewProcessName", .text = "C:\\Evil.exe"}},
                           {}, test_head("Twin", 2));
  ASSERT_TRUE(found.matched);
  ASSERT_EQ(found.matches.size(), 1U);
  EXPECT_EQ(found.matches[0].field, "Image|endswith");
  EXPECT_EQ(found.matches[0].event_field, "Event.NewProcessName");
  EXPECT_EQ(found.matches[0].value, "C:\\Evil.exe");
  EXPECT_EQ(found.matches[0].span, (Span{2, 11}));
  EXPECT_FALSE(judge(kImage, {text("Image", "C:\\evil.exe")}, {}, test_head("Twin", 2)).matched);
}

TEST(Variant, ConvertsJoinsAndFixes) {
  const auto twin = [](std::string_view item, Fields fields) {
    return judge("selection:\n    " + std::string(item) + "\ncondition: selection", std::move(fields), {},
                 test_head("Twin", 2));
  };
  const auto converted = twin("Pid: 420", {text("HexPid", "0x1a4")});
  ASSERT_TRUE(converted.matched);
  EXPECT_EQ(converted.matches[0].value, "420");
  EXPECT_EQ(converted.matches[0].conversions, std::vector<std::string>{"hex_to_decimal"});
  const auto joined = twin("User: 'dom\\me'", {text("Domain", "DOM"), text("Name", "me")});
  ASSERT_TRUE(joined.matched);
  EXPECT_EQ(joined.matches[0].event_field, "Domain+Name");
  EXPECT_FALSE(twin("User|contains: me", {text("Name", "me")}).matched);
  EXPECT_TRUE(twin("User: null", {text("Name", "me")}).matched);
  EXPECT_TRUE(twin("EventID: 1", {}).matched);
  EXPECT_FALSE(twin("EventID: 2", {}).matched);
  EXPECT_FALSE(twin("Hashes|contains: a", {text("Hashes", "a")}).matched);
  EXPECT_TRUE(twin("Hashes: null", {text("Hashes", "a")}).matched);
}

TEST(Variant, SaysWhatItCannotExclude) {
  const auto caveat = [](std::string_view detection, std::string_view channel, std::int64_t id) {
    const testing::Compiled compiled = testing::compile(testing::rule_text(detection));
    Judge judge(compiled.set);
    const model::OwnedEvent event(test_head(channel, id), {text("NewProcessName", "x"), text("Image", "x")},
                                  compiled.set.fields());
    std::vector<Hit> hits;
    judge.judge(event, hits);
    return hits.empty() ? std::string("no hit") : std::string(judge.caveat(hits[0]));
  };
  const std::string filter = "s:\n    Image: x\nf:\n    Hashes|contains: q\n";
  EXPECT_EQ(caveat(filter + "condition: s and not f", "Twin", 2),
            "this kind of log (twin) never has Hashes: what the rule excludes by it could not be checked");
  EXPECT_EQ(caveat(filter + "condition: s and not f", "Test", 1), "");
  EXPECT_EQ(caveat(filter + "condition: s or f", "Twin", 2), "");
  EXPECT_NE(caveat("s:\n    Image: x\n    Hashes|neq: q\ncondition: s", "Twin", 2), "");
}

TEST(Proof, ShowsWhatTheConditionAsksForPositively) {
  const auto found = judge(
      "selection:\n    - A: x\n    - B|contains:\n        - nothing\n        - 'y'\n      C: z\nfilter:\n    A: q\n"
      "optional:\n    D|contains|all: [m, n]\ncondition: (selection or optional) and not filter",
      {text("B", "ayb"), text("C", "Z"), text("D", "n"), text("D", "m")});
  ASSERT_TRUE(found.matched);
  ASSERT_EQ(found.matches.size(), 4U);
  EXPECT_EQ(found.matches[0].pattern, "y");
  EXPECT_EQ(found.matches[0].span, (Span{1, 2}));
  EXPECT_EQ(found.matches[1].field, "C");
  EXPECT_EQ(found.matches[2].selection, "optional");
  EXPECT_EQ(found.matches[2].pattern, "m");
  EXPECT_EQ(found.matches[2].value, "m");
  EXPECT_EQ(found.matches[3].value, "n");
}

TEST(Proof, MarksAbsenceAsNegated) {
  const auto found = judge(
      "selection:\n    A: null\n    B|exists: false\n    C|neq: x\n    D|exists: true\n"
      "condition: selection",
      {null("A"), text("C", "y"), text("D", "here")});
  ASSERT_TRUE(found.matched);
  ASSERT_EQ(found.matches.size(), 4U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(found.matches[i].negated) << i;
    EXPECT_EQ(found.matches[i].value, "") << i;
    EXPECT_EQ(found.matches[i].span, (Span{0, 0})) << i;
  }
  EXPECT_FALSE(found.matches[3].negated);
  EXPECT_EQ(found.matches[3].span, (Span{0, 4}));
}

TEST(Proof, SpansCountBytesOfTheValueAsItIs) {
  // The Kelvin sign is three bytes in the value and one in its folded form.
  const auto found = testing::judge_item("F|contains: kb", {text("F",
                                                                 "a\xE2\x84\xAA"
                                                                 "bc")});
  ASSERT_TRUE(found.matched);
  EXPECT_EQ(found.matches[0].span, (Span{1, 5}));
}

TEST(Proof, NamesTheValueThatHeldTheKeyword) {
  const auto found = judge("keywords:\n    - absent\n    - second\ncondition: keywords",
                           {text("A", "first"), {.name = "B", .path = "Event.B", .text = "the second"}});
  ASSERT_TRUE(found.matched);
  EXPECT_EQ(found.matches[0].field, "");
  EXPECT_EQ(found.matches[0].event_field, "Event.B");
  EXPECT_EQ(found.matches[0].span, (Span{4, 10}));
}

TEST(Judge, GivesEachRuleOnceInOrder) {
  std::string rules;
  for (const std::string_view condition : {"selection", "not selection", "1 of sel*"}) {
    rules += "---\n" + testing::rule_text("selection:\n    A: x\ncondition: " + std::string(condition));
  }
  const testing::Compiled compiled = testing::compile(rules);
  ASSERT_EQ(compiled.set.rules().size(), 3U);
  Judge judge(compiled.set);
  const model::OwnedEvent event(test_head(), {text("A", "x")}, compiled.set.fields());
  std::vector<Hit> hits;
  for (int round = 0; round < 2; ++round) {
    hits.clear();
    judge.judge(event, hits);
    ASSERT_EQ(hits.size(), 2U);
    EXPECT_EQ(hits[0].rule, 0U);
    EXPECT_EQ(hits[1].rule, 2U);
  }
  EXPECT_EQ(judge.variant(hits[0]), "plain");
}

TEST(Judge, ForgetsOneEventBeforeTheNext) {
  const testing::Compiled compiled =
      testing::compile(testing::rule_text("s:\n    A|contains: x\n    Pid: 1\ncondition: s"));
  Judge judge(compiled.set);
  std::vector<Hit> hits;
  for (const std::string_view value : {"x", "y", "xx", ""}) {
    const model::OwnedEvent event(test_head(), {text("A", std::string(value)), number("Pid", "1")},
                                  compiled.set.fields());
    judge.judge(event, hits);
  }
  EXPECT_EQ(hits.size(), 2U);
}

TEST(Judge, LeavesPartsOfScriptBlocksToBePutTogether) {
  const testing::Compiled compiled =
      testing::compile(testing::rule_text("s:\n    ScriptBlockText|contains: evil\ncondition: s"));
  ASSERT_TRUE(compiled.set.wants_script_blocks());
  Judge judge(compiled.set);
  const auto head = test_head("Microsoft-Windows-PowerShell/Operational", 4104);
  const auto event = [&](std::string_view total) {
    return std::make_unique<model::OwnedEvent>(
        head,
        Fields{text("ScriptBlockText", "evil"), text("ScriptBlockId", "{A}"), number("MessageNumber", "1"),
               number("MessageTotal", std::string(total))},
        compiled.set.fields());
  };
  std::vector<Hit> hits;
  const auto whole = event("1");
  EXPECT_FALSE(judge.is_part(*whole));
  judge.judge(*whole, hits);
  EXPECT_EQ(hits.size(), 1U);
  const auto part = event("2");
  EXPECT_TRUE(judge.is_part(*part));
  judge.judge(*part, hits);
  EXPECT_EQ(hits.size(), 1U);
  judge.judge_assembled(*part, hits);
  EXPECT_EQ(hits.size(), 2U);
  EXPECT_EQ(judge.observations().coverage({}).at(0).events_judged, 2U);
}

TEST(Judge, JudgesAPartAloneThatCannotBePutTogether) {
  const testing::Compiled compiled =
      testing::compile(testing::rule_text("s:\n    ScriptBlockText|contains: evil\ncondition: s"));
  const auto head = test_head("Microsoft-Windows-PowerShell/Operational", 4104);
  const auto fields = [](std::string id, std::string part, std::string total) {
    return Fields{text("ScriptBlockText", "evil"), text("ScriptBlockId", std::move(id)),
                  text("MessageNumber", std::move(part)), text("MessageTotal", std::move(total))};
  };
  for (const Fields& lacking : {fields("", "1", "2"), fields("{A}", "one", "2"), fields("{A}", "1", "2.0"),
                                Fields{text("ScriptBlockText", "evil"), text("MessageTotal", "2")}}) {
    Judge judge(compiled.set);
    const model::OwnedEvent event(head, lacking, compiled.set.fields());
    std::vector<Hit> hits;
    judge.judge(event, hits);
    EXPECT_FALSE(judge.is_part(event));
    EXPECT_EQ(hits.size(), 1U);
  }
}

TEST(Proof, CutsALongValueToThePartAroundTheMatch) {
  const testing::Compiled compiled = testing::compile(testing::rule_text("s:\n    Image|contains: evil\ncondition: s"));
  Judge judge(compiled.set);
  std::string value;
  for (int i = 0; i < 20'000; ++i) value += "\xC3\xA9";
  const std::size_t begin = value.size();
  value += "evil";
  for (int i = 0; i < 20'000; ++i) value += "\xC3\xA9";
  const model::OwnedEvent event(test_head(), {text("Image", value)}, compiled.set.fields());
  std::vector<Hit> hits;
  judge.judge(event, hits);
  ASSERT_EQ(hits.size(), 1U);
  const Match cut = judge.matches(event, hits[0]).at(0);
  EXPECT_LE(cut.value.size(), Judge::kLongestMatchValue);
  EXPECT_GE(cut.value.size(), Judge::kLongestMatchValue - 2);
  EXPECT_EQ(cut.value_size, value.size());
  EXPECT_EQ(cut.value, value.substr(cut.value_from, cut.value.size()));
  EXPECT_TRUE(base::is_utf8(cut.value));
  EXPECT_EQ(cut.value_from + cut.span.begin, begin);
  EXPECT_EQ(cut.value.substr(cut.span.begin, cut.span.end - cut.span.begin), "evil");
  const Match whole = judge.matches(event, hits[0], value.size()).at(0);
  EXPECT_EQ(whole.value, value);
  EXPECT_EQ(whole.value_size, 0U);
  EXPECT_EQ(whole.span.begin, begin);
}

TEST(Gate, NamesWithNulsAreKindsOfTheirOwn) {
  const Fields fields{text("Image", "C:\\evil.exe")};
  const testing::Compiled compiled = testing::compile(testing::rule_text(kImage));
  Judge judge(compiled.set);
  const auto hits_of = [&](std::string_view channel, std::string_view provider) {
    model::EventHead head = test_head(channel);
    head.provider = provider;
    std::vector<Hit> hits;
    judge.judge(model::OwnedEvent(head, fields, compiled.set.fields()), hits);
    return hits.size();
  };
  const std::string_view decoy("Test\0x", 6), tail("x\0", 2);
  EXPECT_EQ(hits_of(decoy, ""), 0U);
  EXPECT_EQ(hits_of("Test", tail), hits_of("Test", "y"));
  EXPECT_EQ(hits_of("Test", tail), 1U);
  const std::string longest(GateCache::kMaxKeyBytes + 1, 'x');
  EXPECT_EQ(hits_of(longest, ""), 0U);
  EXPECT_EQ(hits_of("Test", longest), 1U);
}

TEST(Explain, ShowsTheWholeTreeTrueOrNot) {
  const testing::Compiled compiled = testing::compile(testing::rule_text(
      "selection:\n    A|contains: x\n    B: y\nfilter:\n    C: z\ncondition: selection and not filter"));
  Judge judge(compiled.set);
  const model::OwnedEvent event(test_head(), {text("A", "axb"), text("B", "no")}, compiled.set.fields());
  Explanation out;
  judge.explain(event, 0, out);
  EXPECT_TRUE(out.log_source_fits);
  EXPECT_FALSE(out.matched);
  std::string tree;
  for (const Explanation::Node& node : out.nodes) {
    tree += std::string(std::size_t{2} * node.depth, ' ') + node.kind + " [" + node.text + "] " +
            (*node.truth ? "true" : "false") + (node.detail.empty() ? "" : " - " + node.detail) + "\n";
  }
  EXPECT_EQ(tree,
            "and [selection and not filter] false\n"
            "  selection [selection] false\n"
            "    field [A|contains: 'x'] true - A = `axb`\n"
            "    field [B: 'y'] false - B = `no`\n"
            "  not [not filter] true\n"
            "    selection [filter] false\n"
            "      field [C: 'z'] false - the event has no field C\n");
  const model::OwnedEvent elsewhere(test_head("Other"), {}, compiled.set.fields());
  judge.explain(elsewhere, 0, out);
  EXPECT_FALSE(out.log_source_fits);
  EXPECT_NE(out.log_source_detail.find("channel Test"), std::string::npos) << out.log_source_detail;
}

class CoverageOf : public ::testing::Test {
 protected:
  RuleCoverage run(std::string_view detection, const std::vector<std::pair<model::EventHead, Fields>>& events,
                   bool outside = false, std::string_view category = "made_up") {
    const testing::Compiled compiled = testing::compile(testing::rule_text(detection, category));
    EXPECT_EQ(compiled.set.rules().size(), 1U);
    Judge judge(compiled.set);
    std::vector<Hit> hits;
    for (const auto& [head, fields] : events) {
      const model::OwnedEvent event(head, fields, compiled.set.fields());
      if (outside) {
        judge.observe_only(event);
      } else {
        judge.judge(event, hits);
      }
    }
    Observations all(compiled.set);
    all.add(judge.observations());
    const std::vector<std::uint64_t> findings{hits.size()};
    return all.coverage(findings).at(0);
  }
};

TEST_F(CoverageOf, ARuleThatMatchedOrDidNot) {
  const auto matched = run(kImage, {{test_head(), {text("Image", "C:\\evil.exe")}}});
  EXPECT_EQ(matched.status, CoverageStatus::matched);
  EXPECT_EQ(matched.findings, 1U);
  const auto not_seen =
      run(kImage, {{test_head(), {text("Image", "C:\\good.exe")}}, {test_head(), {text("Image", "x")}}});
  EXPECT_EQ(not_seen.status, CoverageStatus::not_seen);
  EXPECT_EQ(not_seen.events_judged, 2U);
}

TEST_F(CoverageOf, ALogThatIsNotThere) {
  EXPECT_EQ(run(kImage, {}).reason, CoverageReason::channel_absent);
  EXPECT_EQ(run(kImage, {{test_head("Other"), {}}}).reason, CoverageReason::channel_absent);
  const auto id = run(kImage, {{test_head("Test", 77), {}}});
  EXPECT_EQ(id.status, CoverageStatus::not_evaluable);
  EXPECT_EQ(id.reason, CoverageReason::event_id_absent);
  EXPECT_NE(id.detail.find("event id 1"), std::string::npos) << id.detail;
  const auto outside = run(kImage, {{test_head(), {text("Image", "C:\\evil.exe")}}}, true);
  EXPECT_EQ(outside.reason, CoverageReason::out_of_reach);
  EXPECT_EQ(run(kImage, {}, false, "elsewhere").reason, CoverageReason::no_reader);
}

TEST_F(CoverageOf, AFieldThatWasNeverThere) {
  const auto missing = run(kImage, {{test_head(), {text("Other", "x")}}});
  EXPECT_EQ(missing.status, CoverageStatus::not_evaluable);
  EXPECT_EQ(missing.reason, CoverageReason::field_absent);
  EXPECT_NE(missing.detail.find("Image"), std::string::npos) << missing.detail;
  // It could have been true all the same.
  EXPECT_EQ(run("a:\n    A: x\nb:\n    B: y\ncondition: a or b", {{test_head(), {text("B", "n")}}}).status,
            CoverageStatus::not_seen);
  EXPECT_EQ(run("a:\n    A: x\nb:\n    B: y\ncondition: b and not a", {{test_head(), {text("B", "n")}}}).status,
            CoverageStatus::not_seen);
  EXPECT_EQ(run("a:\n    A: null\nb:\n    B: y\ncondition: b and a", {{test_head(), {text("B", "n")}}}).status,
            CoverageStatus::not_seen);
  EXPECT_EQ(run("a:\n    A: x\nb:\n    B: y\ncondition: all of them", {{test_head(), {text("B", "y")}}}).reason,
            CoverageReason::field_absent);
  // The twin never has the field, and its event id is fixed.
  EXPECT_EQ(run("s:\n    Hashes: x\ncondition: s", {{test_head("Twin", 2), {text("Hashes", "x")}}}).reason,
            CoverageReason::field_absent);
  EXPECT_EQ(run("s:\n    EventID: 9\ncondition: s", {{test_head("Twin", 2), {}}}).status, CoverageStatus::not_seen);
}

TEST_F(CoverageOf, AFieldThatWasNeverThereIsNamed) {
  // As the event would have it, and as the rule has it where the event has no name for it.
  EXPECT_EQ(run(kImage, {{test_head("Twin", 2), {}}}).detail, "twin: NewProcessName");
  EXPECT_EQ(run("s:\n    Hashes: x\ncondition: s", {{test_head("Twin", 2), {}}}).detail, "twin: Hashes");
  // Either side of a comparison of fields.
  const auto other = run("s:\n    Image|fieldref: Line\ncondition: s", {{test_head(), {text("Image", "x")}}});
  EXPECT_EQ(other.reason, CoverageReason::field_absent);
  EXPECT_EQ(other.detail, "plain: Line");
  const auto never = run("s:\n    Line|fieldref: Hashes\ncondition: s",
                         {{test_head("Twin", 2), {text("Line", "x"), text("Hashes", "x")}}});
  EXPECT_EQ(never.reason, CoverageReason::field_absent);
  EXPECT_EQ(never.detail, "twin: Hashes");
  EXPECT_EQ(run("s:\n    Image|fieldref: Line\ncondition: s", {{test_head(), {text("Image", "x"), text("Line", "y")}}})
                .status,
            CoverageStatus::not_seen);
  EXPECT_EQ(run("s:\n    Image|fieldref|neq: Line\ncondition: not s", {{test_head(), {text("Image", "x")}}}).reason,
            CoverageReason::field_absent);
}

TEST_F(CoverageOf, NamesTheSettingsThatWouldChangeIt) {
  // 0 get-test, 1 audit-one, 2 lines, 3 hashes, 4 longer
  using ::testing::ElementsAre;
  using ::testing::IsEmpty;
  EXPECT_THAT(run(kImage, {}).settings, ElementsAre(0));
  EXPECT_THAT(run(kImage, {{test_head("Test", 77), {}}}).settings, ElementsAre(1));
  EXPECT_THAT(run(kImage, {{test_head("Twin", 77), {}}}).settings, ElementsAre(0));
  EXPECT_THAT(run("s:\n    Line: x\ncondition: s", {{test_head(), {}}}).settings, ElementsAre(2));
  EXPECT_THAT(run("s:\n    Image|fieldref: Line\ncondition: s", {{test_head(), {text("Image", "x")}}}).settings,
              ElementsAre(2));
  EXPECT_THAT(run("s:\n    Hashes: x\ncondition: s", {{test_head("Twin", 2), {}}}).settings, ElementsAre(3));
  EXPECT_THAT(run(kImage, {{test_head(), {text("Image", "C:\\good.exe")}}}).settings, IsEmpty());
  EXPECT_THAT(run(kImage, {}, false, "elsewhere").settings, IsEmpty());
}

TEST(SettingsFor, ARuleAreAllThatItMayWaitFor) {
  using ::testing::ElementsAre;
  const auto of = [](std::string_view detection) {
    return testing::compile(testing::rule_text(detection)).set.settings_for(0);
  };
  EXPECT_THAT(of("s:\n    Image: x\ncondition: s"), ElementsAre(0, 1));
  EXPECT_THAT(of("s:\n    Line: x\n    Hashes: y\ncondition: s"), ElementsAre(0, 1, 2, 3));
}

TEST_F(CoverageOf, MetaRulesAreNotEvaluatedYet) {
  const testing::Compiled compiled = testing::compile(
      "title: Many\nid: x\ncorrelation:\n    type: event_count\n    rules: [a]\n    timespan: 1h\n    condition: {gte: "
      "3}\n"
      "---\ntitle: Not these\nid: y\nlogsource: {product: test}\nfilter:\n    rules: [a]\n    selection: {A: b}\n"
      "    condition: selection\n");
  ASSERT_EQ(compiled.set.rules().size(), 2U);
  EXPECT_TRUE(compiled.problems.empty());
  const Observations seen(compiled.set);
  for (const RuleCoverage& coverage : seen.coverage({})) {
    EXPECT_EQ(coverage.reason, CoverageReason::unsupported);
    EXPECT_FALSE(coverage.detail.empty());
  }
}

}  // namespace
}  // namespace tocsin::sigma
