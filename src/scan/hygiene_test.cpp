// Which holes, steps of the clock and silences are told, and which are not.
#include "scan/hygiene.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tocsin::scanning {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::int64_t kSecond = 10'000'000, kDay = 86'400 * kSecond;

// Records of one log, a hundred to a chunk, as a reader gives them.
struct Told {
  std::string channel = "Security", computer = "FILES01";
  bool own_number = true;
  std::int64_t start = 150'000 * kDay + kDay / 2;

  [[nodiscard]] model::EventHead record(std::uint64_t number, std::int64_t after_start) const {
    model::EventHead head;
    head.channel = channel, head.computer = computer, head.own_number = own_number;
    head.time = Timestamp{start + after_start};
    head.place = {PlaceKind::evtx, number, number / 100, Place::kNone, 4096 + number * 655, 500, false};
    return head;
  }
  void numbers(LogWatch& watch, std::uint64_t from, std::uint64_t to) const {
    for (std::uint64_t i = from; i <= to; ++i) watch.add(record(i, static_cast<std::int64_t>(i) * kSecond));
  }
  // An event a day.
  void days(LogWatch& watch, std::int64_t from, std::int64_t to) const {
    for (std::int64_t day = from; day <= to; ++day) {
      watch.add(record(1000 + static_cast<std::uint64_t>(day), day * kDay));
    }
  }
};

struct Book {
  HygieneBook book;
  std::vector<SourceContext> sources;

  void source(LogWatch&& watch) {
    const auto ordinal = static_cast<std::uint32_t>(sources.size());
    sources.push_back({ordinal, "Logs/" + std::to_string(ordinal) + ".evtx", "", "evtx"});
    book.begin_source(sources.back());
    book.unit(sources.back(), std::move(watch));
  }
  [[nodiscard]] std::vector<HygieneFinding> findings() const { return book.findings({}); }
};

TEST(Hygiene, RecordsMissingAreToldWithBothNeighbours) {
  LogWatch watch;
  Told().numbers(watch, 100, 149);
  Told().numbers(watch, 160, 200);
  Told().numbers(watch, 203, 210);
  Book book;
  book.source(std::move(watch));
  const auto found = book.findings();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].kind, HygieneKind::numbers_missing);
  EXPECT_EQ(found[0].finding.matches.at(0).value, "149");
  EXPECT_EQ(found[0].finding.matches.at(1).value, "160");
  ASSERT_THAT(found[0].finding.parts, SizeIs(2));
  EXPECT_EQ(found[0].finding.parts[0].place.record, 149U);
  EXPECT_EQ(found[0].finding.place.record, 160U);
  EXPECT_EQ(found[0].finding.notes.at(1), "2 holes in all, 12 records; this is the largest");
}

TEST(Hygiene, WholeLogsExportsAndWrappedLogsHaveNoHole) {
  LogWatch whole, exported, wrapped, carved;
  Told().numbers(whole, 1, 50);
  const Told export_of{.own_number = false};
  export_of.numbers(exported, 1, 10);
  export_of.numbers(exported, 40, 50);
  Told().numbers(wrapped, 300, 400);
  Told().numbers(wrapped, 200, 299);
  Told().numbers(carved, 1, 10);
  model::EventHead old = Told().record(500, 0);
  old.place.carved = true;
  carved.add(old);
  for (LogWatch* watch : {&whole, &exported, &wrapped, &carved}) {
    Book book;
    book.source(std::move(*watch));
    EXPECT_THAT(book.findings(), IsEmpty());
  }
}

TEST(Hygiene, DamageAroundTheNeighboursExplainsAHole) {
  for (const bool near : {true, false}) {
    LogWatch watch;
    Told().numbers(watch, 100, 120);
    Told().numbers(watch, 160, 200);
    Book book;
    book.source(std::move(watch));
    Anomaly anomaly;
    anomaly.offset = 4096 + (near ? 140U : 450U) * 655U;
    book.book.damage(book.sources[0], anomaly);
    anomaly.offset = 120;  // the header: the log was copied while it was in use
    book.book.damage(book.sources[0], anomaly);
    EXPECT_EQ(book.findings().empty(), near);
  }
}

// A shadow copy of a log in use: its chunks are from different times, and stand anywhere.
TEST(Hygiene, ChunksThatDoNotAdjoinProveNoHole) {
  LogWatch watch;
  Told().numbers(watch, 100, 199);
  Told().numbers(watch, 700, 799);
  Book book;
  book.source(std::move(watch));
  EXPECT_THAT(book.findings(), IsEmpty());
}

TEST(Hygiene, UnitsAreOneLog) {
  LogWatch first, second;
  Told().numbers(first, 100, 150);
  Told().numbers(second, 151, 200);
  first.merge(std::move(second));
  LogWatch third;
  Told().numbers(third, 202, 250);
  first.merge(std::move(third));
  Book book;
  book.source(std::move(first));
  const auto found = book.findings();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].finding.matches.at(0).value, "200");
}

TEST(Hygiene, AClockThatGoesBackIsToldAboveFiveMinutes) {
  for (const std::int64_t seconds : {299, 301}) {
    LogWatch watch, later;
    watch.add(Told().record(7, 4000 * kSecond));
    later.add(Told().record(8, (4000 - seconds) * kSecond));
    watch.merge(std::move(later));
    Book book;
    book.source(std::move(watch));
    const auto found = book.findings();
    ASSERT_EQ(found.size(), seconds > 300 ? 1U : 0U);
    if (found.empty()) continue;
    EXPECT_EQ(found[0].kind, HygieneKind::clock_back);
    EXPECT_EQ(found[0].finding.notes.at(0), "records 7 and 8: back by 301 seconds");
  }
}

TEST(Hygiene, RecordsThatAreNoNeighboursSayNothingOfTheClock) {
  LogWatch watch;
  watch.add(Told{.own_number = false}.record(7, 4000 * kSecond));
  watch.add(Told{.own_number = false}.record(9, 0));
  Book book;
  book.source(std::move(watch));
  EXPECT_THAT(book.findings(), IsEmpty());
}

// `last` day of Sysmon, while `others` other logs go on to the ninth.
std::vector<HygieneFinding> silence(std::int64_t last, int others, std::int64_t first = 0) {
  Book book;
  LogWatch sysmon;
  Told{.channel = "Sysmon"}.days(sysmon, first, last);
  book.source(std::move(sysmon));
  for (int i = 0; i < others; ++i) {
    LogWatch other;
    Told{.channel = "Other " + std::to_string(i)}.days(other, 0, 9);
    book.source(std::move(other));
  }
  return book.findings();
}

TEST(Hygiene, ALogThatStopsIsToldOnlyWhereOthersGoOn) {
  const auto found = silence(5, 2);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].kind, HygieneKind::log_stops);
  EXPECT_EQ(found[0].finding.channel, "Sysmon");
  EXPECT_EQ(found[0].finding.parts.at(1).source, 1U);
  EXPECT_THAT(found[0].finding.notes,
              ElementsAre("events on each of 6 days, then none for 4 days in which 2 other logs go on"));
  EXPECT_THAT(silence(5, 1), IsEmpty()) << "one other log is no machine that goes on";
  EXPECT_THAT(silence(8, 2), IsEmpty()) << "one day is a weekend or a copy made earlier";
  EXPECT_THAT(silence(5, 2, 3), IsEmpty()) << "three days are no habit";
}

TEST(Hygiene, ALogInTwoFilesIsOneLog) {
  Book book;
  for (const auto& [from, to] : {std::pair{0, 5}, std::pair{6, 9}}) {
    LogWatch part;
    Told{.channel = "Sysmon"}.days(part, from, to);
    book.source(std::move(part));
  }
  for (const char* channel : {"System", "Security"}) {
    LogWatch other;
    Told{.channel = channel}.days(other, 0, 9);
    book.source(std::move(other));
  }
  EXPECT_THAT(book.findings(), IsEmpty());
}

TEST(Hygiene, SaysWhatItCouldBeJudgedBy) {
  Book book;
  EXPECT_FALSE(book.book.judged(HygieneKind::numbers_missing));
  LogWatch exported;
  Told{.own_number = false}.numbers(exported, 1, 3);
  book.source(std::move(exported));
  EXPECT_FALSE(book.book.judged(HygieneKind::numbers_missing));
  EXPECT_TRUE(book.book.judged(HygieneKind::clock_back));
  EXPECT_FALSE(book.book.judged(HygieneKind::log_stops));
  EXPECT_FALSE(book.book.judged(HygieneKind::clock_set)) << "only of the System log";
  for (std::size_t kind = 0; kind < kHygieneKinds; ++kind) {
    EXPECT_FALSE(hygiene_needs(static_cast<HygieneKind>(kind)).empty());
    EXPECT_EQ(hygiene_rules().at(kind).evidence_class, EvidenceClass::e7);
  }
}

TEST(Hygiene, FiltersHold) {
  LogWatch watch;
  Told().numbers(watch, 100, 120);
  Told().numbers(watch, 160, 200);
  Book book;
  book.source(std::move(watch));
  EvidenceOptions reach;
  reach.channels = {"System"};
  EXPECT_THAT(book.book.findings(reach), IsEmpty());
  reach.channels = {"security"};
  EXPECT_THAT(book.book.findings(reach), SizeIs(1));
}

}  // namespace
}  // namespace tocsin::scanning
