#include <gtest/gtest.h>

#include "tocsin/event.hpp"

namespace tocsin {
namespace {

TEST(Time, FormatsToTheLastTick) {
  EXPECT_EQ(format_time({0}), "1601-01-01T00:00:00.0000000Z");
  EXPECT_EQ(format_time({132711264001234567}), "2021-07-19T00:00:00.1234567Z");
  EXPECT_EQ(format_time({-1}), "1600-12-31T23:59:59.9999999Z");
}

TEST(Time, ReadsWhatItWrites) {
  for (const std::int64_t ticks :
       {std::int64_t{0}, std::int64_t{132711264001234567}, std::int64_t{1}, std::int64_t{864'000'000'000} * 400'000}) {
    EXPECT_EQ(parse_time(format_time({ticks})), Timestamp{ticks}) << ticks;
  }
}

TEST(Time, ReadsTheUsualForms) {
  const Timestamp noon = *parse_time("2021-07-19T12:00:00Z");
  for (const char* text :
       {"2021-07-19T12:00:00", "2021-07-19 12:00", "2021-07-19T12:00:00.0Z", "2021-07-19T14:00:00+02:00",
        "2021-07-19T14:00:00+0200", "2021-07-19T14:00:00+02", "2021-07-19T08:30:00.0-0330", "2021-07-19 04:00-08",
        "2021-07-19t12:00:00z", "2021-07-19T12:00:00.000000000Z", "2021-07-19T12:00:00,000Z"}) {
    EXPECT_EQ(parse_time(text), noon) << text;
  }
  EXPECT_EQ(parse_time("2021-07-19"), parse_time("2021-07-19T00:00:00Z"));
  EXPECT_EQ(parse_time("2021-07-19T12:00:00.123456789Z")->ticks - noon.ticks, 1'234'567);
  EXPECT_EQ(parse_time("2024-02-29")->ticks + 864'000'000'000, parse_time("2024-03-01")->ticks);
}

TEST(Time, RefusesEverythingElse) {
  for (const char* text : {"", "yesterday", "2021", "2021-07", "2021-13-01", "2021-02-29", "2021-07-19T",
                           "2021-07-19T24:00:00", "2021-07-19T12:60:00", "2021-07-19T12:00:00.",
                           "2021-07-19T12:00:00.1234567890Z", "2021-07-19T12:00:00X", "1600-01-01", " 2021-07-19"}) {
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
  }
  for (const char* offset :
       {"+", "-", "+2", "+02:", "+020", "+02:0", "+02000", "+24", "+25:00", "+0260", "+02Z", " ", " +02"}) {
    EXPECT_EQ(parse_time(std::string("2021-07-19T12:00:00") + offset), std::nullopt) << offset;
  }
  EXPECT_EQ(parse_time("2021-07-19 "), std::nullopt);
}

}  // namespace
}  // namespace tocsin
