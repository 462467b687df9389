#include "base/external_sort.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tocsin::base {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Pairs walk(const ExternalSort& sort) {
  Pairs result;
  EXPECT_TRUE(sort.each([&](std::string_view key, std::string_view payload) -> Result<void> {
    result.emplace_back(key, payload);
    return {};
  }));
  return result;
}

TEST(ExternalSort, SortsStablyWithAndWithoutSpilling) {
  Pairs input;
  std::mt19937 random{11};
  for (int i = 0; i < 5000; ++i) {
    input.emplace_back(std::to_string(random() % 700), std::string(random() % 90, 'x') + std::to_string(i));
  }
  Pairs expected = input;
  std::ranges::stable_sort(expected, {}, &Pairs::value_type::first);
  for (const std::size_t budget :
       {std::size_t{1}, std::size_t{4096}, std::size_t{100'000}, ExternalSort::kDefaultBudget}) {
    ExternalSort sort = *ExternalSort::make(budget);
    for (const auto& [key, payload] : input) ASSERT_TRUE(sort.add(key, payload));
    EXPECT_EQ(walk(sort), expected) << budget;
    EXPECT_EQ(walk(sort), expected) << "a second walk, budget " << budget;
    EXPECT_EQ(sort.spilled_runs() > 0, budget < 1'000'000);
  }
}

TEST(ExternalSort, AddingAfterAWalkIsSeenByTheNext) {
  ExternalSort sort = *ExternalSort::make(64);
  ASSERT_TRUE(sort.add("b", "1"));
  EXPECT_EQ(walk(sort).size(), 1U);
  ASSERT_TRUE(sort.add("a", "2"));
  EXPECT_EQ(walk(sort), (Pairs{{"a", "2"}, {"b", "1"}}));
}

TEST(ExternalSort, RecordsLargerThanTheReadBlock) {
  ExternalSort sort = *ExternalSort::make(1000);
  const std::string large(300'000, 'L');
  ASSERT_TRUE(sort.add("2", large));
  ASSERT_TRUE(sort.add("1", large + "!"));
  ASSERT_TRUE(sort.add("3", ""));
  EXPECT_EQ(walk(sort), (Pairs{{"1", large + "!"}, {"2", large}, {"3", ""}}));
}

TEST(ExternalSort, AVisitorsErrorEndsTheWalk) {
  ExternalSort sort = *ExternalSort::make();
  ASSERT_TRUE(sort.add("a", ""));
  ASSERT_TRUE(sort.add("b", ""));
  int seen = 0;
  const auto result = sort.each([&](std::string_view, std::string_view) -> Result<void> {
    ++seen;
    return fail(ErrorCode::io, "full");
  });
  EXPECT_FALSE(result);
  EXPECT_EQ(seen, 1);
}

TEST(ExternalSort, SaysWhereAScratchFileCannotBeMade) {
  const char* const old = std::getenv("TMPDIR");
  const std::string kept = old != nullptr ? old : "";
  ::setenv("TMPDIR", "/nonexistent/folder", 1);
  const auto sort = ExternalSort::make();
  if (old != nullptr) {
    ::setenv("TMPDIR", kept.c_str(), 1);
  } else {
    ::unsetenv("TMPDIR");
  }
  ASSERT_FALSE(sort);
  EXPECT_NE(sort.error().place.find("/nonexistent/folder"), std::string::npos);
  EXPECT_NE(sort.error().hint.find("TMPDIR"), std::string::npos);
}

}  // namespace
}  // namespace tocsin::base
