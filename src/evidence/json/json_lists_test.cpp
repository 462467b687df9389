// What stands between the records of a list: commas, and values that are no records.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/json/json_testing.hpp"

namespace tocsin::evidence {
namespace {

using json_testing::read_json;
using json_testing::Seen;
using ::testing::ElementsAre;
class JsonListsTest : public ::testing::Test, protected json_testing::JsonFixture {};

// Code, offset, count and skipped bytes of what was told, shortly.
std::vector<std::string> told(const Seen& seen) {
  std::vector<std::string> all;
  for (const Anomaly& anomaly : seen.anomalies) {
    all.push_back(anomaly.code.substr(5) + '@' + std::to_string(anomaly.offset) + " x" + std::to_string(anomaly.count) +
                  " -" + std::to_string(anomaly.skipped));
  }
  return all;
}

TEST_F(JsonListsTest, WhatIsNoRecordInAListIsTold) {
  struct Case {
    std::string_view text;
    std::vector<std::string> told;
    std::size_t events;
  };
  for (const Case& one : std::vector<Case>{
           {"[1,2,{\"a\":1}]", {"not_an_object@1 x2 -2"}, 1},
           {"[\n1,\n\"x\",\n{\"a\":1},\nnull,\n{\"a\":2}\n]\n", {"not_an_object@2 x2 -4", "not_an_object@19 x1 -4"}, 2},
           {"{\"Records\":[{\"a\":1},2,true,{\"a\":2}]}", {"not_an_object@20 x2 -5"}, 2},
           {"[[1,{\"a\":1},[{\"a\":2}]],{\"a\":3}]", {"not_an_object@2 x1 -1", "not_an_object@12 x1 -9"}, 2},
           {"{\"x\":0}\n[1,\"two\",{\"a\":1},[],3]\n", {"not_an_object@9 x2 -6", "not_an_object@25 x2 -3"}, 2},
           {"{\"x\":0}\n{\"Records\":[{\"a\":1},1,2]}\n", {"not_an_object@28 x2 -2"}, 2},
           {"{\"x\":0}\n{\"a\":[1,2,{\"b\":1}]}\n", {}, 2},
           {"[{\"a\":1},\"\xC3\xA4\",7,{\"a\":2},tru,\"\xFF\"]",
            {"not_an_object@9 x2 -5", "truncated@27 x1 -3", "invalid_utf8@29 x1 -0", "not_an_object@28 x1 -3"},
            2},
       }) {
    for (const std::size_t block : {1U, 3U, 4096U}) {
      options.unit_bytes = block;  // where units are cut must not matter either
      const Seen seen = read_json(one.text, options, block);
      EXPECT_EQ(told(seen), one.told) << one.text;
      EXPECT_EQ(seen.events.size(), one.events) << one.text;
    }
  }
}

TEST_F(JsonListsTest, CommasOfAListAreChecked) {
  struct Case {
    std::string_view text;
    std::vector<std::string> told;
  };
  for (const Case& one : std::vector<Case>{
           {"[{\"a\":1}{\"a\":2}]", {"missing_comma@8 x1 -0"}},
           {"[{\"a\":1} \n {\"a\":2},{\"a\":3}{\"a\":4}]", {"missing_comma@11 x1 -0", "missing_comma@26 x1 -0"}},
           {"[{\"a\":1},,{\"a\":2},\n, ,{\"a\":3},{\"a\":4},,{\"a\":5}]",
            {"extra_comma@9 x3 -0", "extra_comma@38 x1 -0"}},
           {"[{\"a\":1}]\n[,{\"a\":2},]", {"extra_comma@11 x2 -0"}},
           {"[{\"a\":1},{\"a\":2},]\n[,]", {"extra_comma@17 x2 -0"}},
           {"{\"Records\":[{\"a\":1}{\"a\":2}{\"a\":3},,{\"a\":4}],\"b\":1}",
            {"missing_comma@19 x2 -0", "extra_comma@34 x1 -0"}},
           {"[{\"k\":1},{\"k\":{\"x\" 2}}  {\"k\":3}]", {"syntax@19 x1 -15"}},  // lost with the damage
           {"{\"a\":1},,{\"a\":2}{\"a\":3}", {}},                               // no list
       }) {
    for (const std::size_t block : {1U, 3U, 4096U}) {
      options.unit_bytes = block;
      EXPECT_EQ(told(read_json(one.text, options, block)), one.told) << one.text;
    }
  }
}

// A word that begins like a value counts as one value, wherever the unit ends.
TEST_F(JsonListsTest, AWordThatGoesOnBehindAValueIsOneDamagedValue) {
  for (const std::size_t unit : {1U, 4096U}) {
    options.unit_bytes = unit;
    const Seen seen = read_json("[{\"a\":1},4ru,truex,{\"a\":2}]", options);
    ASSERT_EQ(seen.events.size(), 2U);
    EXPECT_EQ(seen.events[1].place.record, 4U);
    EXPECT_THAT(told(seen), ElementsAre("syntax@10 x1 -3", "syntax@17 x1 -5"));
  }
}

TEST_F(JsonListsTest, TroubleBetweenRecordsIsBounded) {
  std::string text = "[";
  for (int i = 0; i < 1'000; ++i) text += "{\"a\":1}{\"a\":2},,{\"a\":3},4,";
  const Seen seen = read_json(text + "{\"a\":5}]", options, 4096, false);
  EXPECT_EQ(seen.events.size(), 3'001U);
  EXPECT_LT(seen.anomalies.size(), 200U);
  std::map<std::string, std::uint64_t> counts;
  for (const Anomaly& anomaly : seen.anomalies) counts[anomaly.code] += anomaly.count;
  EXPECT_EQ(counts, (std::map<std::string, std::uint64_t>{
                        {"json_extra_comma", 1'000}, {"json_missing_comma", 1'000}, {"json_not_an_object", 1'000}}));
}

TEST_F(JsonListsTest, CommasInUtf16HavePlacesOfTheOriginal) {
  std::string text = "\xFF\xFE";
  for (const char c : std::string_view("[{\"a\":1},,{\"a\":2}{\"a\":3},4]")) text += c, text += '\0';
  EXPECT_THAT(told(read_json(text, options, 3)),
              ElementsAre("extra_comma@20 x1 -0", "missing_comma@36 x1 -0", "not_an_object@52 x1 -2"));
}

}  // namespace
}  // namespace tocsin::evidence
