#include "evidence/evtx/cutter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/evtx/layout.hpp"
#include "tests/makers/evtx_writer.hpp"
#include "tests/makers/samples.hpp"

namespace tocsin::evidence::evtx {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Kept : public UnitSink {
 public:
  bool on_unit(Unit unit) override {
    units.push_back(std::move(unit));
    return units.size() < stop_after;
  }
  void on_anomaly(Anomaly anomaly) override { anomalies.push_back(std::move(anomaly)); }
  std::vector<Unit> units;
  std::vector<Anomaly> anomalies;
  std::size_t stop_after = 1000;
};

std::string chunks(int count) {
  makers::EvtxWriter writer;
  for (int i = 0; i < count; ++i) {
    if (i > 0) writer.end_chunk();
    writer.add(makers::samples::logon());
  }
  return writer.finish();
}

TEST(Cutter, GivesOneUnitAChunkWithItsPlace) {
  const std::string file = chunks(3);
  Kept kept;
  ChunkCutter cutter(false);
  ASSERT_TRUE(cutter.feed(as_bytes(file), kept));
  cutter.finish(kept);
  ASSERT_THAT(kept.units, SizeIs(3));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(kept.units[i].number, i);
    EXPECT_EQ(kept.units[i].offset, kFileHeaderSize + i * kChunkSize);
    EXPECT_EQ(as_text(kept.units[i].bytes), file.substr(kept.units[i].offset, kChunkSize));
  }
  EXPECT_THAT(kept.anomalies, IsEmpty());
}

TEST(Cutter, StopsWhenTheSinkWantsNoMore) {
  Kept kept;
  kept.stop_after = 1;
  ChunkCutter cutter(false);
  EXPECT_FALSE(cutter.feed(as_bytes(chunks(3)), kept));
  EXPECT_THAT(kept.units, SizeIs(1));
}

TEST(Cutter, KnowsPlacesBeyondFourGiB) {
  const std::string file = chunks(1);
  const std::string zeros(16 * kChunkSize, '\0');
  constexpr std::uint64_t kUnused = 4100 * 16;  // chunks; 4.3 GB
  Kept kept;
  ChunkCutter cutter(false);
  ASSERT_TRUE(cutter.feed(as_bytes(file).first(kFileHeaderSize), kept));
  for (std::uint64_t i = 0; i < kUnused / 16; ++i) ASSERT_TRUE(cutter.feed(as_bytes(zeros), kept));
  ASSERT_TRUE(cutter.feed(as_bytes(file).subspan(kFileHeaderSize), kept));
  cutter.finish(kept);
  ASSERT_THAT(kept.units, SizeIs(1));
  EXPECT_EQ(kept.units[0].number, kUnused);
  EXPECT_EQ(kept.units[0].offset, kFileHeaderSize + kUnused * kChunkSize);
  EXPECT_THAT(kept.anomalies, IsEmpty());  // the header has 16 bits for the count: no reproach
}

TEST(Cutter, TellsOfAFullLog) {
  std::string file = chunks(1);
  file[120] = 2;
  Kept kept;
  ChunkCutter cutter(false);
  ASSERT_TRUE(cutter.feed(as_bytes(file), kept));
  cutter.finish(kept);
  ASSERT_THAT(kept.anomalies, SizeIs(1));
  EXPECT_EQ(kept.anomalies[0].code, "evtx_file_full");
}

}  // namespace
}  // namespace tocsin::evidence::evtx
