#include "match/regex.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace tocsin::match {
namespace {

struct Refused {
  std::string_view pattern, says;
  std::size_t begin;
};

void PrintTo(const Refused& one, std::ostream* out) {
  *out << one.pattern;
}

class Unsupported : public testing::TestWithParam<Refused> {};

TEST_P(Unsupported, IsNamed) {
  const auto refusal = check_regex(GetParam().pattern, {});
  ASSERT_TRUE(refusal);
  EXPECT_TRUE(refusal->unsupported);
  EXPECT_NE(refusal->message.find(GetParam().says), std::string::npos) << refusal->message;
  EXPECT_EQ(refusal->begin, GetParam().begin);
  EXPECT_LE(refusal->end, GetParam().pattern.size());
}

INSTANTIATE_TEST_SUITE_P(
    All, Unsupported,
    testing::Values(Refused{"a(?=b)", "look-ahead", 1}, Refused{"a(?!b)", "negative look-ahead", 1},
                    Refused{"(?<=a)b", "look-behind", 0}, Refused{"(?<!a)b", "negative look-behind", 0},
                    Refused{"(a)\\1", "back-reference", 3}, Refused{"(?P<n>a)(?P=n)", "back-reference", 8},
                    Refused{"\\k<n>", "back-reference", 0}, Refused{"a++b", "possessive", 1},
                    Refused{"a*+", "possessive", 1}, Refused{"a{2}+", "possessive", 1},
                    Refused{"(?<n>a)", "named group", 0}, Refused{"a\\Z", "\\Z", 1}, Refused{"(?>a)", "atomic", 0},
                    Refused{"a{1001}", "larger than 1000", 1}, Refused{"a{1,5000}", "larger than 1000", 1},
                    Refused{"(?R)", "recursion", 0}, Refused{"(?#x)", "comment", 0}, Refused{"\\u0041", "\\u", 0},
                    Refused{"(?:(?:a{100}){100}){100}", "repetition", 7}));

TEST(Regex, TakesWhatOnlyLooksLikeIt) {
  for (const std::string_view pattern :
       {"[(?=a)]", "\\(?=a", "a\\+\\+", "[a++]", "a+?", "a{2}?", "[]a(?=]", "[^]\\1]", "\\Q(?=\\E", "\\\\1", "(?i)a",
        "(?P<n>a)", "a{,5}", "{", "[[:alpha:](?<]", "\\x41"}) {
    const auto refusal = find_unsupported_feature(pattern);
    EXPECT_FALSE(refusal) << pattern << ": " << refusal->message;
  }
}

TEST(Regex, SaysWhatIsWrong) {
  const auto says = [](std::string_view pattern) {
    const auto refusal = check_regex(pattern, {});
    EXPECT_TRUE(refusal) << pattern;
    return refusal ? refusal->message : std::string();
  };
  EXPECT_EQ(says("(a"), "a closing parenthesis `)` is missing");
  EXPECT_EQ(says("a)"), "a closing parenthesis `)` has no opening one");
  EXPECT_EQ(says("[a"), "a closing bracket `]` is missing");
  EXPECT_EQ(says("*a"), "`*` has nothing to repeat");
  EXPECT_EQ(says("a\\"), "the expression ends in a single backslash");
  EXPECT_EQ(says("[z-a]"), "`z-a` is no range of characters");
  EXPECT_EQ(says("\\y"), "`\\y` is no escape of the supported syntax");
  EXPECT_NE(says(std::string(kRegexMaxLength + 1, 'a')), "");
}

TEST(Regex, SearchesLeftmostFirst) {
  const RegexCache cache(3);
  EXPECT_EQ(cache.search(0, "a|ab", {}, "xab"), (TextSpan{1, 2}));
  EXPECT_EQ(cache.search(1, "^b$", {.multi_line = true}, "a\nb\nc"), (TextSpan{2, 3}));
  EXPECT_EQ(cache.search(2, "\xC3\xA4", {.ignore_case = true}, "x\xC3\x84"), (TextSpan{1, 3}));
  EXPECT_EQ(cache.search(0, "a|ab", {}, ""), std::nullopt);
}

// A way of its own, which must give what RE2 gives for the same in other words.
TEST(Regex, CountsLongRunsAsTheEngineDoes) {
  const std::string texts[] = {"",
                               "abc",
                               "abcd",
                               "abcde",
                               "abc\nabcdef\nabcdefgh",
                               "\u00e4\u00f6\u00fc",
                               "\u00e4\u00f6\u00fc\u00df",
                               "ab\xFFzbcd\xC3",
                               "abcd\n",
                               "\nabcd",
                               "\xED\xA0\x80zbc",
                               "\xE0\x80\x80\xF4\xBF\xBF\xBFzb",
                               "\xF5zbcd",
                               "\xC1\x80zbc",
                               "ab\xE2\x82zbcde"};
  for (const bool dot_all : {false, true}) {
    const RegexFlags flags{.dot_all = dot_all};
    for (const std::string& text : texts) {
      EXPECT_EQ(RegexCache(1).search(0, ".{4,}", flags, text), RegexCache(1).search(0, "(?:.{4,})", flags, text))
          << text;
      EXPECT_EQ(RegexCache(1).search(0, ".{0,}", flags, text), RegexCache(1).search(0, "(?:.{0,})", flags, text))
          << text;
    }
  }
}

TEST(Regex, CountsRunsWithoutACharacterAsTheEngineDoes) {
  const std::string texts[] = {"",           "abc",        "abcd",
                               "ab/cdef",    "/abcd/",     "abcd/abc",
                               "a/b/c",      "abc\ndef/g", "/\n\u00e4\u00f6\u00fc",
                               "ab\xFFzbcd", "abcd\xC3",   "abcd\n"};
  for (const std::string& text : texts) {
    for (const char* const pattern : {"[^/]{4,}$", "[^/]{3,}", "[^/]{0,}$", ".{4,}$", ".{2,}$"}) {
      const std::string same = std::string("(?:") + pattern + ")";
      for (const RegexFlags flags : {RegexFlags{}, RegexFlags{.multi_line = true}, RegexFlags{.dot_all = true}}) {
        EXPECT_EQ(RegexCache(1).search(0, pattern, flags, text), RegexCache(1).search(0, same, flags, text))
            << pattern << " in " << text;
      }
    }
  }
}

TEST(Regex, WhatIsPossibleIsNotTurnedDown) {
  const RegexCache cache(2);
  constexpr std::string_view kPattern = "(set).*&&\\s?set.*(environment|invoke)";
  const RegexFlags flags{.ignore_case = true};
  EXPECT_TRUE(cache.possible(0, kPattern, flags, "set x && set environment"));
  EXPECT_FALSE(cache.possible(0, kPattern, flags, "set x & set environment"));
  EXPECT_FALSE(cache.possible(0, kPattern, flags, "set x && set nothing"));
  EXPECT_TRUE(cache.possible(1, "[0-9]+", {}, ""));
}

TEST(Regex, IsCompiledOnceByWhoeverIsFirst) {
  const RegexCache cache(1);
  std::vector<std::thread> threads;
  std::vector<int> found(4);
  for (int& one : found) {
    threads.emplace_back([&cache, &one] { one = cache.search(0, "b+", {}, "abbb") == TextSpan{1, 4} ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(found, std::vector<int>(4, 1));
}

// With backtracking this would outlast us all.
TEST(Regex, WhatWouldBacktrackIsSearchedInLinearTime) {
  const RegexCache cache(2);
  const std::string text = std::string(200'000, 'a') + "b";
  EXPECT_EQ(cache.search(0, "^(a+)+$", {}, text), std::nullopt);
  EXPECT_EQ(cache.search(1, "^(a|a?)+$", {}, text), std::nullopt);
}

TEST(Regex, QuotesText) {
  EXPECT_FALSE(check_regex(quote_regex("a.b*(c)\\\n"), {}));
  const RegexCache cache(1);
  EXPECT_TRUE(cache.search(0, quote_regex("a.b*("), {}, "xa.b*(y"));
}

}  // namespace
}  // namespace tocsin::match
