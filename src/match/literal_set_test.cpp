#include "match/literal_set.hpp"

#include <random>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "match/literal_scan.hpp"
#include "match/text_pattern.hpp"

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

// What holds_literal says of the text as it is, against a search of the folded text.
TEST(LiteralScan, AgreesWithFoldingFirst) {
  std::mt19937 random(11);
  const auto text = [&](std::size_t shortest, std::size_t longest, std::string_view alphabet) {
    std::string out(random() % (longest - shortest + 1) + shortest, ' ');
    for (char& c : out) c = alphabet[random() % alphabet.size()];
    return out;
  };
  std::vector<std::string> texts;
  for (int i = 0; i < 40; ++i) texts.push_back(text(7, 9, "ab["));
  const Built built(texts);
  const LiteralPools pools{built.words, built.pool, built.chars};
  int held = 0;
  for (int i = 0; i < 4000; ++i) {
    const std::string where = text(0, 90, "aAbB[{");
    std::string folded;
    append_folded(folded, where);
    const bool expected = !built.find(folded).empty();
    ASSERT_EQ(holds_literal(built.set, pools, where).value_or(expected), expected) << where;
    held += expected ? 1 : 0;
  }
  EXPECT_GT(held, 100);
  EXPECT_LT(held, 3900);
}

TEST(LiteralScan, LeavesToOthersWhatItCannotTell) {
  const Built built({"kerberos::ptt"}), with_short({"kerberos::ptt", "kiwi"});
  const auto ask = [](const Built& set, std::string_view text) {
    return holds_literal(set.set, {set.words, set.pool, set.chars}, text);
  };
  EXPECT_EQ(ask(built, "a long text with \u212Aerberos::ptt in it"), std::nullopt);
  EXPECT_EQ(ask(built, "behind the blocks: \u212A"), std::nullopt);
  EXPECT_EQ(ask(with_short, "kerberos::ptt"), std::nullopt);
  if (ask(built, "").has_value()) {  // 16 bytes at a time
    EXPECT_EQ(ask(built, "a Kerberos::PTT b"), true);
    EXPECT_EQ(ask(built, "a kerberos::pt b"), false);
  }
}

}  // namespace
}  // namespace tocsin::match
