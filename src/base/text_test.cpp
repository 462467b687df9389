#include "base/text.hpp"

#include <array>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tocsin::base {
namespace {

std::string from_utf16le(std::u16string_view text) {
  std::string out;
  append_utf16le(out, std::as_bytes(std::span(text.data(), text.size())));
  return out;
}

TEST(Utf16, AllPlanesAndLoneSurrogates) {
  EXPECT_EQ(from_utf16le(u"abc"), "abc");
  EXPECT_EQ(from_utf16le(u"\u00e9\u20ac\U0001F600"), "\u00e9\u20ac\U0001F600");
  EXPECT_EQ(from_utf16le(std::u16string{u'a', char16_t{0xD83D}}), "a\uFFFD");
  EXPECT_EQ(from_utf16le(std::u16string{char16_t{0xDE00}, u'b'}), "\uFFFDb");
  EXPECT_EQ(from_utf16le(std::u16string{char16_t{0xD83D}, char16_t{0xD83D}, char16_t{0xDE00}}), "\uFFFD\U0001F600");
}

TEST(Utf16, BigEndianAndAnOddLastByte) {
  constexpr std::array<std::byte, 5> kBytes{std::byte{0}, std::byte{'a'}, std::byte{0x20}, std::byte{0xAC},
                                            std::byte{7}};
  std::string out;
  append_utf16be(out, kBytes);
  EXPECT_EQ(out, "a\u20ac");
}

TEST(Utf8, AcceptsWhatUnicodeAcceptsAndNothingElse) {
  for (const char* good : {"", "a", "\u00e9", "\uffff", "\U0010FFFF", "\uD7FF"}) EXPECT_TRUE(is_utf8(good));
  for (const char* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
                          "\xF4\x90\x80\x80", "\xF5", "\xE2\x82", "a\xFF"}) {
    EXPECT_FALSE(is_utf8(bad)) << visible_utf8(bad);
  }
}

TEST(Utf8, BadBytesBecomeVisible) {
  EXPECT_EQ(visible_utf8("a\xFFz\xE2\x82"), "a\\xFFz\\xE2\\x82");
  EXPECT_EQ(visible_utf8("\u20ac"), "\u20ac");
}

TEST(Utf8, EveryStringHasOneDecoding) {
  const std::string text = "a\xFF\u20ac\xE2";
  std::size_t at = 0;
  EXPECT_EQ(next_code_point(text, at), U'a');
  EXPECT_EQ(next_code_point(text, at), 0x1100FFU);
  EXPECT_EQ(next_code_point(text, at), U'\u20ac');
  EXPECT_EQ(next_code_point(text, at), 0x1100E2U);
  EXPECT_EQ(at, text.size());
}

TEST(Fold, SimpleFoldingOfUnicode) {
  EXPECT_EQ(fold(U'A'), U'a');
  EXPECT_EQ(fold(U'\u00C4'), U'\u00E4');
  EXPECT_EQ(fold(U'\u0130'), U'\u0130') << "Turkish dotted I has no simple folding";
  EXPECT_EQ(fold(U'\u212A'), U'k') << "Kelvin sign";
  EXPECT_EQ(fold(U'\u03A3'), U'\u03C3');
  EXPECT_EQ(fold(U'\u03C2'), U'\u03C3') << "final sigma";
  EXPECT_EQ(fold(U'\u1E9E'), U'\u00DF') << "capital sharp s";
  EXPECT_EQ(fold(U'\u00DF'), U'\u00DF');
  EXPECT_EQ(fold(U'\u0100'), U'\u0101');
  EXPECT_EQ(fold(U'\u0101'), U'\u0101');
  EXPECT_EQ(fold(U'\U00010400'), U'\U00010428');
}

TEST(Fold, Strings) {
  EXPECT_EQ(fold("MIXED\u00C4\xFF"), "mixed\u00E4\xFF");
  EXPECT_TRUE(equal_fold("\u212AELVIN", "kelvin"));
  EXPECT_FALSE(equal_fold("a", "ab"));
  EXPECT_FALSE(equal_fold("\xFF", "\xFE"));
}

TEST(Text, TrimAndHex) {
  EXPECT_EQ(trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(hex(as_bytes("\x01\xAB")), "01ab");
}

TEST(Text, AsciiPrefixAtEveryLength) {
  for (std::size_t length = 0; length < 50; ++length) {
    const std::string plain(length, 'x');
    EXPECT_EQ(ascii_prefix(plain), length);
    EXPECT_EQ(ascii_prefix(fmt::format("{0}\xC3\xA4{0}", plain)), length);
    EXPECT_TRUE(is_ascii(plain));
    EXPECT_FALSE(is_ascii(plain + "\x80"));
  }
}

TEST(Text, FoldsEveryByteAsOneDoes) {
  std::string all, folded(256, ' ');
  for (int c = 0; c < 256; ++c) all.push_back(static_cast<char>(c));
  fold_ascii_into(all, folded.data());
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(folded[i], fold_ascii(all[i])) << i;
}

}  // namespace
}  // namespace tocsin::base
