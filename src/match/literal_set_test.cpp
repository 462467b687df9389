#include "match/literal_set.hpp"

#include <random>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace tocsin::match {
namespace {

struct Built {
  std::string chars;
  std::vector<std::uint32_t> words;
  std::vector<Literal> pool;
  LiteralSet set;

  explicit Built(const std::vector<std::string>& texts) {
    std::vector<Literal> literals;
    for (std::uint32_t i = 0; i < texts.size(); ++i) {
      literals.push_back({static_cast<std::uint32_t>(chars.size()), static_cast<std::uint32_t>(texts[i].size()), i});
      chars += texts[i];
    }
    words.push_back(7);  // the pool is not empty before
    set = add_literal_set(literals, chars, words, pool);
  }
  [[nodiscard]] std::set<std::uint32_t> find(std::string_view text) const {
    std::set<std::uint32_t> found;
    find_literals(set, {words, pool, chars}, text, [&](std::uint32_t owner) { found.insert(owner); });
    return found;
  }
};

using Owners = std::set<std::uint32_t>;

TEST(LiteralSet, FindsEachLengthAtEachPlace) {
  const Built built({"a", "bc", "def", "ghij", "klmno", "pqrstuvwxyz"});
  EXPECT_EQ(built.find("abcdefghijklmnopqrstuvwxyz"), (Owners{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(built.find("a"), Owners{0});
  EXPECT_EQ(built.find("xbc"), Owners{1});
  EXPECT_EQ(built.find("klmno"), Owners{4});
  EXPECT_EQ(built.find("klmn"), Owners{});
  EXPECT_EQ(built.find("lmno"), Owners{});
  EXPECT_EQ(built.find(""), Owners{});
}

TEST(LiteralSet, EqualLiteralsOfSeveralOwners) {
  const Built built({"same", "same", "sam", "other same"});
  EXPECT_EQ(built.find("the same"), (Owners{0, 1, 2}));
  EXPECT_EQ(built.find("another same thing"), (Owners{0, 1, 2, 3}));
}

TEST(LiteralSet, AnEmptySetFindsNothing) {
  EXPECT_EQ(Built({}).find("text"), Owners{});
}

// Against the obvious search, over an alphabet so small that nearly everything collides.
TEST(LiteralSet, AgreesWithPlainSearch) {
  std::mt19937 random(7);
  const auto text = [&](std::size_t longest) {
    std::string out(random() % longest + 1, ' ');
    for (char& c : out) c = static_cast<char>('a' + random() % 3);
    return out;
  };
  std::vector<std::string> texts;
  for (int i = 0; i < 300; ++i) texts.push_back(text(i % 2 == 0 ? 6 : 14));
  const Built built(texts);
  for (int i = 0; i < 2000; ++i) {
    const std::string where = text(60);
    Owners expected;
    for (std::uint32_t k = 0; k < texts.size(); ++k) {
      if (where.find(texts[k]) != std::string::npos) expected.insert(k);
    }
    ASSERT_EQ(built.find(where), expected) << where;
  }
}

}  // namespace
}  // namespace tocsin::match
