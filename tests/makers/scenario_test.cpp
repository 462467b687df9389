#include "tests/makers/scenario.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/makers/evtx_checker.hpp"
#include "tests/makers/outputs.hpp"
#include "tests/support/paths.hpp"

namespace tocsin::makers {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kCatalogue = R"(
logon:
  provider: P
  channel: Security
  id: 4624
  data: {User: string nobody, Type: u32 3, When: string $(utc)}
block:
  from: logon
  id: 4104
  data: {MessageNumber: i32 1, MessageTotal: i32 1, ScriptBlockText: string x}
)";

constexpr const char* kHead = R"(
seed: 3
from: 2021-07-05T00:00:00Z
days: 7
hosts:
  a: {computer: A.example}
  b: {computer: B.example}
pools:
  user: [{name: ann, nr: '1'}, {name: bob, nr: '2'}]
)";

class ScenarioTest : public ::testing::Test {
 protected:
  Result<std::vector<TimedEvent>> play(const std::string& groups) {
    auto scenario = Scenario::load(kHead + groups, "s.yml", catalogue_);
    if (!scenario) return std::unexpected(scenario.error());
    return scenario->events();
  }
  Catalogue catalogue_ = *Catalogue::load(kCatalogue, "c.yml");
};

TEST_F(ScenarioTest, PlaysAGroupOnEachHostAndDay) {
  const auto events = play("noise: [{name: n, hosts: [a, b], per_day: 5, events: [{event: logon}]}]");
  ASSERT_TRUE(events) << events.error().message;
  EXPECT_THAT(*events, SizeIs(2 * 7 * 5));
  EXPECT_TRUE(std::ranges::is_sorted(*events, {}, [](const TimedEvent& e) { return e.spec.time; }));
  EXPECT_EQ(std::ranges::count(*events, "b", &TimedEvent::host), 35);
}

TEST_F(ScenarioTest, WorkIsDoneByDayAndHardlyAtWeekends) {
  const auto events = play("noise: [{name: n, hosts: [a], per_day: 100, when: work, events: [{event: logon}]}]");
  std::array<int, 7> per_day{};
  for (const TimedEvent& event : *events) {
    const std::string time = format_time(event.spec.time);
    per_day.at(static_cast<std::size_t>(std::stoi(time.substr(8, 2)) - 5)) += 1;
    EXPECT_GE(time.substr(11, 5), "07:00");
    EXPECT_LE(time.substr(11, 5), "19:00");
  }
  EXPECT_THAT(per_day, ::testing::ElementsAre(100, 100, 100, 100, 100, 25, 12));
}

TEST_F(ScenarioTest, AGroupSharesItsVariablesAndTimesFollowEachOther) {
  const auto events = play(
      "story: [{name: s, hosts: [a], at: '2021-07-06T01:02:03.1234567Z', pick: {u: user}, let: {x: $(int 1000 9999)}, "
      "events: [{event: logon, data: {User: '$(u.name) $(x)'}}, {event: logon, after: 2.5, data: {User: '$(u.name) "
      "$(x)'}}]}]");
  ASSERT_TRUE(events) << events.error().message;
  ASSERT_THAT(*events, SizeIs(2));
  EXPECT_EQ((*events)[0].spec.find("User")->text, (*events)[1].spec.find("User")->text);
  EXPECT_EQ(format_time((*events)[0].spec.time), "2021-07-06T01:02:03.1234567Z");
  EXPECT_EQ(format_time((*events)[1].spec.time), "2021-07-06T01:02:05.6234567Z");
  EXPECT_EQ((*events)[1].spec.find("When")->text, "2021-07-06 01:02:05.623");
  EXPECT_EQ((*events)[1].spec.record_id, (*events)[0].spec.record_id + 1);
  EXPECT_EQ((*events)[1].spec.computer, "A.example");
}

TEST_F(ScenarioTest, CutsAScriptBlockIntoPartsThatJoinToTheWhole) {
  const auto events = play(
      "story: [{name: s, hosts: [a], at: 2021-07-06, events: [{event: block, split: {field: ScriptBlockText, parts: "
      "3}, "
      "data: {ScriptBlockText: 'grüße aus einem langen text'}}]}]");
  ASSERT_TRUE(events) << events.error().message;
  ASSERT_THAT(*events, SizeIs(3));
  std::string whole;
  for (const TimedEvent& event : *events) whole += event.spec.find("ScriptBlockText")->text;
  EXPECT_EQ(whole, "grüße aus einem langen text");
  EXPECT_EQ((*events)[2].spec.find("MessageNumber")->text, "3");
  EXPECT_EQ((*events)[2].spec.find("MessageTotal")->text, "3");
}

TEST_F(ScenarioTest, AnotherGroupChangesNothingInTheFirst) {
  const std::string first = "{name: n, hosts: [a], per_day: 3, events: [{event: logon, data: {User: $(guid)}}]}";
  const auto alone = play("noise: [" + first + "]");
  const auto both = play("noise: [{name: m, hosts: [b], per_day: 9, events: [{event: logon}]}, " + first + "]");
  std::vector<std::string> names_alone, names_both;
  for (const TimedEvent& event : *alone) names_alone.push_back(event.spec.find("User")->text);
  for (const TimedEvent& event : *both) {
    if (event.host == "a") names_both.push_back(event.spec.find("User")->text);
  }
  EXPECT_EQ(names_alone, names_both);
}

TEST_F(ScenarioTest, TyposAreErrorsThatSayWhere) {
  const auto message = [&](const std::string& groups) {
    const auto events = play(groups);
    return events ? std::string("no error") : events.error().place + ": " + events.error().message;
  };
  EXPECT_THAT(message("noise: [{name: n, hosts: [c], events: []}]"), HasSubstr("no host \"c\""));
  EXPECT_THAT(message("noise: [{name: n, hosts: [a], events: [{event: logonn}]}]"),
              HasSubstr("no kind of event \"logonn\""));
  EXPECT_THAT(message("noise: [{name: n, hosts: [a], events: [{event: logon, data: {Usr: x}}]}]"),
              HasSubstr("group \"n\": \"logon\" has no field \"Usr\""));
  EXPECT_THAT(message("noise: [{name: n, hosts: [a], events: [{event: logon, data: {Type: x}}]}]"),
              HasSubstr("of type u32"));
  EXPECT_THAT(message("noise: [{name: n, hosts: [a], events: [{event: logon, data: {User: $(nobody)}}]}]"),
              HasSubstr("unknown: $(nobody)"));
  EXPECT_THAT(message("noise: [{name: n, hosts: [a], events: [{event: logon, afer: 3}]}]"),
              HasSubstr("unknown key afer"));
  EXPECT_THAT(message("story: [{name: n, hosts: [a], at: soon, events: []}]"), HasSubstr("not a time"));
}

TEST_F(ScenarioTest, LostEventsLeaveAGapInTheIds) {
  const auto scenario = Scenario::load(std::string(kHead) + R"(
noise: [{name: n, hosts: [a], per_day: 20, events: [{event: logon}]}]
outputs: [{file: x.evtx, hosts: [a], channels: [Security], lost: [{from: 2021-07-06, to: 2021-07-07}]}]
)",
                                       "s.yml", catalogue_);
  ASSERT_TRUE(scenario) << scenario.error().message;
  const auto file = render_output(scenario->outputs()[0], *scenario->events());
  const CheckedFile checked = check_evtx(*file);
  EXPECT_THAT(checked.problems, IsEmpty());
  ASSERT_THAT(checked.records, SizeIs(120));
  EXPECT_EQ(checked.records[20].header_id - checked.records[19].header_id, 21U);
}

TEST(Expander, EncodesAsPowerShellTakesIt) {
  const Pools pools;
  Random random(1, "t");
  const Expander expander(pools, {}, random);
  EXPECT_EQ(*expander.expand("$(encoded dir)"), "ZABpAHIA");
  EXPECT_EQ(*expander.expand("a$$(b)"), "a$(b)");
  EXPECT_EQ(base64("a"), "YQ==");
  EXPECT_EQ(base64("ab"), "YWI=");
  EXPECT_EQ(base64("abc"), "YWJj");
}

TEST(Demo, SaysTheSameTwiceAndStaysSmall) {
  const auto folder = testing_support::source_dir() / "tests/makers/scenarios";
  const auto catalogue_text = read_text_file(folder / "catalogue.yml");
  const auto text = read_text_file(folder / "university.yml");
  ASSERT_TRUE(catalogue_text && text);
  const auto catalogue = Catalogue::load(*catalogue_text, "catalogue.yml");
  ASSERT_TRUE(catalogue) << catalogue.error().message;
  const auto scenario = Scenario::load(*text, "university.yml", *catalogue);
  ASSERT_TRUE(scenario) << scenario.error().place << " " << scenario.error().message;
  const auto events = scenario->events();
  ASSERT_TRUE(events) << events.error().place << " " << events.error().message;
  const auto again = scenario->events();
  EXPECT_GT(events->size(), 20'000U);
  std::size_t size = 0;
  for (const Output& output : scenario->outputs()) {
    const auto bytes = render_output(output, *events);
    ASSERT_TRUE(bytes) << output.file << ": " << bytes.error().message;
    EXPECT_EQ(*bytes, *render_output(output, *again)) << output.file;
    size += bytes->size();
    if (output.format != "evtx") continue;
    EXPECT_EQ(check_evtx(*bytes).problems.empty(), output.damage.empty()) << output.file;
  }
  EXPECT_LT(size, 40'000'000U);
}

}  // namespace
}  // namespace tocsin::makers
