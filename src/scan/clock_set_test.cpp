// Which events say that somebody set the clock, and what the finding says of it.
#include "scan/clock_set.hpp"

#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scan/hygiene.hpp"

namespace tocsin::scanning {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using Fields = std::vector<std::pair<std::string, std::string>>;

class MadeEvent final : public model::Event {
 public:
  explicit MadeEvent(Fields fields) : fields_(std::move(fields)) {
    head_.channel = "System", head_.computer = "FILES01", head_.provider = "Microsoft-Windows-Kernel-General";
    head_.event_id = 1, head_.time = parse_time("2021-07-19T12:00:00Z");
    head_.place = {PlaceKind::evtx, 77, 0, Place::kNone, 5000, 400, false};
  }
  model::EventHead& head_to_change() { return head_; }
  std::span<const model::Value> get(model::FieldId) const override { return {}; }
  std::string event_field(model::FieldId) const override { return {}; }
  void each_value(const model::ValueVisitor&) const override {}
  void each_field(const model::ValueVisitor& visit) const override {
    for (const auto& [name, value] : fields_) visit(name, {model::Value::Kind::string, value});
  }
  void append_json(std::string&) const override {}
  void append_xml(std::string&) const override {}

 private:
  Fields fields_;
};

constexpr const char* kSettings = "\\Device\\HarddiskVolume2\\Windows\\System32\\SystemSettingsAdminFlows.exe";

MadeEvent set_event(const std::string& to, const std::string& reason, const std::string& process,
                    const std::string& user) {
  Fields fields{{"OldTime", "2021-07-19T12:00:00.0000000Z"}, {"NewTime", to}, {"Security_UserID", user}};
  if (!reason.empty()) fields.emplace_back("Reason", reason);
  if (!process.empty()) fields.emplace_back("ProcessName", process);
  return MadeEvent(std::move(fields));
}

constexpr const char* kTwoHoursBack = "2021-07-19T10:00:00.0000000Z";
constexpr const char* kPerson = "S-1-5-21-1-2-3-1104";

TEST(ClockSet, APersonOrAProgramThatSetsItIsTold) {
  const auto set = clock_set(set_event(kTwoHoursBack, "1", kSettings, kPerson));
  ASSERT_TRUE(set);
  EXPECT_EQ(set->step(), std::int64_t{7200} * 10'000'000);
  EXPECT_EQ(set->process, kSettings);
  EXPECT_EQ(set->at.place.record, 77U);
  EXPECT_TRUE(clock_set(set_event("2021-07-21T12:00:00Z", "1", kSettings, kPerson))) << "forward";
  EXPECT_TRUE(clock_set(set_event(kTwoHoursBack, "1", "C:\\Temp\\svchost.exe", "S-1-5-18"))) << "a name is no service";
  // Windows 7 names neither reason nor program, Windows 8 no program.
  EXPECT_TRUE(clock_set(set_event(kTwoHoursBack, "", "", kPerson)));
  EXPECT_TRUE(clock_set(set_event(kTwoHoursBack, "1", "-", kPerson)));
}

TEST(ClockSet, WhatKeepsTheClockIsNotTold) {
  const char* const service = "\\Device\\HarddiskVolume2\\Windows\\System32\\svchost.exe";
  EXPECT_FALSE(clock_set(set_event(kTwoHoursBack, "1", service, "S-1-5-19")));
  EXPECT_FALSE(
      clock_set(set_event(kTwoHoursBack, "1", "C:\\Program Files\\VMware\\VMware Tools\\vmtoolsd.exe", "S-1-5-18")));
  EXPECT_FALSE(clock_set(set_event(kTwoHoursBack, "2", "", "S-1-5-18"))) << "the hardware's clock, after sleep";
  EXPECT_FALSE(clock_set(set_event(kTwoHoursBack, "2", kSettings, kPerson)));
  EXPECT_FALSE(clock_set(set_event(kTwoHoursBack, "3", kSettings, kPerson))) << "a time zone";
  EXPECT_FALSE(clock_set(set_event(kTwoHoursBack, "", "", "S-1-5-19")));
  EXPECT_FALSE(clock_set(set_event(kTwoHoursBack, "1", "", "S-1-5-18")));
  EXPECT_FALSE(clock_set(set_event(kTwoHoursBack, "1", "", ""))) << "nothing says who";
}

TEST(ClockSet, FiveMinutesAreNoStep) {
  EXPECT_FALSE(clock_set(set_event("2021-07-19T12:05:00.0000000Z", "1", kSettings, kPerson)));
  EXPECT_FALSE(clock_set(set_event("2021-07-19T11:55:00.0000000Z", "1", kSettings, kPerson)));
  EXPECT_TRUE(clock_set(set_event("2021-07-19T12:05:00.0000001Z", "1", kSettings, kPerson)));
  EXPECT_TRUE(clock_set(set_event("2021-07-19T11:54:59.9999999Z", "1", kSettings, kPerson)));
}

TEST(ClockSet, OtherEventsAndTimesThatAreNoneSayNothing) {
  MadeEvent other = set_event(kTwoHoursBack, "1", kSettings, kPerson);
  other.head_to_change().event_id = 12;
  EXPECT_FALSE(clock_set(other));
  MadeEvent stranger = set_event(kTwoHoursBack, "1", kSettings, kPerson);
  stranger.head_to_change().provider = "Microsoft-Windows-Sysmon";
  EXPECT_FALSE(clock_set(stranger));
  MadeEvent carved = set_event(kTwoHoursBack, "1", kSettings, kPerson);
  carved.head_to_change().place.carved = true;
  EXPECT_FALSE(clock_set(carved));
  EXPECT_FALSE(clock_set(set_event("yesterday", "1", kSettings, kPerson)));
  EXPECT_FALSE(clock_set(set_event("0001-01-01T00:00:00Z", "1", kSettings, kPerson)));
}

// One finding for each source: the largest step, with the number of all; units are merged in order.
TEST(ClockSet, TheLargestStepOfASourceIsItsFinding) {
  LogWatch watch, later;
  const auto note = [](LogWatch& to, const char* time, std::uint64_t record) {
    MadeEvent event = set_event(time, "1", kSettings, kPerson);
    event.head_to_change().place.record = record;
    to.add(event.head());
    to.add_clock_set(*clock_set(event));
  };
  note(watch, "2021-07-19T12:10:00Z", 5);
  note(later, kTwoHoursBack, 8);
  note(later, "2021-07-19T14:00:00Z", 9);
  watch.merge(std::move(later));
  HygieneBook book;
  const SourceContext source{0, "Logs/System.evtx", "", "evtx"};
  book.begin_source(source);
  EXPECT_FALSE(book.judged(HygieneKind::clock_set));
  book.unit(source, std::move(watch));
  EXPECT_TRUE(book.judged(HygieneKind::clock_set));
  const auto found = book.findings({});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].kind, HygieneKind::clock_set);
  const Finding& finding = found[0].finding;
  EXPECT_EQ(finding.place.record, 8U);
  EXPECT_EQ(finding.channel, "System");
  EXPECT_EQ(finding.computer, "FILES01");
  EXPECT_EQ(finding.event_id, 1);
  EXPECT_EQ(finding.provider, "Microsoft-Windows-Kernel-General");
  EXPECT_THAT(finding.parts, IsEmpty());
  ASSERT_THAT(finding.matches, SizeIs(3));
  EXPECT_EQ(finding.matches[0].value, "2021-07-19T12:00:00.0000000Z");
  EXPECT_EQ(finding.matches[1].value, "2021-07-19T10:00:00.0000000Z");
  EXPECT_EQ(finding.matches[2].value, kSettings);
  EXPECT_THAT(finding.notes,
              ElementsAre("the clock was set back by 7200 seconds",
                          "it was set 3 times in this log by more than 300 seconds; this is the largest step"));
  EXPECT_EQ(hygiene_rules().at(static_cast<std::size_t>(HygieneKind::clock_set)).level, Level::low);
}

TEST(ClockSet, WithoutASystemLogNothingIsJudged) {
  LogWatch watch;
  MadeEvent event = set_event(kTwoHoursBack, "2", "", "S-1-5-18");
  event.head_to_change().channel = "Security";
  watch.add(event.head());
  HygieneBook book;
  const SourceContext source{0, "Logs/Security.evtx", "", "evtx"};
  book.begin_source(source);
  book.unit(source, std::move(watch));
  EXPECT_FALSE(book.judged(HygieneKind::clock_set));
  EXPECT_EQ(hygiene_needs(HygieneKind::clock_set), "the System log");
}

}  // namespace
}  // namespace tocsin::scanning
