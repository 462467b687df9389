#include "scan/same_events.hpp"

#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scan/finding_codec.hpp"

namespace tocsin::scanning {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr std::int64_t kSecond = 10'000'000;

struct Input {
  std::string place, record, happening, log;
  double seconds = 0;
  std::string rule = "r";
};

// Which place is linked to the finding of which place.
std::map<std::string, std::string> links(const std::vector<Input>& inputs, std::size_t budget = 1 << 20) {
  SameEvents same = *SameEvents::make(budget);
  for (const Input& input : inputs) {
    const Sameness sameness{input.record, input.happening, input.log, input.happening.empty() ? 0U : 2U};
    const Timestamp time{static_cast<std::int64_t>(input.seconds * kSecond)};
    EXPECT_TRUE(same.add({input.place, input.place, input.rule, 7, time, &sameness}));
  }
  std::map<std::string, std::string> found;
  EXPECT_TRUE(same.each([&](std::string_view place, std::uint32_t rule, std::string_view id) -> Result<void> {
    EXPECT_EQ(rule, 7U);
    EXPECT_TRUE(found.emplace(place, id).second) << place << " is linked twice";
    return {};
  }));
  return found;
}

TEST(SameEvents, OneRecordInSeveralFiles) {
  EXPECT_THAT(links({{"b", "host 4711", "", ""}, {"a", "host 4711", "", ""}, {"c", "host 4711", "", ""}}),
              ElementsAre(Pair("b", "a"), Pair("c", "a")));
  EXPECT_THAT(links({{"a", "host 4711", "", ""}, {"b", "host 4712", "", ""}}), IsEmpty());
  EXPECT_THAT(links({{"a", "host 4711", "", ""}, {"b", "host 4711", "", "", 0, "other rule"}}), IsEmpty());
  EXPECT_THAT(links({{"a", "", "", ""}, {"b", "", "", ""}}), IsEmpty()) << "what is not known links nothing";
}

TEST(SameEvents, OneProcessInTwoLogs) {
  EXPECT_THAT(links({{"a", "1", "pid 8", "security-4688", 10}, {"b", "2", "pid 8", "sysmon", 11.9}}),
              ElementsAre(Pair("b", "a")));
  EXPECT_THAT(links({{"a", "1", "pid 8", "security-4688", 10}, {"b", "2", "pid 8", "sysmon", 12.1}}), IsEmpty());
  EXPECT_THAT(links({{"a", "1", "pid 8", "security-4688", 10}, {"b", "2", "pid 9", "sysmon", 10}}), IsEmpty());
}

TEST(SameEvents, OneLogThatTellsOfTwoHasSeenTwo) {
  // The id was given again within two seconds: two processes, each in both logs.
  EXPECT_THAT(links({{"a", "1", "pid 8", "security-4688", 10.0},
                     {"b", "2", "pid 8", "sysmon", 10.1},
                     {"c", "3", "pid 8", "security-4688", 11.0},
                     {"d", "4", "pid 8", "sysmon", 11.1}}),
              ElementsAre(Pair("b", "a"), Pair("d", "c")));
}

TEST(SameEvents, CopiesOfBothLogsAreOneGroup) {
  EXPECT_THAT(links({{"a", "1", "pid 8", "security-4688", 10.0},
                     {"b", "2", "pid 8", "sysmon", 10.1},
                     {"c", "1", "pid 8", "security-4688", 10.0},
                     {"d", "2", "pid 8", "sysmon", 10.1}}),
              ElementsAre(Pair("b", "a"), Pair("c", "a"), Pair("d", "a")));
}

TEST(SameEvents, NeitherOrderNorMemoryMatter) {
  std::vector<Input> inputs;
  for (int i = 0; i < 500; ++i) {
    inputs.push_back({"a" + std::to_string(i), std::to_string(i), "", ""});
    inputs.push_back({"b" + std::to_string(i), std::to_string(i), "", ""});
  }
  const auto plain = links(inputs);
  EXPECT_EQ(plain.size(), 500U);
  std::ranges::reverse(inputs);
  EXPECT_EQ(links(inputs, 1000), plain);
}

}  // namespace
}  // namespace tocsin::scanning
