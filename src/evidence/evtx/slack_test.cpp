// Carving: what is found outside the live part of a log, and what is not taken for a record.
#include "evidence/evtx/slack.hpp"

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
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_reading::read_file;
using testing_reading::Reading;

makers::EventSpec at(makers::EventSpec spec, std::uint64_t record) {
  spec.record_id = record;
  return spec;
}

// Live: record 100. Slack: 7 (a logon), 8 (a process), and 100 again.
std::string with_slack() {
  EvtxWriter writer;
  writer.add(at(samples::logon(), 100));
  writer.begin_slack();
  writer.add(at(samples::logon(), 7));
  writer.add(at(samples::process_creation(), 8));
  writer.add(at(samples::logon(), 100));
  return writer.finish();
}

TEST(Carve, LeavesSlackAloneUnlessAsked) {
  const Reading reading = read_file(with_slack());
  EXPECT_THAT(reading.records(), ElementsAre(100));
  EXPECT_THAT(reading.codes(), IsEmpty());
}

TEST(Carve, FindsWhatIsInSlackMarksItAndDropsRepeats) {
  const std::string file = with_slack();
  const Reading reading = read_file(file, true);
  ASSERT_THAT(reading.records(), ElementsAre(100, 7, 8));
  EXPECT_FALSE(reading.events[0].place.carved);
  for (const std::size_t i : {1, 2}) {
    const auto& event = reading.events[i];
    EXPECT_TRUE(event.place.carved);
    EXPECT_EQ(event.place.chunk, 0U);
    EXPECT_EQ(event.raw, file.substr(event.place.offset, event.place.length));
  }
  EXPECT_EQ(reading.events[2].all("Image"), (std::vector<std::string>{"C:\\Windows\\System32\\cmd.exe"}));
}

TEST(Carve, DropsRepeatsOfRecordsInLaterChunks) {
  EvtxWriter writer;
  writer.add(at(samples::logon(), 1));
  writer.begin_slack();
  writer.add(at(samples::process_creation(), 5));
  writer.end_chunk();
  writer.add(at(samples::process_creation(), 5));
  const Reading reading = read_file(writer.finish(), true);
  EXPECT_THAT(reading.records(), ElementsAre(1, 5));
  EXPECT_FALSE(reading.events[1].place.carved);
}

// A whole record right behind the end with the next id in a row is the log's own: its header lags behind.
TEST(Carve, TakesTheNextIdInARowForLive) {
  EvtxWriter writer;
  writer.add(at(samples::logon(), 1));
  writer.begin_slack();
  writer.add(at(samples::process_creation(), 2));
  const Reading reading = read_file(writer.finish());
  EXPECT_THAT(reading.records(), ElementsAre(1, 2));
  EXPECT_FALSE(reading.events[1].place.carved);
  EXPECT_THAT(reading.codes(), ElementsAre("evtx_records_beyond_end"));
}

// The slack's first record brings its own definition; without its GUID, or with another name in it, neither it nor the
// records that use it count.
TEST(Carve, RefusesRecordsWhoseTemplateOrNamesAreGone) {
  EvtxWriter writer;
  writer.add(at(samples::logon(), 100));
  writer.begin_slack();
  writer.add(at(samples::log_cleared(), 7));
  writer.add(at(samples::log_cleared(), 8));
  const std::string sound = writer.finish();
  ASSERT_THAT(read_file(sound, true).records(), ElementsAre(100, 7, 8));

  std::string renamed = sound;
  damage::overwrite_name(renamed, 0, "LogFileCleared");
  EXPECT_THAT(read_file(renamed, true).records(), ElementsAre(100));

  std::string cut = sound;
  const Reading reading = read_file(sound, true);
  damage::zero_range(cut, reading.events[1].place.offset + 40, 40);
  EXPECT_THAT(read_file(cut, true).records(), ElementsAre(100));
}

TEST(Carve, FindsRecordsInAChunkWithoutHeaderAndAtTheFilesEnd) {
  EvtxWriter writer;
  for (int i = 0; i < 30; ++i) {
    if (i % 10 == 0 && i > 0) writer.end_chunk();
    writer.add(samples::logon());
  }
  std::string file = writer.finish();
  damage::break_chunk_magic(file, 0);
  const std::size_t cut = damage::record_offset(file, 2, 4);
  file[damage::chunk_offset(2)] = 'X';
  damage::truncate(file, cut);
  const Reading reading = read_file(file, true);
  EXPECT_THAT(reading.events, SizeIs(24));
  EXPECT_EQ(std::ranges::count_if(reading.events, [](const auto& event) { return event.place.carved; }), 14);
}

TEST(Carve, GivesNothingNewOnASoundFile) {
  EvtxWriter writer;
  for (auto& spec : samples::all()) writer.add(std::move(spec));
  const Reading reading = read_file(writer.finish(), true);
  EXPECT_THAT(reading.events, SizeIs(samples::all().size()));
}

}  // namespace
}  // namespace tocsin::evidence::evtx
