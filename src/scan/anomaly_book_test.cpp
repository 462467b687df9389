#include "scan/anomaly_book.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace tocsin::scanning {
namespace {

Anomaly anomaly(const std::string& code, std::uint64_t offset) {
  Anomaly made;
  made.code = code;
  made.message = "at " + std::to_string(offset);
  made.offset = offset;
  made.skipped = offset % 7;
  made.count = 1 + offset % 3;
  return made;
}

// A unit of nothing but damage is kept small, and the book does not notice.
TEST(UnitAnomalies, AreBoundedAndGiveTheSameBook) {
  AnomalyBook whole, by_units;
  std::uint64_t total = 0;
  for (int unit = 0; unit < 3; ++unit) {
    UnitAnomalies kept;
    for (std::uint64_t i = 0; i < 10'000; ++i) {
      const Anomaly one = anomaly(i % 5 == 0 ? "rare" : "often", static_cast<std::uint64_t>(unit) * 100'000 + i);
      total += one.count;
      whole.add(0, one);
      kept.add(one);
    }
    EXPECT_LE(kept.all().size(), 2 * (AnomalyBook::kEach + 1));
    for (Anomaly& one : kept.all()) by_units.add(0, std::move(one));
  }
  EXPECT_EQ(by_units.total(), total);
  EXPECT_EQ(by_units.of_source(0), total);
  const std::vector<Anomaly> expected = whole.sorted({0}), found = by_units.sorted({0});
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].message, expected[i].message);
    EXPECT_EQ(found[i].offset, expected[i].offset);
    EXPECT_EQ(found[i].count, expected[i].count);
    EXPECT_EQ(found[i].skipped, expected[i].skipped);
  }
}

}  // namespace
}  // namespace tocsin::scanning
