#include "match/exact_set.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace tocsin::match {
namespace {

TEST(ExactSet, FindsWhatIsEqual) {
  std::string chars = "before";
  std::vector<std::uint32_t> words{1, 2};
  std::vector<Literal> texts, pool(3);
  std::vector<std::string> names{"", "a", "ab", "a longer one", "ab"};
  for (int i = 0; i < 500; ++i) names.push_back("name " + std::to_string(i));
  for (const std::string& name : names) {
    texts.push_back({static_cast<std::uint32_t>(chars.size()), static_cast<std::uint32_t>(name.size()),
                     static_cast<std::uint32_t>(texts.size())});
    chars += name;
  }
  const ExactSet set = add_exact_set(texts, chars, words, pool);
  const auto find = [&](std::string_view text) {
    std::set<std::uint32_t> found;
    find_exact(set, {words, pool, chars}, text, [&](std::uint32_t owner) { found.insert(owner); });
    return found;
  };
  using Owners = std::set<std::uint32_t>;
  EXPECT_EQ(find(""), Owners{0});
  EXPECT_EQ(find("ab"), (Owners{2, 4}));
  EXPECT_EQ(find("abc"), Owners{});
  for (std::uint32_t i = 5; i < names.size(); ++i) EXPECT_EQ(find(names[i]), Owners{i});
}

TEST(ExactSet, AnEmptySetFindsNothing) {
  std::vector<std::uint32_t> words;
  std::vector<Literal> pool;
  const ExactSet set = add_exact_set({}, "", words, pool);
  find_exact(set, {words, pool, ""}, "", [](std::uint32_t) { ADD_FAILURE(); });
}

}  // namespace
}  // namespace tocsin::match
