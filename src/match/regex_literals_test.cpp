#include "match/regex_literals.hpp"

#include <gtest/gtest.h>

namespace tocsin::match {
namespace {

using Literals = std::vector<std::string>;

TEST(RegexLiterals, TheLongestThatEveryMatchHolds) {
  EXPECT_EQ(required_literals("ab+cdef.*ghi", {}), Literals{"cdef"});
  EXPECT_EQ(required_literals("(?:\\\\\\\\)?PowerShell\\.exe", {.ignore_case = true}), Literals{"powershell.exe"});
}

TEST(RegexLiterals, OneOfEachAlternative) {
  EXPECT_EQ(required_literals("(alpha|beta)x?", {}), (Literals{"alpha", "beta"}));
  EXPECT_EQ(required_literals("(ab|cd).*longer", {}), Literals{"longer"});
}

TEST(RegexLiterals, NoneWhereATextMayHoldAnything) {
  EXPECT_EQ(required_literals("[0-9]+", {}), std::nullopt);
  EXPECT_EQ(required_literals("a|.", {}), std::nullopt);
  EXPECT_EQ(required_literals("", {}), std::nullopt);
  EXPECT_EQ(required_literals("\u00e4\u00f6\u00fc", {}), std::nullopt);
}

TEST(RegexLiterals, MoreSetsForTurningTextsDown) {
  using Sets = std::vector<Literals>;
  EXPECT_EQ(required_sets("(alpha|beta).*&&", {}), (Sets{{"alpha", "beta"}, {"&&"}}));
  EXPECT_EQ(required_sets("\\w+`(\\w+|-|.)`[\\w+|\\s]", {}), Sets{{"`"}});
  EXPECT_EQ(required_sets("[0-9]+", {}), Sets{});
  EXPECT_EQ(required_sets("\u00e4\u00f6\u00fc", {}), Sets{});
}

TEST(RegexLiterals, WhatFoldsToAsciiMatchesToo) {
  // KELVIN SIGN folds to k: the folded text holds the literal where RE2 matches.
  const std::string text = "\u212Aey";
  ASSERT_TRUE(RegexCache(1).search(0, "key", {.ignore_case = true}, text));
  std::string folded;
  append_folded(folded, text);
  EXPECT_EQ(required_literals("key", {.ignore_case = true}), Literals{folded});
}

}  // namespace
}  // namespace tocsin::match
