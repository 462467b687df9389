#include "scan/tally.hpp"

#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace tocsin::scanning {
namespace {

constexpr std::int64_t kHour = std::int64_t{3600} * 10'000'000;

model::EventHead evtx(std::string_view channel, std::uint64_t id, std::int64_t hour) {
  model::EventHead head;
  head.shape = "evtx";
  head.channel = channel;
  head.computer = "host";
  head.time = Timestamp{hour * kHour};
  head.place.kind = PlaceKind::evtx;
  head.place.record = id;
  return head;
}

SourceInfo info_of(const Tally& tally) {
  SourceInfo info;
  tally.fill(info);
  return info;
}

TEST(Tally, CountsRecordsTimesAndNames) {
  Tally tally;
  tally.add(evtx("Security", 1, 5), true);
  tally.add(evtx("System", 9, 2), false);
  const SourceInfo info = info_of(tally);
  EXPECT_EQ(info.records, 2U);
  EXPECT_EQ(info.judged, 1U);
  EXPECT_EQ(info.first_time, Timestamp{2 * kHour});
  EXPECT_EQ(info.last_time, Timestamp{5 * kHour});
  EXPECT_EQ(info.channels, (std::vector<std::string>{"Security", "System"}));
  EXPECT_EQ(info.shape, "evtx");
}

TEST(Tally, ATimeThatWasNeverSetDoesNotCount) {
  Tally tally;
  tally.add(evtx("Security", 1, 0), true);
  EXPECT_FALSE(info_of(tally).first_time);
  tally.add(evtx("Security", 2, 5), true);
  EXPECT_EQ(info_of(tally).first_time, Timestamp{5 * kHour});
}

TEST(Tally, FindsMissingRecordIdsOfAChannelOnly) {
  Tally tally;
  for (const std::uint64_t id : {10, 11, 12, 20, 21}) tally.add(evtx("Security", id, 1), true);
  for (const std::uint64_t id : {13, 14}) tally.add(evtx("System", id, 1), true);
  const SourceInfo info = info_of(tally);
  ASSERT_EQ(info.id_gap_count, 1U);
  EXPECT_EQ(info.id_gaps[0].channel, "Security");
  EXPECT_EQ(info.id_gaps[0].after_id, 12U);
  EXPECT_EQ(info.id_gaps[0].before_id, 20U);
}

TEST(Tally, AWrappedLogHasNoGap) {
  Tally tally;
  for (const std::uint64_t id : {50, 51, 52, 47, 48, 49}) tally.add(evtx("Security", id, 1), true);
  EXPECT_EQ(info_of(tally).id_gap_count, 0U);
}

TEST(Tally, MergingUnitsEqualsOneUnit) {
  Tally whole, first, second;
  for (std::uint64_t id = 1; id <= 100; ++id) {
    const model::EventHead head = evtx("Security", id < 60 ? id : id + 7, static_cast<std::int64_t>(id));
    whole.add(head, true);
    (id <= 40 ? first : second).add(head, true);
  }
  first.merge(std::move(second));
  const SourceInfo a = info_of(whole), b = info_of(first);
  EXPECT_EQ(a.records, b.records);
  EXPECT_EQ(a.id_gap_count, 1U);
  EXPECT_EQ(b.id_gap_count, 1U);
  EXPECT_EQ(a.id_gaps[0].after_id, b.id_gaps[0].after_id);
  EXPECT_EQ(a.time_gap_count, b.time_gap_count);
}

TEST(Tally, ADayWithoutEventsIsAHoleAndLessIsNot) {
  Tally tally;
  for (const std::int64_t hour : {0, 1, 24, 49, 50, 200}) tally.add(evtx("Security", 1, hour), true);
  const SourceInfo info = info_of(tally);
  ASSERT_EQ(info.time_gap_count, 2U);
  EXPECT_EQ(info.time_gaps[0].from, Timestamp{50 * kHour});  // the largest first
  EXPECT_EQ(info.time_gaps[0].to, Timestamp{200 * kHour});
  EXPECT_EQ(info.time_gaps[1].from, Timestamp{24 * kHour});
}

TEST(Tally, TimesAtTheEndOfTheRangeDoNotOverflow) {
  Tally tally;
  for (const std::int64_t ticks : {std::numeric_limits<std::int64_t>::max(), std::int64_t{-1'000'000'000'000},
                                   std::numeric_limits<std::int64_t>::max() - 1}) {
    model::EventHead head;
    head.time = Timestamp{ticks};
    tally.add(head, true);
  }
  Tally whole;
  whole.merge(std::move(tally));
  const SourceInfo info = info_of(whole);
  EXPECT_EQ(info.time_gap_count, 1U);
  EXPECT_EQ(info.last_time, Timestamp{std::numeric_limits<std::int64_t>::max()});
}

TEST(Tally, LongNamesAreCutBetweenCharacters) {
  Tally tally;
  const std::string name = std::string(Tally::kMaxNameBytes - 1, 'x') + "\xC3\xA9" + "y";
  tally.add(evtx(name, 1, 1), true);
  tally.add(evtx(name, 3, 1), true);
  const SourceInfo info = info_of(tally);
  EXPECT_EQ(info.channels, std::vector<std::string>{std::string(Tally::kMaxNameBytes - 1, 'x')});
  EXPECT_EQ(info.id_gap_count, 1U);
  EXPECT_EQ(info.id_gaps.at(0).channel.size(), Tally::kMaxNameBytes - 1);
}

TEST(Tally, TooManyRunsAreSaidAndKeepNothingMore) {
  Tally whole;
  for (int unit = 0; unit < 3; ++unit) {
    Tally tally;
    for (std::uint64_t i = 0; i < Tally::kMaxRuns / 2; ++i) {
      tally.add(evtx("Security", 10 * i + static_cast<std::uint64_t>(unit) * 3, 1), true);
    }
    whole.merge(std::move(tally));
    EXPECT_EQ(whole.too_scattered(), unit > 0);
  }
  EXPECT_EQ(info_of(whole).id_gap_count, 0U);
}

TEST(Tally, CarvedRecordsMakeNoGaps) {
  Tally tally;
  tally.add(evtx("Security", 10, 1), true);
  model::EventHead old = evtx("Security", 3, 1);
  old.place.carved = true;
  tally.add(old, true);
  EXPECT_EQ(info_of(tally).id_gap_count, 0U);
}

}  // namespace
}  // namespace tocsin::scanning
