#include "match/number.hpp"

#include <gtest/gtest.h>

namespace tocsin::match {
namespace {

TEST(Number, ReadsDecimalNumbersAndNothingElse) {
  for (const std::string_view text : {"0", "-1", "+7", "007", "1.5", "-0.25", "1e3", "1E-3", "2.5e+10"}) {
    EXPECT_TRUE(parse_number(text)) << text;
  }
  for (const std::string_view text :
       {"", " 1", "1 ", "0x10", "1.", ".5", "1e", "e5", "--1", "1,000", "inf", "nan", "1.2.3"}) {
    EXPECT_FALSE(parse_number(text)) << text;
  }
}

struct Pair {
  std::string_view less, more;
};

class Order : public testing::TestWithParam<Pair> {};

TEST_P(Order, Holds) {
  const auto less = parse_number(GetParam().less);
  const auto more = parse_number(GetParam().more);
  ASSERT_TRUE(less && more);
  EXPECT_TRUE(compare(*less, *more) < 0);
  EXPECT_TRUE(compare(*more, *less) > 0);
  EXPECT_TRUE(compare(*less, *less) == 0);
}

INSTANTIATE_TEST_SUITE_P(All, Order,
                         testing::Values(Pair{"9", "10"}, Pair{"-10", "-9"}, Pair{"-1", "0"}, Pair{"0", "0.1"},
                                         Pair{"99999999999999999999998", "99999999999999999999999"},
                                         Pair{"-99999999999999999999999", "-99999999999999999999998"},
                                         Pair{"1e2", "101"}, Pair{"1e-400", "1"}, Pair{"1", "1e400"},
                                         Pair{"-1e400", "-1"}));

TEST(Number, EqualHoweverItIsWritten) {
  const auto equal = [](std::string_view a, std::string_view b) {
    return compare(*parse_number(a), *parse_number(b)) == 0;
  };
  EXPECT_TRUE(equal("007", "7"));
  EXPECT_TRUE(equal("-0", "0"));
  EXPECT_TRUE(equal("100", "1e2"));
  EXPECT_TRUE(equal("-0.0", "0"));
  EXPECT_FALSE(equal("7", "-7"));
}

}  // namespace
}  // namespace tocsin::match
