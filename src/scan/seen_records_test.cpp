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

}  // namespace
}  // namespace tocsin::scanning
