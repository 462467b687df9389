#include "match/text_pattern.hpp"

#include <gtest/gtest.h>

namespace tocsin::match {
namespace {

// "*" and "?" are wild here; everything else is itself.
std::u32string wild(std::string_view text) {
  std::u32string pattern = to_code_points(text);
  for (char32_t& c : pattern) c = c == U'*' ? kAnyRun : c == U'?' ? kAnyOne : c == U'~' ? kAnyDash : c;
  return pattern;
}

std::optional<TextSpan> match(std::string_view pattern, std::string_view text, bool cased = false) {
  const CompiledText compiled = compile_text(wild(pattern), cased);
  const TextPatternView view{compiled.parts, compiled.bytes, compiled.codes, compiled.open_begin, compiled.open_end};
  if (cased) return match_text(view, text);
  std::string folded;
  const bool same = append_folded(folded, text);
  auto span = match_text(view, folded);
  if (span && !same) span = unfold_span(text, *span);
  return span;
}

using Span = std::optional<TextSpan>;

struct Case {
  std::string_view pattern, text;
  Span span;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.pattern << " in '" << one.text << "'";
}

class Spans : public testing::TestWithParam<Case> {};

TEST_P(Spans, CoverWhatThePatternFixes) {
  const Case& one = GetParam();
  const Span found = match(one.pattern, one.text);
  ASSERT_EQ(found.has_value(), one.span.has_value());
  if (!found) return;
  EXPECT_EQ(found->begin, one.span->begin);
  EXPECT_EQ(found->end, one.span->end);
}

INSTANTIATE_TEST_SUITE_P(All, Spans,
                         testing::Values(Case{"abc", "ABC", Span({0, 3})}, Case{"abc", "abcd", std::nullopt},
                                         Case{"", "", Span({0, 0})}, Case{"", "a", std::nullopt},
                                         Case{"*", "", Span({0, 0})}, Case{"*", "abc", Span({0, 3})},
                                         Case{"*b*", "abcb", Span({1, 2})}, Case{"*b", "abcb", Span({3, 4})},
                                         Case{"a*", "abc", Span({0, 1})}, Case{"a*c", "abcc", Span({0, 4})},
                                         Case{"*a*b*", "xaxxbxb", Span({1, 5})}, Case{"*a*b", "xaxbxb", Span({1, 6})},
                                         Case{"ab*ba", "aba", std::nullopt}, Case{"ab*ba", "abba", Span({0, 4})},
                                         Case{"a?c", "a\nc", Span({0, 3})}, Case{"?", "\xC3\xA4", Span({0, 2})},
                                         Case{"?", "\xC3", Span({0, 1})}, Case{"??", "\xC3\xA4", std::nullopt},
                                         Case{"*?b", "xab", Span({1, 3})}, Case{"*?", "abc", Span({2, 3})},
                                         Case{"*??*", "a", std::nullopt}, Case{"*a?*", "xxaY", Span({2, 4})},
                                         Case{"*~f*",
                                              "x \xE2\x80\x94"
                                              "F",
                                              Span({2, 6})},
                                         Case{"~", "/", Span({0, 1})}, Case{"~", "_", std::nullopt},
                                         // The Kelvin sign is three bytes and folds to one.
                                         Case{"*b*",
                                              "\xE2\x84\xAA"
                                              "b",
                                              Span({3, 4})},
                                         Case{"*k*",
                                              "a\xE2\x84\xAA"
                                              "b",
                                              Span({1, 4})},
                                         Case{"*\xC3\x84*", "x\xC3\xA4y", Span({1, 3})},
                                         Case{"*\xFF*", "a\xFF", Span({1, 2})},
                                         // What is not UTF-8 at the end of a text does not shift its boundaries.
                                         Case{"*????", "\xE2\x80\x80\x80\x80", std::nullopt},
                                         Case{"*???", "\xE2\x80\x80\x80\x80", Span({0, 5})}));

TEST(TextPattern, CasedComparesExactly) {
  EXPECT_TRUE(match("aB*", "aBc", true));
  EXPECT_FALSE(match("ab*", "aBc", true));
  EXPECT_FALSE(match("*\xE2\x84\xAA*", "k", true));
}

TEST(TextPattern, FoldsNothingToTwo) {
  EXPECT_FALSE(
      match("stra\xC3\x9F"
            "e",
            "STRASSE"));
  EXPECT_TRUE(match("\xCE\xA3", "\xCF\x82"));  // final and capital sigma
}

// A slow matcher over code points, held against the quick one on all short texts of a small alphabet.
bool slow(std::u32string_view pattern, std::u32string_view text) {
  std::vector<bool> reach(pattern.size() + 1);
  reach[0] = true;
  for (std::size_t p = 0; p < pattern.size() && pattern[p] == kAnyRun; ++p) reach[p + 1] = true;
  for (const char32_t c : text) {
    std::vector<bool> next(pattern.size() + 1);
    for (std::size_t p = 0; p < pattern.size(); ++p) {
      if (!reach[p]) continue;
      if (pattern[p] == kAnyRun) {
        next[p] = true;
      } else if (pattern[p] == kAnyOne || pattern[p] == c) {
        next[p + 1] = true;
      }
    }
    for (std::size_t p = 0; p < pattern.size(); ++p) {
      if (next[p] && pattern[p] == kAnyRun) next[p + 1] = true;
    }
    reach = std::move(next);
  }
  return reach[pattern.size()];
}

std::vector<std::string> words(std::string_view alphabet, std::size_t longest) {
  std::vector<std::string> all{""};
  for (std::size_t first = 0, length = 0; length < longest; ++length) {
    const std::size_t end = all.size();
    for (; first < end; ++first) {
      for (const char c : alphabet) all.push_back(all[first] + c);
    }
  }
  return all;
}

TEST(TextPattern, AgreesWithASlowMatcherOnEverythingShort) {
  const std::vector<std::string> texts = words("ab", 6);
  for (const std::string& pattern : words("ab*?", 5)) {
    for (const std::string& text : texts) {
      ASSERT_EQ(match(pattern, text).has_value(), slow(wild(pattern), to_code_points(text))) << pattern << " " << text;
    }
  }
}

}  // namespace
}  // namespace tocsin::match
