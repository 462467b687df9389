#include "evidence/evtx/utf16.hpp"

#include <string>

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace tocsin::evidence::evtx {
namespace {

std::string bytes_of(std::u16string_view units) {
  std::string bytes;
  for (const char16_t unit : units) {
    bytes.push_back(static_cast<char>(unit & 0xFF));
    bytes.push_back(static_cast<char>(unit >> 8));
  }
  return bytes;
}
std::string decode(std::u16string_view units) {
  Arena arena;
  return std::string(utf16_to_utf8(as_bytes(bytes_of(units)), arena));
}

TEST(Utf16, DecodesEveryPlane) {
  EXPECT_EQ(decode(u""), "");
  EXPECT_EQ(decode(u"plain text of more than sixteen units"), "plain text of more than sixteen units");
  EXPECT_EQ(decode(u"ä\u20AC\U0001F600"), "ä\u20AC\U0001F600");
}

TEST(Utf16, ReplacesLoneSurrogates) {
  const std::u16string lone = {u'a', 0xD800, u'b', 0xDC00, 0xDBFF};
  EXPECT_EQ(decode(lone), "a\uFFFDb\uFFFD\uFFFD");
}

// The slow way is the oracle of the fast one: every unit at every distance from the end, in texts of every length.
TEST(Utf16, AgreesWithTheSlowDecoderAtEveryPosition) {
  for (std::size_t length = 1; length < 40; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      for (const char16_t odd : {u'\u00E9', u'\u20AC', char16_t{0xD83D}, char16_t{0xDE00}, u'\x7F', u'\0'}) {
        std::u16string units(length, u'x');
        units[at] = odd;
        if (odd == 0xD83D && at + 1 < length) units[at + 1] = 0xDE00;
        std::string slow;
        base::append_utf16le(slow, as_bytes(bytes_of(units)));
        ASSERT_EQ(decode(units), slow) << length << ' ' << at;
      }
    }
  }
}

TEST(Utf16, StopsAtTheFirstNul) {
  for (std::size_t length = 0; length < 40; ++length) {
    std::u16string units(length, u'x');
    units.push_back(0);
    units += u"behind";
    const std::string bytes = bytes_of(units);
    EXPECT_EQ(until_nul(as_bytes(bytes)).size(), 2 * length);
  }
  EXPECT_EQ(until_nul(as_bytes(std::string_view("a\0b", 3))).size(), 2U);
}

}  // namespace
}  // namespace tocsin::evidence::evtx
