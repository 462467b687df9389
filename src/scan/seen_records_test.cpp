#include "scan/seen_records.hpp"

#include <gtest/gtest.h>

namespace tocsin::scanning {
namespace {

TEST(SeenRecords, TellsEachOnce) {
  SeenRecords seen;
  EXPECT_TRUE(seen.add(0));
  EXPECT_FALSE(seen.add(0));
  EXPECT_TRUE(seen.add(7));
  EXPECT_FALSE(seen.add(7));
}

TEST(SeenRecords, ForgetsTheOldest) {
  SeenRecords seen(2);
  EXPECT_TRUE(seen.add(11));
  EXPECT_TRUE(seen.add(12));
  EXPECT_TRUE(seen.add(13));
  EXPECT_FALSE(seen.add(12));
  EXPECT_TRUE(seen.add(11));
  EXPECT_FALSE(seen.add(13));
}

TEST(SeenRecords, RemembersMoreThanAChunkHolds) {
  SeenRecords seen;
  for (std::uint64_t key = 0; key < 4800; ++key) EXPECT_TRUE(seen.add(key));
  for (std::uint64_t key = 4800; key < 7200; ++key) EXPECT_TRUE(seen.add(key));
  for (std::uint64_t key = 2400; key < 7200; ++key) EXPECT_FALSE(seen.add(key));
}

}  // namespace
}  // namespace tocsin::scanning
