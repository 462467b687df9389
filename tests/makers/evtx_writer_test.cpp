#include "tests/makers/evtx_writer.hpp"

#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/makers/evtx_checker.hpp"
#include "tests/makers/evtx_damage.hpp"
#include "tests/makers/samples.hpp"

namespace tocsin::makers {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string write_samples(const EvtxOptions& options, int rounds = 1) {
  EvtxWriter writer(options);
  for (int i = 0; i < rounds; ++i) {
    for (EventSpec spec : samples::all()) {
      spec.record_id = 0;
      writer.add(std::move(spec));
    }
  }
  return writer.finish();
}

std::int64_t ticks_in(const CheckedRecord& record) {
  std::int64_t ticks = 0;
  std::memcpy(&ticks, record.values.at(6).bytes.data(), 8);
  return ticks;
}

TEST(EvtxWriter, KeepsTheRulesOfTheFormatInEveryShape) {
  for (const EvtxOptions& options : std::vector<EvtxOptions>{{},
                                                             {.shape = {.exported = true}},
                                                             {.shape = {.literal_provider = true}},
                                                             {.minor_version = 2, .checksums = false}}) {
    const CheckedFile file = check_evtx(write_samples(options, 40));
    EXPECT_THAT(file.problems, IsEmpty());
    EXPECT_THAT(file.records, SizeIs(40 * samples::all().size()));
    EXPECT_GT(file.chunks, 3U);
    EXPECT_GE(file.names, 40 * file.chunks);
    EXPECT_GT(file.templates, 5 * file.chunks);
  }
}

TEST(EvtxWriter, DefinesATemplateOnceAChunkAndRefersToItAfterwards) {
  EvtxWriter writer;
  for (int i = 0; i < 3; ++i) writer.add(samples::logon());
  const CheckedFile file = check_evtx(writer.finish());
  ASSERT_THAT(file.records, SizeIs(3));
  EXPECT_TRUE(file.records[0].resident);
  EXPECT_FALSE(file.records[1].resident);
  EXPECT_FALSE(file.records[2].resident);
  EXPECT_LT(file.records[1].size, file.records[0].size / 2);
}

TEST(EvtxWriter, KeepsTheLastHundredNanoseconds) {
  const CheckedFile file = check_evtx(write_samples({}));
  for (std::size_t i = 0; i < file.records.size(); ++i) {
    EXPECT_EQ(ticks_in(file.records[i]), samples::all()[i].time.ticks);
    EXPECT_EQ(file.records[i].written, static_cast<std::uint64_t>(samples::all()[i].time.ticks));
  }
  EXPECT_EQ(format_time({ticks_in(file.records[0])}), "2021-07-13T02:14:07.1234567Z");
}

TEST(EvtxWriter, ExportsCountAnewAndCarryTheNextRecordsTime) {
  const CheckedFile file = check_evtx(write_samples({.shape = {.exported = true}, .first_record_id = 9000}));
  const std::size_t count = samples::all().size();
  ASSERT_THAT(file.records, SizeIs(count));
  for (std::size_t i = 0; i + 1 < count; ++i) {
    EXPECT_EQ(file.records[i].header_id, i + 1);
    EXPECT_EQ(file.records[i].written, static_cast<std::uint64_t>(ticks_in(file.records[i + 1])));
  }
  EXPECT_EQ(file.records[0].values[10].bytes.substr(0, 2), std::string("\x28\x23", 2));  // EventRecordID stays 9000
}

TEST(EvtxWriter, NullsHaveASizeInLiveLogsOnlyAndNestedValuesBeginDifferently) {
  const CheckedRecord live = check_evtx(write_samples({})).records[1];
  const CheckedRecord exported = check_evtx(write_samples({.shape = {.exported = true}})).records[1];
  EXPECT_THAT(live.values[4].bytes, SizeIs(2));
  EXPECT_THAT(live.values[7].bytes, SizeIs(16));
  EXPECT_THAT(exported.values[4].bytes, IsEmpty());
  EXPECT_EQ(live.values[4].type, 0);
  EXPECT_EQ(live.values[17].type, 0x21);
  EXPECT_EQ(live.values[17].bytes[0], '\x0C');
  EXPECT_EQ(exported.values[17].bytes.substr(0, 5), std::string("\x0F\x01\x01\x00\x0C", 5));
}

TEST(EvtxWriter, LeavesGapsInRecordIdsAndEndsChunksOnRequest) {
  EvtxWriter writer;
  EventSpec spec = samples::logon();
  spec.record_id = 10;
  writer.add(spec);
  writer.end_chunk();
  spec.record_id = 500;
  writer.add(spec);
  EXPECT_EQ(writer.next_record_id(), 501U);
  const CheckedFile file = check_evtx(writer.finish());
  EXPECT_THAT(file.problems, IsEmpty());
  EXPECT_EQ(file.chunks, 2U);
  EXPECT_EQ(file.records[1].header_id, 500U);
}

TEST(EvtxWriter, SlackLiesBehindTheFreeOffset) {
  EvtxWriter writer;
  writer.add(samples::logon());
  writer.begin_slack();
  EventSpec stale = samples::audit_process();
  stale.record_id = 3;
  writer.add(stale);
  const std::string bytes = writer.finish();
  const CheckedFile file = check_evtx(bytes);
  EXPECT_THAT(file.problems, IsEmpty());
  EXPECT_THAT(file.records, SizeIs(1));
  const std::size_t end = file.records[0].chunk_offset + file.records[0].size + damage::chunk_offset(0);
  EXPECT_EQ(bytes.substr(end, 4), std::string("**\0\0", 4));
}

TEST(EvtxWriter, WrapsRoundWhereTheOldestChunkIsNotTheFirst) {
  EvtxWriter writer({.first_chunk = 2});
  for (int i = 0; i < 3; ++i) {
    writer.add(samples::logon());
    writer.end_chunk();
  }
  const std::string bytes = writer.finish();
  const CheckedFile file = check_evtx(bytes);
  EXPECT_EQ(file.records[2].header_id, 1U);
  EXPECT_EQ(file.records[0].header_id, 2U);
  EXPECT_EQ(bytes[8], 2);
  EXPECT_EQ(bytes[16], 1);
}

TEST(EvtxWriter, WritesRecordsWithoutTemplates) {
  const CheckedFile file = check_evtx(write_samples({.shape = {.without_templates = true}}));
  EXPECT_THAT(file.problems, IsEmpty());
  for (const CheckedRecord& record : file.records) EXPECT_FALSE(record.has_instance);
}

TEST(EvtxWriter, WritesAnyTokensOnRequest) {
  EvtxWriter writer;
  writer.add_raw({7, *parse_time("2021-07-13T00:00:00Z")}, samples::odd_tokens(7));
  const std::string bytes = writer.finish();
  EXPECT_THAT(check_evtx(bytes).problems, IsEmpty());
  EXPECT_THAT(bytes, HasSubstr(std::string("\x07\x03\x00<\0b\0>\0", 9)));  // CDATA of three units
}

TEST(EvtxDamage, EachPatternBreaksWhatItSays) {
  const std::string sound = write_samples({}, 20);
  const auto problems_after = [&](auto&& harm) {
    std::string file = sound;
    harm(file);
    const auto problems = check_evtx(file).problems;
    return problems.empty() ? std::string("sound") : problems.front();
  };
  using damage::break_chunk_checksum, damage::break_chunk_magic, damage::break_file_magic, damage::break_record_magic;
  using damage::break_records_checksum, damage::break_size_copy, damage::overwrite_name, damage::seal;
  using damage::record_count, damage::set_last_record_id, damage::set_record_size, damage::zero_chunk;
  using damage::set_definition_offset, damage::set_dirty, damage::set_free_offset, damage::set_header_counts;
  EXPECT_THAT(problems_after([](auto& f) { break_chunk_checksum(f, 1); }), HasSubstr("chunk checksum"));
  EXPECT_THAT(problems_after([](auto& f) { break_records_checksum(f, 1); }), HasSubstr("records checksum"));
  EXPECT_THAT(problems_after([](auto& f) { break_chunk_magic(f, 0); }), HasSubstr("chunk magic"));
  EXPECT_THAT(problems_after([](auto& f) { break_file_magic(f); }), HasSubstr("file magic"));
  EXPECT_THAT(problems_after([](auto& f) { break_size_copy(f, 0, 2), seal(f, 0); }), HasSubstr("size copy"));
  EXPECT_THAT(problems_after([](auto& f) { break_record_magic(f, 0, 3), seal(f, 0); }), HasSubstr("record frame"));
  EXPECT_THAT(problems_after([](auto& f) { set_record_size(f, 0, 3, 0), seal(f, 0); }), HasSubstr("record frame"));
  EXPECT_THAT(problems_after([](auto& f) { set_free_offset(f, 0, 70000); }), HasSubstr("free offset"));
  EXPECT_THAT(problems_after([](auto& f) { set_last_record_id(f, 0, 2); }), HasSubstr("last record id"));
  EXPECT_THAT(problems_after([](auto& f) { overwrite_name(f, 0, "Computer"), seal(f, 0); }), HasSubstr("name hash"));
  EXPECT_THAT(problems_after([](auto& f) { set_definition_offset(f, 0, 20, 600); }), HasSubstr("template id"));
  EXPECT_EQ(problems_after([](auto& f) { zero_chunk(f, 1); }), "sound");
  EXPECT_EQ(problems_after([](auto& f) { set_dirty(f); }), "sound");
  EXPECT_EQ(problems_after([](auto& f) { set_header_counts(f, 1, 5); }), "sound");
  EXPECT_EQ(record_count(sound, 0) + record_count(sound, 1), check_evtx(sound).records.size());
}

}  // namespace
}  // namespace tocsin::makers
