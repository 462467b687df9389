#include "detect/sigma/value_cache.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tocsin::sigma {
namespace {

using Numbers = std::vector<std::uint32_t>;

std::optional<Numbers> find(ValueCache& cache, std::uint32_t operand, std::string_view text) {
  const auto found = cache.find(operand, text);
  if (!found) return std::nullopt;
  return Numbers(found->begin(), found->end());
}

void keep(ValueCache& cache, std::uint32_t operand, std::string_view text, const Numbers& numbers) {
  ASSERT_FALSE(cache.find(operand, text));
  cache.keep(operand, text, numbers);
}

TEST(ValueCache, KeepsWhatAValueMetByOperandAndText) {
  ValueCache cache(64);
  keep(cache, 1, "cmd.exe", {3, 4});
  keep(cache, 2, "cmd.exe", {5});
  keep(cache, 1, "", {});
  EXPECT_EQ(find(cache, 1, "cmd.exe"), (Numbers{3, 4}));
  EXPECT_EQ(find(cache, 2, "cmd.exe"), Numbers{5});
  EXPECT_EQ(find(cache, 1, ""), Numbers{});
  EXPECT_EQ(find(cache, 2, ""), std::nullopt);
  EXPECT_EQ(find(cache, 1, "cmd.exe "), std::nullopt);
}

TEST(ValueCache, BeginsAnewWhenItIsFull) {
  ValueCache cache(4);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const std::string text = std::to_string(i);
    keep(cache, 0, text, {i});
    ASSERT_EQ(find(cache, 0, text), Numbers{i});
    if (i % 4 == 0) continue;
    ASSERT_EQ(find(cache, 0, std::to_string(i - 1)), Numbers{i - 1});
  }
  EXPECT_EQ(find(cache, 0, "0"), std::nullopt);
}

TEST(ValueCache, HoldsNoMoreTextThanItsBound) {
  ValueCache cache(1U << 15U);
  const std::string filling(ValueCache::kMaxText - 8, 'x');
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < 3000; ++i) keep(cache, 0, filling + std::to_string(i), {i});
  for (std::uint32_t i = 0; i < 3000; ++i) kept += cache.find(0, filling + std::to_string(i)) ? 1 : 0;
  EXPECT_GT(kept, 0U);
  EXPECT_LE(kept * filling.size(), ValueCache::kMaxBytes);
}

TEST(ValueCache, LongTextsAndLongListsAreNotKept) {
  ValueCache cache(64);
  const std::string text(ValueCache::kMaxText + 1, 'x');
  keep(cache, 0, text, {1});
  EXPECT_EQ(find(cache, 0, text), std::nullopt);
  keep(cache, 0, "a", Numbers(ValueCache::kMaxNumbers + 1));
  EXPECT_EQ(find(cache, 0, "a"), std::nullopt);
}

TEST(ValueCache, OfNoEntriesRemembersNothing) {
  ValueCache cache(0);
  keep(cache, 0, "a", {1});
  EXPECT_EQ(find(cache, 0, "a"), std::nullopt);
}

}  // namespace
}  // namespace tocsin::sigma
