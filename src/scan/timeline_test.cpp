#include "scan/timeline.hpp"

#include <ranges>

#include <gtest/gtest.h>

#include "scan/answers_testing.hpp"

namespace tocsin::scanning {
namespace {

using testing::MadeEvent;

constexpr std::int64_t kSecond = 10'000'000, kHour = 3600 * kSecond, kDay = 24 * kHour;

Timeline filled(const TimeCounts& counts, std::int64_t most = 100) {
  Timeline timeline;
  counts.fill(timeline, most);
  return timeline;
}

std::string text_of(const Timeline& timeline) {
  std::string text = std::to_string(timeline.bucket / kSecond) + "s\n";
  for (const Timeline::Row& row : timeline.rows) {
    text += row.name + " " + std::to_string(row.total) + ":";
    for (const Timeline::Count& count : row.counts)
      text += " " + format_time(count.from) + "=" + std::to_string(count.events);
    text += "\n";
  }
  return text;
}

TEST(TimeCountsTest, TakesTheSmallestBucketThatFits) {
  TimeCounts counts;
  const std::int64_t noon = parse_time("2021-07-19T12:00:00Z")->ticks;
  for (int i = 0; i < 48; ++i) counts.add("a", Timestamp{noon + i * kHour});
  EXPECT_EQ(filled(counts, 100).bucket, kHour);
  EXPECT_EQ(filled(counts, 47).bucket, 3 * kHour);
  EXPECT_EQ(filled(counts, 3).bucket, kDay);
  const Timeline days = filled(counts, 3);
  ASSERT_EQ(days.rows.at(0).counts.size(), 3U);
  EXPECT_EQ(days.rows[0].counts[1].events, 24U);
  EXPECT_EQ(format_time(days.rows[0].counts[1].from), "2021-07-20T00:00:00.0000000Z");
}

TEST(TimeCountsTest, KeepsTheBucketThatWasAskedFor) {
  TimeCounts counts(kHour);
  counts.add("a", Timestamp{10 * kDay});
  counts.add("a", Timestamp{400 * kDay});
  counts.add("b", std::nullopt);
  const Timeline timeline = filled(counts, 5);
  EXPECT_EQ(timeline.bucket, kHour);
  EXPECT_EQ(timeline.rows.at(0).name, "a");
  EXPECT_EQ(timeline.rows.at(1).without_time, 1U);
  EXPECT_EQ(timeline.rows.at(1).total, 1U);
}

TEST(TimeCountsTest, GrowsItsBucketsUnderHostileTimesWhateverTheirOrder) {
  std::vector<std::int64_t> times;
  for (std::int64_t i = 0; i < 300'000; ++i) times.push_back((i * 7'919'000'003) % (20'000 * kDay) + 1);
  TimeCounts forward, backward, merged;
  for (const std::int64_t time : times) forward.add("a", Timestamp{time});
  for (const std::int64_t time : times | std::views::reverse) backward.add("a", Timestamp{time});
  TimeCounts second;
  for (std::size_t i = 0; i < times.size(); ++i) (i % 2 == 0 ? merged : second).add("a", Timestamp{times[i]});
  merged.merge(second);
  EXPECT_EQ(text_of(filled(forward)), text_of(filled(backward)));
  EXPECT_EQ(text_of(filled(forward)), text_of(filled(merged)));
  EXPECT_EQ(filled(forward).rows.at(0).total, times.size());
}

TEST(TimeCountsTest, ManyNamesAreOthers) {
  TimeCounts counts;
  for (int i = 0; i < 1000; ++i) counts.add("name" + std::to_string(i), Timestamp{kDay});
  const Timeline timeline = filled(counts);
  EXPECT_EQ(timeline.rows.size(), TimeCounts::kMaxRows + 1);
  EXPECT_EQ(timeline.rows.front().name, "others");
  EXPECT_EQ(timeline.rows.front().total, 1000 - TimeCounts::kMaxRows);
}

class TimelineTest : public testing::AnswerTest {};

TEST_F(TimelineTest, RowsByWhatIsAskedForAndTheSameOnAnyNumberOfThreads) {
  std::vector<MadeEvent> events;
  for (int i = 0; i < 400; ++i) {
    events.push_back({.channel = i % 3 == 0 ? "System" : "Security",
                      .host = i % 2 == 0 ? "A" : "B",
                      .time = "2021-07-" + std::to_string(10 + i % 20) + "T12:00:00Z",
                      .id = i % 5});
  }
  write("a.ndjson", events);
  const auto names = [&](TimelineOptions::By by, unsigned threads, std::uint64_t unit_bytes) {
    TimelineOptions options;
    options.evidence = evidence(threads, unit_bytes);
    options.by = by;
    ReadingInputs inputs;
    inputs.evidence = &options.evidence;
    const auto timeline = run_timeline(inputs, options);
    EXPECT_TRUE(timeline);
    return text_of(*timeline);
  };
  using By = TimelineOptions::By;
  for (const By by : {By::channel, By::host, By::level, By::event_id}) {
    const std::string one = names(by, 1, 0);
    EXPECT_EQ(names(by, 7, 700), one);
  }
  EXPECT_NE(names(By::channel, 1, 0).find("Security 266:"), std::string::npos);
  EXPECT_NE(names(By::host, 1, 0).find("A 200:"), std::string::npos);
  EXPECT_NE(names(By::level, 1, 0).find("always 400:"), std::string::npos);
  EXPECT_NE(names(By::event_id, 1, 0).find("Security 4 53:"), std::string::npos);
}

}  // namespace
}  // namespace tocsin::scanning
