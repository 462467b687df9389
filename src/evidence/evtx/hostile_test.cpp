// Logs that were made to mislead a reader: each ends in anomalies, and the records beside it are read.
// docs/hostile-input.md lists these tests.
#include <cstdint>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/evtx/reading_testing.hpp"
#include "tests/makers/evtx_damage.hpp"
#include "tests/makers/evtx_writer.hpp"
#include "tests/makers/samples.hpp"

namespace tocsin::evidence::evtx {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using testing_reading::read_file;
using testing_reading::Reading;
namespace damage = makers::damage;

// Inside a record that has its template's definition: fragment header, token, kind, id, and then the definition.
constexpr std::size_t kInstance = 24 + 4, kDefinition = kInstance + 10, kBody = kDefinition + 24;

std::string two_chunks() {
  makers::EvtxWriter writer;
  for (int i = 0; i < 4; ++i) {
    if (i == 2) writer.end_chunk();
    writer.add(makers::samples::logon());
  }
  return writer.finish();
}

void put(std::string& file, std::size_t at, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) file[at + i] = static_cast<char>(value >> (8 * i));
}

std::uint32_t get(const std::string& file, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = value << 8U | static_cast<unsigned char>(file[at + i]);
  return value;
}

// The second chunk's records are read; something was said of the first one's.
void expect_only_second_chunk(const Reading& reading, const char* code, const char* message) {
  ASSERT_THAT(reading.events, SizeIs(2));
  EXPECT_EQ(reading.events[0].place.chunk, 1U);
  ASSERT_THAT(reading.codes(), Contains(code));
  std::string all;
  for (const Anomaly& anomaly : reading.anomalies) all += anomaly.message + "\n";
  EXPECT_THAT(all, HasSubstr(message));
}

TEST(Hostile, ATemplateThatRefersToItself) {
  std::string file = two_chunks();
  const std::size_t record = damage::record_offset(file, 0, 0);
  const auto definition = static_cast<std::uint32_t>(record + kDefinition - damage::chunk_offset(0));
  ASSERT_EQ(get(file, record + kInstance + 6), definition);
  // Where its first element was: an instance of the template itself, without values.
  const std::size_t inside = record + kBody + 4;
  put(file, inside, 0x0C, 1);
  put(file, inside + 1, 1, 1);
  put(file, inside + 2, get(file, record + kInstance + 2), 4);
  put(file, inside + 6, definition, 4);
  put(file, inside + 10, 0, 4);
  damage::seal(file, 0);
  expect_only_second_chunk(read_file(file), "evtx_template_damaged", "chunk offset");
}

TEST(Hostile, FourThousandMillionSubstitutions) {
  std::string file = two_chunks();
  for (const std::size_t number : {0, 1}) {
    const std::size_t record = damage::record_offset(file, 0, number);
    // The second record refers to the definition in the first one.
    const std::size_t values = number == 0 ? record + kBody + get(file, record + kBody - 4) : record + kDefinition;
    put(file, values, 0xFFFFFFFF, 4);
  }
  damage::seal(file, 0);
  expect_only_second_chunk(read_file(file), "evtx_limit", "found 0xffffffff");
}

TEST(Hostile, NamesOutsideTheChunk) {
  for (const std::uint32_t offset : {0xFFFFFFFFU, 0x00010000U, 0x0000FFFFU}) {
    std::string file = two_chunks();
    put(file, damage::record_offset(file, 0, 0) + kBody + 4 + 7, offset, 4);
    damage::seal(file, 0);
    expect_only_second_chunk(read_file(file), "evtx_template_damaged", "chunk offset");
  }
}

TEST(Hostile, ChunksThatClaimEachOthersRecords) {
  std::string file = two_chunks();
  const std::string first = file.substr(damage::chunk_offset(0) + 8, 32);
  const std::string second = file.substr(damage::chunk_offset(1) + 8, 32);
  file.replace(damage::chunk_offset(0) + 8, 32, second);
  file.replace(damage::chunk_offset(1) + 8, 32, first);
  damage::seal(file, 0);
  damage::seal(file, 1);
  const Reading reading = read_file(file);
  EXPECT_EQ(reading.records(), (std::vector<std::uint64_t>{1, 2, 3, 4}));
}

}  // namespace
}  // namespace tocsin::evidence::evtx
