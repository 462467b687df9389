// A timeline as chart, table, JSON and CSV.
#include "report/answer_testing.hpp"

namespace tocsin::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Timeline counted_timeline() {
  Timeline out;
  out.reading = reading();
  out.bucket = out.asked_bucket = kHour;
  const Timestamp begin = at("2021-07-13T00:00:00Z");
  const auto count = [&](std::int64_t hour, std::uint64_t events) {
    return Timeline::Count{Timestamp{begin.ticks + hour * kHour}, events};
  };
  out.rows = {{"Security", {count(0, 10), count(1, 80), count(9, 40)}, 131, 1}, {"Odd\x1b[2J", {count(1, 1)}, 1, 0}};
  return out;
}

Write timeline_writer(const Timeline& timeline) {
  return [&timeline](const ReportOptions& options, ByteSink& sink) { return write_timeline(timeline, options, sink); };
}

TEST(TimelineWriter, TextIsAsReviewedAndJsonAgrees) {
  const Timeline timeline = counted_timeline();
  expect_golden("timeline_80.txt", text_of(timeline_writer(timeline), 80));
  expect_golden("timeline_table_80.txt",
                written(timeline_writer(timeline), {ReportFormat::table, Profile::standard, 80}));
  expect_sound(timeline_writer(timeline), "tocsin.timeline");
}

TEST(TimelineWriter, JsonHasBucketsWithEventsOnly) {
  const Timeline timeline = counted_timeline();
  const auto lines = lines_of(timeline_writer(timeline));
  EXPECT_EQ(lines[0]["bucket_seconds"], 3600);
  EXPECT_EQ(lines[0]["of"], "events");
  EXPECT_THAT(keys(lines[1]), ElementsAre("type", "name", "total", "without_time", "counts"));
  EXPECT_EQ(lines[1]["counts"].size(), 3U);
  EXPECT_EQ(lines[1]["counts"][2]["from"], "2021-07-13T09:00:00.0000000Z");
  EXPECT_THAT(written(timeline_writer(timeline), {ReportFormat::csv}),
              HasSubstr("2021-07-13T09:00:00.0000000Z,2021-07-13T10:00:00.0000000Z,Security,40\r\n"));
}

TEST(TimelineWriter, FindingsAndNothingAreNamed) {
  Timeline timeline = counted_timeline();
  timeline.findings = true;
  timeline.bucket = 2 * kHour;
  const std::string text = text_of(timeline_writer(timeline));
  EXPECT_THAT(text, HasSubstr("FINDINGS OVER TIME"));
  EXPECT_THAT(text, HasSubstr("Without a time, and so in the sums only: 1 finding"));
  EXPECT_THAT(text, HasSubstr("Too long a time for a bucket of 1 hour: it was made 2 hours"));
  timeline.rows.clear();
  EXPECT_THAT(text_of(timeline_writer(timeline)), HasSubstr("No findings to show over time"));
}

}  // namespace
}  // namespace tocsin::report
