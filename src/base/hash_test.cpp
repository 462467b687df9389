#include "base/hash.hpp"

#include <gtest/gtest.h>

#include "base/codec.hpp"
#include "base/cursor.hpp"
#include "base/threads.hpp"

namespace tocsin::base {
namespace {

TEST(Hash, KnownAnswers) {
  // FIPS 180-4 examples; CRC-32 check value of "123456789".
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(crc32(as_bytes("123456789")), 0xCBF43926U);
  EXPECT_EQ(crc32(as_bytes("6789"), crc32(as_bytes("12345"))), 0xCBF43926U);
}

TEST(Hash, DigestInTheMiddleDoesNotDisturb) {
  Sha256 hash;
  hash.update("a");
  EXPECT_EQ(hash.hex(), sha256_hex("a"));
  hash.update("bc");
  EXPECT_EQ(hash.hex(), sha256_hex("abc"));
}

TEST(Cursor, StopsAtTheEndAndStaysThere) {
  Cursor cursor(as_bytes("\x01\x02\x03"));
  EXPECT_EQ(cursor.u16(), 0x0201);
  EXPECT_TRUE(cursor.ok());
  EXPECT_EQ(cursor.u16(), 0);
  EXPECT_FALSE(cursor.ok());
  EXPECT_EQ(cursor.u8(), 0);
  EXPECT_TRUE(cursor.take(0).empty());
  EXPECT_FALSE(Cursor(as_bytes("abc"), 4).ok());
  EXPECT_EQ(load_le<std::uint32_t>(as_bytes("abc"), 0), 0U);
}

TEST(Codec, RoundTripAndTruncation) {
  std::string bytes;
  Encoder out(bytes);
  out.number(0), out.number(127), out.number(128), out.number(UINT64_MAX);
  out.signed_number(-1), out.signed_number(INT64_MIN);
  out.text("x"), out.flag(true), out.optional(std::nullopt), out.optional(-9);
  Decoder in(bytes);
  EXPECT_EQ(in.number(), 0U);
  EXPECT_EQ(in.number(), 127U);
  EXPECT_EQ(in.number(), 128U);
  EXPECT_EQ(in.number(), UINT64_MAX);
  EXPECT_EQ(in.signed_number(), -1);
  EXPECT_EQ(in.signed_number(), INT64_MIN);
  EXPECT_EQ(in.text(), "x");
  EXPECT_TRUE(in.flag());
  EXPECT_EQ(in.optional(), std::nullopt);
  EXPECT_EQ(in.optional(), -9);
  EXPECT_TRUE(in.ok());
  static_cast<void>(in.number());
  EXPECT_FALSE(in.ok());
}

TEST(Threads, QuotaIsRoundedUp) {
  EXPECT_EQ(quota_threads("200000 100000"), 2U);
  EXPECT_EQ(quota_threads("150000 100000"), 2U);
  EXPECT_EQ(quota_threads("max 100000"), 0U);
  EXPECT_EQ(quota_threads("-1 100000"), 0U);
  EXPECT_EQ(quota_threads(""), 0U);
  EXPECT_GE(default_threads(), 1U);
}

}  // namespace
}  // namespace tocsin::base
