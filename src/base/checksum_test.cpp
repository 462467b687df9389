#include "base/checksum.hpp"

#include <string>

#include <gtest/gtest.h>

namespace tocsin::base {
namespace {

// Published values of XXH64 with seed 0.
TEST(Checksum, IsXxh64) {
  EXPECT_EQ(xxh64(""), 0xEF46DB3751D8E999ULL);
  EXPECT_EQ(xxh64("a"), 0xD24EC4F1A98C6E5BULL);
  EXPECT_EQ(xxh64("abc"), 0x44BC2CF5AD770999ULL);
  EXPECT_EQ(xxh64("Nobody inspects the spammish repetition"), 0xFBCEA83C8A378BF1ULL);
}

TEST(Checksum, SeesEveryBit) {
  std::string bytes(200, 'x');
  const std::uint64_t whole = xxh64(bytes);
  for (char& byte : bytes) {
    for (int bit = 0; bit < 8; ++bit) {
      byte = static_cast<char>(byte ^ (1 << bit));
      EXPECT_NE(xxh64(bytes), whole);
      byte = static_cast<char>(byte ^ (1 << bit));
    }
  }
  EXPECT_EQ(xxh64(bytes), whole);
}

}  // namespace
}  // namespace tocsin::base
