#include "tests/makers/value.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tocsin::makers {
namespace {

using ::testing::ElementsAre;

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) out.push_back(static_cast<char>(value));
  return out;
}

TEST(Value, StoresGuidsWithTheFirstThreeFieldsLittleEndian) {
  const Value guid = value::guid("{01234567-89AB-CDEF-0123-456789ABCDEF}");
  EXPECT_EQ(guid.bytes,
            bytes({0x67, 0x45, 0x23, 0x01, 0xAB, 0x89, 0xEF, 0xCD, 0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF}));
  EXPECT_EQ(guid.text, "{01234567-89ab-cdef-0123-456789abcdef}");
}

TEST(Value, StoresSidsWithABigEndianAuthority) {
  EXPECT_EQ(value::sid("S-1-5-32-544").bytes, bytes({1, 2, 0, 0, 0, 0, 0, 5, 0x20, 0, 0, 0, 0x20, 0x02, 0, 0}));
}

TEST(Value, KeepsHundredNanosecondsAndCutsSystemTimesToMilliseconds) {
  const Timestamp time = *parse_time("2020-02-29T23:59:59.9876543Z");
  EXPECT_EQ(value::filetime(time).text, "2020-02-29T23:59:59.9876543Z");
  EXPECT_EQ(value::systemtime(time).text, "2020-02-29T23:59:59.9870000Z");
  // year 2020, month 2, Saturday, 29, 23:59:59.987
  EXPECT_EQ(value::systemtime(time).bytes, bytes({0xE4, 0x07, 2, 0, 6, 0, 29, 0, 23, 0, 59, 0, 59, 0, 0xDB, 0x03}));
}

TEST(Value, EndsEachStringOfAnArrayWithANul) {
  const Value array = value::array({value::string("a"), value::string("")});
  EXPECT_EQ(array.type, 0x81);
  EXPECT_EQ(array.bytes, bytes({'a', 0, 0, 0, 0, 0}));
  EXPECT_THAT(array.items, ElementsAre("a", ""));
}

TEST(Value, EncodesTextOutsideTheBasicPlaneAsSurrogates) {
  EXPECT_EQ(value::string("\U0001F512").bytes, bytes({0x3D, 0xD8, 0x12, 0xDD}));
}

TEST(Value, ParsesTypedTextAndRefusesWhatDoesNotFit) {
  EXPECT_EQ(value::parse("u16", "443")->bytes, bytes({0xBB, 0x01}));
  EXPECT_EQ(value::parse("i8", "-1")->bytes, bytes({0xFF}));
  EXPECT_EQ(value::parse("hex64", "0x3e7")->text, "0x3e7");
  EXPECT_EQ(value::parse("boolean", "true")->bytes, bytes({1, 0, 0, 0}));
  EXPECT_THAT(value::parse("u32[]", "1|2")->items, ElementsAre("1", "2"));
  EXPECT_FALSE(value::parse("u32", "many"));
  EXPECT_FALSE(value::parse("sid", "S-1"));
  EXPECT_FALSE(value::parse("guid", "{0123}"));
  EXPECT_FALSE(value::parse("boolean", "yes"));
  EXPECT_FALSE(value::parse("no_such_type", "1"));
}

}  // namespace
}  // namespace tocsin::makers
