#include "evidence/evtx/value.hpp"

#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.hpp"
#include "model/event.hpp"
#include "tests/makers/value.hpp"

namespace tocsin::evidence::evtx {
namespace {

using makers::Value;
namespace make = makers::value;
using Kind = model::Value::Kind;

struct Shown {
  Kind kind;
  std::string text;
  bool operator==(const Shown&) const = default;
};

Shown show(std::uint8_t type, std::string_view bytes) {
  Arena arena;
  const model::Value value = format_value(type, as_bytes(bytes), arena);
  return {value.kind, std::string(value.text)};
}
Shown show(const Value& value) {
  return show(value.type, value.bytes);
}

TEST(FormatValue, PrintsIntegersOfEveryWidth) {
  EXPECT_EQ(show(make::integer(makers::ValueType::i8, -128)), (Shown{Kind::integer, "-128"}));
  EXPECT_EQ(show(make::u8(255)), (Shown{Kind::integer, "255"}));
  EXPECT_EQ(show(make::integer(makers::ValueType::i16, -32768)), (Shown{Kind::integer, "-32768"}));
  EXPECT_EQ(show(make::u16(65535)), (Shown{Kind::integer, "65535"}));
  EXPECT_EQ(show(make::integer(makers::ValueType::i32, -1)), (Shown{Kind::integer, "-1"}));
  EXPECT_EQ(show(make::u32(4294967295U)), (Shown{Kind::integer, "4294967295"}));
  EXPECT_EQ(show(make::integer(makers::ValueType::i64, std::numeric_limits<std::int64_t>::min())),
            (Shown{Kind::integer, "-9223372036854775808"}));
  EXPECT_EQ(show(make::u64(std::numeric_limits<std::uint64_t>::max())), (Shown{Kind::integer, "18446744073709551615"}));
}

TEST(FormatValue, PrintsHexAndSizeTypesWithoutPadding) {
  EXPECT_EQ(show(make::hex32(0xabc)), (Shown{Kind::string, "0xabc"}));
  EXPECT_EQ(show(make::hex64(0x8020000000000000)), (Shown{Kind::string, "0x8020000000000000"}));
  EXPECT_EQ(show(make::hex64(0)), (Shown{Kind::string, "0x0"}));
  EXPECT_EQ(show(make::size_type(0x1f4, 4)), (Shown{Kind::string, "0x1f4"}));
  EXPECT_EQ(show(make::size_type(0x7ffe00001000, 8)), (Shown{Kind::string, "0x7ffe00001000"}));
}

TEST(FormatValue, PrintsTimesToTheLastDigit) {
  EXPECT_EQ(show(make::filetime(*parse_time("2021-07-19T12:00:00.1234567Z"))).text, "2021-07-19T12:00:00.1234567Z");
  EXPECT_EQ(show(make::filetime(*parse_time("2000-02-29T23:59:59.9999999Z"))).text, "2000-02-29T23:59:59.9999999Z");
  EXPECT_EQ(show(kFileTime, std::string_view("\0\0\0\0\0\0\0\0", 8)).text, "1601-01-01T00:00:00.0000000Z");
  EXPECT_EQ(show(kFileTime, std::string_view("\0\0\0\0\0\0\0\x80", 8)).text, "0000-00-00T00:00:00.0000000Z");
  EXPECT_EQ(show(make::systemtime(*parse_time("2019-03-01T04:05:06.0070000Z"))).text, "2019-03-01T04:05:06.0070000Z");
  EXPECT_EQ(show(kSystemTime, std::string(16, '\xFF')).text, "1601-01-01T00:00:00.0000000Z");
}

TEST(FormatValue, AgreesWithFormatTimeOverManyYears) {
  for (std::int64_t day = 0; day < std::int64_t{366} * 900; day += 17) {
    const Timestamp time{day * 864'000'000'000 + 12'345'678};
    ASSERT_EQ(show(make::filetime(time)).text, format_time(time));
  }
}

TEST(FormatValue, PrintsFloatsShortestWithPointOrExponent) {
  EXPECT_EQ(show(make::f64(1.5)), (Shown{Kind::real, "1.5"}));
  EXPECT_EQ(show(make::f32(16777216.0F)).text, "16777216.0");
  EXPECT_EQ(show(make::f64(-0.0)).text, "-0.0");
  EXPECT_EQ(show(make::f64(0.0)).text, "0.0");
  EXPECT_EQ(show(make::f64(1e30)).text, "1e+30");
  EXPECT_EQ(show(make::f64(1.25e-7)).text, "1.25e-7");
  EXPECT_EQ(show(make::f64(0.00012)).text, "0.00012");
  EXPECT_EQ(show(make::f64(123456.75)).text, "123456.75");
  EXPECT_EQ(show(make::f64(1e15)).text, "1000000000000000.0");
  EXPECT_EQ(show(make::f64(1e16)).text, "1e+16");
  EXPECT_EQ(show(make::f64(std::numeric_limits<double>::infinity())).text, "inf");
  EXPECT_EQ(show(make::f64(-std::numeric_limits<double>::infinity())).text, "-inf");
  EXPECT_EQ(show(make::f64(std::numeric_limits<double>::quiet_NaN())).text, "NaN");
}

TEST(FormatValue, PrintsBooleansGuidsSidsAndBytes) {
  EXPECT_EQ(show(make::boolean(true)), (Shown{Kind::boolean, "true"}));
  EXPECT_EQ(show(make::boolean(false)), (Shown{Kind::boolean, "false"}));
  EXPECT_EQ(show(kBool, std::string_view("\x02\0\0\0", 4)).text, "true");
  EXPECT_EQ(show(make::guid("{01234567-89AB-cdef-0123-456789abcdef}")).text, "{01234567-89ab-cdef-0123-456789abcdef}");
  EXPECT_EQ(show(make::sid("S-1-5-21-1004336348-1177238915-682003330-512")).text,
            "S-1-5-21-1004336348-1177238915-682003330-512");
  EXPECT_EQ(show(make::binary(std::string_view("\0\x7F\xA0\xFF", 4))), (Shown{Kind::string, "007FA0FF"}));
  EXPECT_EQ(show(make::null(16)), (Shown{Kind::null, ""}));
}

TEST(FormatValue, ReadsTexts) {
  EXPECT_EQ(show(make::string("k.weiß \xF0\x9F\x98\x80")), (Shown{Kind::string, "k.weiß \xF0\x9F\x98\x80"}));
  EXPECT_EQ(show(kUtf16, std::string_view("a\0b\0\0\0c\0", 8)).text, "ab");
  EXPECT_EQ(show(kAnsi, std::string_view("a\0\x80\x92\xE9", 5)).text, "a\u20AC\u2019\u00E9");
  EXPECT_EQ(show(kEvtXml, std::string_view("<\0a\0", 4)).text, "<a");
}

TEST(FormatValue, ShowsAMisfitAsBytes) {
  EXPECT_EQ(show(kUint32, "abc"), (Shown{Kind::string, "616263"}));
  EXPECT_EQ(show(kGuid, "ab").text, "6162");
  EXPECT_EQ(show(kSid, std::string_view("\x01\x05\0\0\0\0\0\x05\x01", 9)).text, "010500000000000501");
  EXPECT_EQ(show(kUtf16, "abc").text, "616263");
  EXPECT_FALSE(width_fits(kUint32, 3));
  EXPECT_TRUE(width_fits(kBool, 1));
  EXPECT_FALSE(known_type(0x77));
  for (const std::uint8_t type : {kSizeT, kHandle}) {
    for (const std::size_t size : {254, 255}) {  // the numbers that mean something else in the table of widths
      EXPECT_FALSE(width_fits(type, size));
      EXPECT_EQ(show(type, std::string(size, '\x11')).text.size(), 2 * size);
    }
  }
  EXPECT_FALSE(width_fits(kUint32, 254));
  EXPECT_FALSE(is_width(kUint32 | kArrayBit, 255));
  EXPECT_FALSE(is_width(0x77, 255));
}

std::vector<std::string> split(const Value& value) {
  std::vector<ByteView> items;
  split_array(value.type, as_bytes(value.bytes), items);
  std::vector<std::string> texts;
  for (const ByteView item : items) {
    texts.push_back(show(value.type & static_cast<std::uint8_t>(~kArrayBit), as_text(item)).text);
  }
  return texts;
}

TEST(SplitArray, GivesTheItemsOfEveryType) {
  for (const Value& array :
       std::vector<Value>{make::array({make::string("a"), make::string(""), make::string("c")}),
                          make::array({make::u16(1), make::u16(2)}), make::array({make::u64(7)}),
                          make::array({make::boolean(true), make::boolean(false)}),
                          make::array({make::sid("S-1-5-18"), make::sid("S-1-5-21-1-2-3-500")}),
                          make::array({make::guid("{01234567-89ab-cdef-0123-456789abcdef}")}),
                          make::array({make::hex64(1), make::hex64(0xff)}), make::array({make::size_type(16, 8)})}) {
    EXPECT_EQ(split(array), array.items);
    EXPECT_EQ(std::min<std::size_t>(count_items(array.type, as_bytes(array.bytes)), 2),
              std::min<std::size_t>(array.items.size(), 2));
  }
}

TEST(SplitArray, CountsALastTextWithoutItsNul) {
  std::vector<ByteView> items;
  split_array(kUtf16 | kArrayBit, as_bytes(std::string_view("a\0\0\0b\0", 6)), items);
  EXPECT_EQ(items.size(), 2U);
  split_array(kAnsi | kArrayBit, as_bytes(std::string_view("x\0yz", 4)), items);
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(as_text(items[1]), "yz");
  split_array(kUint32 | kArrayBit, as_bytes("abcde"), items);  // no multiple of 4: one item, shown as bytes
  EXPECT_EQ(items.size(), 1U);
  split_array(kUint32 | kArrayBit, {}, items);
  EXPECT_TRUE(items.empty());
}

TEST(FileTime, IsNothingBeyondItsRange) {
  EXPECT_EQ(filetime(as_bytes(std::string_view("\x01\0\0\0\0\0\0\0", 8)))->ticks, 1);
  EXPECT_FALSE(filetime(as_bytes(std::string_view("\0\0\0\0\0\0\0\x80", 8))));
}

// Of types that raw_text leaves out, no bytes give a text that holds more than the bare characters.
TEST(Value, BareTypesGiveBareCharacters) {
  std::mt19937 random(3);
  for (int type = 0; type < 256; ++type) {
    if (!is_bare(static_cast<std::uint8_t>(type))) continue;
    for (int i = 0; i < 300; ++i) {
      std::vector<std::byte> bytes(std::size_t{random()} % 33);
      for (std::byte& byte : bytes) byte = static_cast<std::byte>(i % 3 == 0 ? 0xFF : random() & 0xFFU);
      Arena arena;
      std::string text(format_value(static_cast<std::uint8_t>(type), bytes, arena).text);
      for (char& c : text) c = base::fold_ascii(c);
      EXPECT_EQ(text.find_first_not_of(model::kBareCharacters), std::string::npos) << type << ' ' << text;
    }
  }
}

}  // namespace
}  // namespace tocsin::evidence::evtx
