// Each pattern of damage that real logs have: what is still read, and what is said about the rest.
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/evtx/layout.hpp"
#include "evidence/evtx/reading_testing.hpp"
#include "tests/makers/evtx_damage.hpp"
#include "tests/makers/evtx_writer.hpp"
#include "tests/makers/samples.hpp"

namespace tocsin::evidence::evtx {
namespace {

using makers::EvtxWriter;
namespace damage = makers::damage;
namespace samples = makers::samples;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using testing_reading::read_file;
using testing_reading::Reading;

// Three chunks of ten logons, record ids 1 to 30.
std::string three_chunks() {
  EvtxWriter writer;
  for (int i = 0; i < 30; ++i) {
    if (i % 10 == 0 && i > 0) writer.end_chunk();
    writer.add(samples::logon());
  }
  return writer.finish();
}

std::vector<std::uint64_t> numbers(std::uint64_t first, std::uint64_t last) {
  std::vector<std::uint64_t> all(last - first + 1);
  std::iota(all.begin(), all.end(), first);
  return all;
}
std::vector<std::uint64_t> all_but(std::vector<std::uint64_t> missing) {
  auto all = numbers(1, 30);
  std::erase_if(all, [&](std::uint64_t id) { return std::ranges::find(missing, id) != missing.end(); });
  return all;
}

TEST(Damage, NoneIsFoundInASoundFile) {
  const Reading reading = read_file(three_chunks());
  EXPECT_EQ(reading.records(), numbers(1, 30));
  EXPECT_THAT(reading.codes(), IsEmpty());
}

TEST(Damage, ALogInUseIsReadWholeWhateverItsHeaderSays) {
  std::string file = three_chunks();
  damage::set_header_counts(file, 1, 11);
  EXPECT_THAT(read_file(file).codes(), ElementsAre("evtx_chunks_beyond_count"));
  damage::set_dirty(file);
  const Reading reading = read_file(file);
  EXPECT_EQ(reading.records(), numbers(1, 30));
  ASSERT_THAT(reading.codes(), ElementsAre("evtx_file_dirty"));
  EXPECT_THAT(reading.anomalies[0].message, HasSubstr("1 chunks, 3 are there"));
}

TEST(Damage, WrongChecksumsAreToldAndReadAllTheSame) {
  std::string file = three_chunks();
  damage::break_chunk_checksum(file, 0);
  damage::break_records_checksum(file, 1);
  file[kFileHeaderSize - 4096 + 24] = '\x7F';  // next record id: under the file header's checksum
  const Reading reading = read_file(file);
  EXPECT_EQ(reading.records(), numbers(1, 30));
  EXPECT_THAT(reading.codes(), Contains("evtx_file_checksum"));
  EXPECT_THAT(reading.codes(), Contains("evtx_chunk_header_checksum"));
}

TEST(Damage, AFileWithoutItsMagicIsReadFromItsChunks) {
  std::string file = three_chunks();
  damage::break_file_magic(file);
  const Reading reading = read_file(file);
  EXPECT_EQ(reading.records(), numbers(1, 30));
  EXPECT_THAT(reading.codes(), ElementsAre("evtx_file_header"));
}

TEST(Damage, AChunkWithoutItsMagicIsSkippedAndTheNextRead) {
  std::string file = three_chunks();
  damage::break_chunk_magic(file, 1);
  const Reading reading = read_file(file);
  EXPECT_EQ(reading.records(), all_but(numbers(11, 20)));
  ASSERT_THAT(reading.codes(), ElementsAre("evtx_chunk_magic"));
  EXPECT_EQ(reading.anomalies[0].offset, kFileHeaderSize + kChunkSize);
  EXPECT_EQ(reading.anomalies[0].skipped, kChunkSize);
  const Reading carved = read_file(file, true);
  EXPECT_THAT(carved.events, SizeIs(30));
  EXPECT_TRUE(carved.events.back().place.carved);
}

TEST(Damage, AnUnusedChunkInTheMiddleIsNothingToTell) {
  std::string file = three_chunks();
  damage::zero_chunk(file, 1);
  const Reading reading = read_file(file);
  EXPECT_EQ(reading.records(), all_but(numbers(11, 20)));
  EXPECT_THAT(reading.codes(), IsEmpty());
}

TEST(Damage, ABrokenFrameCostsThatRecordAlone) {
  for (const auto& harm : std::vector<std::function<void(std::string&)>>{
           [](auto& file) { damage::break_record_magic(file, 1, 4); },
           [](auto& file) { damage::set_record_size(file, 1, 4, 0); },
           [](auto& file) { damage::set_record_size(file, 1, 4, 27); },
           [](auto& file) { damage::set_record_size(file, 1, 4, 0x10000); }}) {
    std::string file = three_chunks();
    const std::size_t at = damage::record_offset(file, 1, 4);
    const std::size_t next = damage::record_offset(file, 1, 5);
    harm(file);
    const Reading reading = read_file(file);
    EXPECT_EQ(reading.records(), all_but({15}));
    ASSERT_THAT(reading.codes(), Contains("evtx_record_frame"));
    for (const Anomaly& anomaly : reading.anomalies) {
      if (anomaly.code != "evtx_record_frame") continue;
      EXPECT_EQ(anomaly.offset, at);
      EXPECT_EQ(anomaly.skipped, next - at);
    }
  }
}

TEST(Damage, ASizeCopyThatDiffersIsToldAndTheRecordGiven) {
  std::string file = three_chunks();
  damage::break_size_copy(file, 0, 3);
  const Reading reading = read_file(file);
  EXPECT_EQ(reading.records(), numbers(1, 30));
  EXPECT_THAT(reading.codes(), Contains("evtx_record_size_copy"));
}

TEST(Damage, RecordsBehindALoweredFreeOffsetAreKept) {
  std::string file = three_chunks();
  damage::set_free_offset(file, 1,
                          static_cast<std::uint32_t>(damage::record_offset(file, 1, 2) - kFileHeaderSize - kChunkSize));
  damage::set_last_record_id(file, 1, 12);
  const Reading reading = read_file(file);
  EXPECT_EQ(reading.records(), numbers(1, 30));
  EXPECT_THAT(reading.codes(), ElementsAre("evtx_records_beyond_end"));
}

TEST(Damage, AnImpossibleFreeOffsetIsToldAndNotBelieved) {
  for (const std::uint32_t offset : {0U, 511U, 65537U, 0xFFFFFFFFU}) {
    std::string file = three_chunks();
    damage::set_free_offset(file, 1, offset);
    const Reading reading = read_file(file);
    EXPECT_EQ(reading.records(), numbers(1, 30)) << offset;
    EXPECT_THAT(reading.codes(), Contains("evtx_free_offset"));
  }
}

TEST(Damage, TheTablesInTheHeaderAreNotNeeded) {
  std::string file = three_chunks();
  for (std::size_t bucket = 0; bucket < 64; ++bucket) damage::break_string_bucket(file, 1, bucket);
  const Reading reading = read_file(file);
  EXPECT_EQ(reading.records(), numbers(1, 30));
  EXPECT_THAT(reading.codes(), IsEmpty());
}

TEST(Damage, ADefinitionElsewhereCostsThatRecordAlone) {
  for (const std::uint32_t offset : {0U, 0x200U, 0xFFF0U, 0xFFFFFFFFU}) {
    std::string file = three_chunks();
    damage::set_definition_offset(file, 1, 4, offset);
    const Reading reading = read_file(file);
    EXPECT_EQ(reading.records(), all_but({15})) << offset;
    ASSERT_THAT(reading.codes(), ElementsAre("evtx_record_damaged"));
    EXPECT_EQ(reading.anomalies[0].offset, damage::record_offset(file, 1, 4));
  }
}

TEST(Damage, ANameWithoutItsHashIsTold) {
  std::string file = three_chunks();
  damage::overwrite_name(file, 1, "TargetUserName");
  damage::overwrite_name(file, 1, "Channel");
  const Reading reading = read_file(file);
  EXPECT_EQ(reading.records(), numbers(1, 30));
  EXPECT_THAT(reading.codes(), Contains("evtx_name_unsound"));
}

TEST(Damage, ACutFileIsReadAsFarAsItGoes) {
  const std::string whole = three_chunks();
  std::string file = whole;
  damage::truncate(file, damage::record_offset(whole, 2, 5) + 20);
  const Reading reading = read_file(file);
  EXPECT_EQ(reading.records(), numbers(1, 25));
  EXPECT_THAT(reading.codes(), Contains("evtx_file_truncated"));
  file = whole;
  damage::truncate(file, 1000);
  EXPECT_THAT(read_file(file).codes(), ElementsAre("evtx_file_truncated"));
  file = whole;
  damage::truncate(file, kFileHeaderSize + 100);
  EXPECT_THAT(read_file(file).codes(), Contains("evtx_file_truncated"));
}

TEST(Damage, ACutBetweenChunksIsToldByTheHeadersCount) {
  std::string file = three_chunks();
  damage::truncate(file, damage::chunk_offset(2));
  const Reading reading = read_file(file);
  EXPECT_EQ(reading.records(), numbers(1, 20));
  EXPECT_THAT(reading.codes(), ElementsAre("evtx_file_truncated"));
  damage::truncate(file, kFileHeaderSize);
  EXPECT_THAT(read_file(file).codes(), ElementsAre("evtx_file_truncated"));
}

TEST(Damage, ZeroedRecordsAreSkippedOver) {
  std::string file = three_chunks();
  const std::size_t from = damage::record_offset(file, 0, 3) + 100;
  const std::size_t to = damage::record_offset(file, 0, 6) + 40;
  damage::zero_range(file, from, to - from);
  const Reading reading = read_file(file);
  EXPECT_THAT(reading.records(), Not(Contains(5U)));
  EXPECT_THAT(reading.records(), Contains(8U));
  EXPECT_THAT(reading.records(), Contains(30U));
}

TEST(Damage, AWrappedLogIsReadWhole) {
  EvtxWriter writer({.first_chunk = 1});
  for (int i = 0; i < 20; ++i) {
    if (i == 10) writer.end_chunk();
    writer.add(samples::logon());
  }
  Reading reading = read_file(writer.finish());
  auto records = reading.records();
  EXPECT_NE(records.front(), 1U);
  std::ranges::sort(records);
  EXPECT_EQ(records, numbers(1, 20));
  EXPECT_THAT(reading.codes(), IsEmpty());
}

TEST(Damage, EveryAnomalySaysWhatWasExpectedAndWhatToDo) {
  std::string file = three_chunks();
  damage::set_dirty(file);
  damage::break_record_magic(file, 0, 2);
  damage::break_chunk_checksum(file, 1);
  damage::break_chunk_magic(file, 2);
  const Reading reading = read_file(file);
  EXPECT_GE(reading.anomalies.size(), 4U);
  for (const Anomaly& anomaly : reading.anomalies) {
    EXPECT_THAT(anomaly.code, ::testing::StartsWith("evtx_"));
    EXPECT_FALSE(anomaly.message.empty());
    EXPECT_FALSE(anomaly.remedy.empty());
  }
}

}  // namespace
}  // namespace tocsin::evidence::evtx
