#include "evidence/json/key_trail.hpp"

#include <functional>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/json/json_testing.hpp"

namespace tocsin::evidence::json {
namespace {

using json_testing::codes;
using json_testing::read_json;

TEST(KeyTrail, FollowsWhatItHasSeen) {
  const int binding = 0;
  constexpr std::string_view kText = R"({"a":1,"b":2})";
  KeyTrail trail;
  trail.begin(&binding);
  EXPECT_EQ(trail.expected(1, 0), "");
  EXPECT_EQ(trail.follow(1, 0, "a", 2), nullptr);
  EXPECT_TRUE(trail.leave().empty());
  EXPECT_FALSE(trail.following());
  trail.add({1, 0, 7, false, false}, "a");
  trail.add({1, 0, 8, false, false}, "b");

  trail.begin(&binding);
  EXPECT_EQ(trail.expected(2, 0), "");  // another object
  EXPECT_EQ(trail.expected(1, 3), "");  // at another place
  EXPECT_EQ(trail.expected(1, 0), "a\"");
  EXPECT_EQ(trail.follow_expected(2, 3).to, 7U);
  EXPECT_EQ(trail.follow(1, 0, "c", 8), nullptr);
  const auto met = trail.leave();
  ASSERT_EQ(met.size(), 1U);
  EXPECT_EQ(kText.substr(met[0].begin, met[0].end - met[0].begin), "a");
  trail.add({1, 0, 9, false, false}, "c");

  trail.begin(&binding);
  (void)trail.follow_expected(2, 3);
  EXPECT_EQ(trail.expected(1, 0), "c\"");
  const KeyTrail::Step* const other = trail.follow(1, 0, "b", 8);
  ASSERT_NE(other, nullptr);
  EXPECT_EQ(other->to, 8U);
}

TEST(KeyTrail, EachBindingHasItsOwn) {
  const int one = 0, other = 0;
  KeyTrail trail;
  trail.begin(&one);
  (void)trail.leave();
  trail.add({1, 0, 7, false, false}, "a");
  trail.begin(&other);
  EXPECT_EQ(trail.expected(1, 0), "");
  trail.begin(&one);
  EXPECT_EQ(trail.expected(1, 0), "a\"");
}

TEST(KeyTrail, WhatIsNeverAlikeIsNotKeptForEver) {
  const int binding = 0;
  KeyTrail trail;
  int followed = 0;
  for (; followed < 100'000; ++followed) {
    trail.begin(&binding);
    if (!trail.following()) break;
    (void)trail.leave();
    trail.add({1, 0, 0, false, false}, std::to_string(followed));
  }
  EXPECT_FALSE(trail.following());
  EXPECT_GT(followed, 1000);
}

const std::vector<std::string> kOddKeys{"A",
                                        "B",
                                        "A_1",
                                        "A_2",
                                        "#text",
                                        "#attributes",
                                        "@Name",
                                        "Name",
                                        "Image",
                                        "\\u0041",
                                        "Da ta",
                                        "A.B",
                                        "\u00e4",
                                        "Data",
                                        "B\xFF",
                                        "A_1 ",
                                        "a key\\u0020longer than what stands in a string itself"};

// Records of few keys in any order, twice, nested, escaped: what is read must not depend on the records before.
TEST(KeyTrail, ReadsAsIfEachRecordWereAlone) {
  json_testing::JsonFixture fixture;
  fixture.want({"Image", "A", "B", "A_B", "Data", "EventID", "Channel", "Provider_Name", "A.B"});
  std::mt19937 random(5);
  const std::function<std::string(int)> object = [&](int depth) {
    std::string text = "{";
    const std::size_t count = random() % 4;
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) text += ",";
      text += "\"" + kOddKeys[random() % kOddKeys.size()] + "\":";
      const std::size_t kind = depth > 3 ? 0 : random() % 6;
      text += kind == 1   ? object(depth + 1)
              : kind == 2 ? "[" + object(depth + 1) + ",2]"
              : kind == 3 ? "null"
                          : "\"v\"";
    }
    return text + "}";
  };
  std::vector<std::string> records;
  for (int i = 0; i < 1500; ++i) {
    const std::string system = R"("System":{"EventID":1,"Channel":"Security","Provider":{"#attributes":{"Name":"P"}}})";
    records.push_back(i % 3 == 0 ? R"({"EventID":1,"Channel":"Security","Hostname":"h","x":)" + object(0) + "}"
                                 : R"({"Event":{)" + system + R"(,"EventData":)" + object(0) + "}}");
    if (i % 5 == 0) records.push_back(object(0));
  }
  std::string all;
  for (const std::string& record : records) all += record + "\n";
  const json_testing::Seen together = read_json(all, fixture.options, 4096, false);
  std::vector<std::string> alone_codes;
  std::size_t next = 0;
  for (const std::string& record : records) {
    const json_testing::Seen alone = read_json(record + "\n", fixture.options, 4096, false);
    for (const std::string& code : codes(alone)) alone_codes.push_back(code);
    for (const json_testing::SeenEvent& event : alone.events) {
      ASSERT_LT(next, together.events.size());
      ASSERT_EQ(together.events[next].fields, event.fields) << record;
      ASSERT_EQ(together.events[next].shape, event.shape) << record;
      ++next;
    }
  }
  EXPECT_EQ(next, together.events.size());
  EXPECT_EQ(codes(together), alone_codes);
  EXPECT_THAT(alone_codes, ::testing::Contains("json_duplicate_key"));
}

}  // namespace
}  // namespace tocsin::evidence::json
