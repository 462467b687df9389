#include "scan/script_blocks.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "scan/script_blocks_testing.hpp"

namespace tocsin::scanning {
namespace {

struct Seen {
  std::string text, path;
  std::vector<std::uint64_t> records;
  std::vector<std::string> notes;
};

std::vector<Seen> blocks_of(const std::vector<EncodedPart>& parts, const model::FieldTable& fields) {
  ScriptBlocks blocks = *ScriptBlocks::make();
  for (const EncodedPart& one : parts) EXPECT_TRUE(blocks.add(one));
  std::vector<Seen> seen;
  EXPECT_TRUE(blocks.each(fields, [&](const ScriptBlock& block) -> Result<void> {
    Seen& one = seen.emplace_back();
    one.text = block.event->get(*fields.find("ScriptBlockText"))[0].text;
    one.path = block.event->get(*fields.find("Path"))[0].text;
    one.notes = block.notes;
    for (const ScriptBlock::Part& p : block.parts) one.records.push_back(p.place.record);
    EXPECT_EQ(block.event->head().event_id, 4104);
    return {};
  }));
  return seen;
}

TEST(ScriptBlocks, PutsPartsTogetherWhateverTheirOrder) {
  const model::FieldTable fields = testing::script_block_fields();
  std::vector<EncodedPart> parts;
  for (int i = 1; i <= 12; ++i)
    parts.push_back(
        testing::script_block_part(fields, 0, "{A}", i, 12, std::string(1, static_cast<char>('a' + i - 1))));
  std::ranges::shuffle(parts, std::mt19937{5});
  const std::vector<Seen> seen = blocks_of(parts, fields);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].text, "abcdefghijkl");
  EXPECT_EQ(seen[0].path, "p1");
  EXPECT_TRUE(std::ranges::is_sorted(seen[0].records));
  EXPECT_TRUE(seen[0].notes.empty());
}

TEST(ScriptBlocks, KeepsBlocksOfOtherIdsAndComputersApart) {
  const model::FieldTable fields = testing::script_block_fields();
  const std::vector<Seen> seen = blocks_of({testing::script_block_part(fields, 0, "{A}", 1, 2, "a1"),
                                            testing::script_block_part(fields, 0, "{B}", 1, 2, "b1"),
                                            testing::script_block_part(fields, 0, "{a}", 2, 2, "a2"),
                                            testing::script_block_part(fields, 0, "{A}", 2, 2, "x", "other")},
                                           fields);
  ASSERT_EQ(seen.size(), 3U);
  const auto has = [&](const char* text) { return std::ranges::count(seen, text, &Seen::text); };
  EXPECT_EQ(has("a1a2"), 1) << "ids are compared ignoring case";
  EXPECT_EQ(has("b1"), 1);
  EXPECT_EQ(has("x"), 1);
}

TEST(ScriptBlocks, SaysWhichPartsAreMissing) {
  const model::FieldTable fields = testing::script_block_fields();
  const std::vector<Seen> seen = blocks_of({testing::script_block_part(fields, 0, "{A}", 2, 7, "b"),
                                            testing::script_block_part(fields, 0, "{A}", 6, 7, "f")},
                                           fields);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].text, "bf");
  EXPECT_EQ(seen[0].notes,
            (std::vector<std::string>{"parts 1, 3 to 5, 7 of 7 of the script block are not in the evidence"}));
  const std::vector<Seen> one = blocks_of({testing::script_block_part(fields, 0, "{A}", 1, 2, "a")}, fields);
  EXPECT_EQ(one.at(0).notes, (std::vector<std::string>{"part 2 of 2 of the script block is not in the evidence"}));
}

TEST(ScriptBlocks, PartsMayLieInSeveralLogsAndCopiesMakeBlocksOfTheirOwn) {
  const model::FieldTable fields = testing::script_block_fields();
  const std::vector<Seen> split = blocks_of({testing::script_block_part(fields, 1, "{A}", 2, 2, "2"),
                                             testing::script_block_part(fields, 0, "{A}", 1, 2, "1")},
                                            fields);
  ASSERT_EQ(split.size(), 1U);
  EXPECT_EQ(split[0].text, "12");
  const std::vector<Seen> copies = blocks_of(
      {testing::script_block_part(fields, 0, "{A}", 1, 2, "1"), testing::script_block_part(fields, 0, "{A}", 2, 2, "2"),
       testing::script_block_part(fields, 1, "{A}", 1, 2, "1"),
       testing::script_block_part(fields, 1, "{A}", 2, 2, "2")},
      fields);
  ASSERT_EQ(copies.size(), 2U);
  EXPECT_EQ(copies[0].text, "12");
  EXPECT_EQ(copies[1].text, "12");
}

TEST(ScriptBlocks, AnIdRepeatedWithoutEndIsJudgedPieceByPiece) {
  const model::FieldTable fields = testing::script_block_fields();
  std::vector<EncodedPart> parts;
  const EncodedPart one = testing::script_block_part(fields, 0, "{A}", 1, 2, "a");
  parts.assign(ScriptBlocks::kMaxParts + 5, one);
  EXPECT_EQ(blocks_of(parts, fields).size(), ScriptBlocks::kMaxParts + 5);
}

TEST(ScriptBlocks, PiecesSayWhatTheyAreAndMissNoPartThatIsThere) {
  const model::FieldTable fields = testing::script_block_fields();
  constexpr int kTotal = static_cast<int>(ScriptBlocks::kMaxParts) + 500;
  for (const int copies : {1, 2}) {
    std::vector<EncodedPart> parts;
    for (int i = 1; i <= kTotal; ++i) {
      for (int k = 0; k < copies && i != 4000; ++k) {
        parts.push_back(testing::script_block_part(fields, static_cast<std::uint32_t>(k), "{A}", i, kTotal, "x"));
      }
    }
    const std::vector<Seen> seen = blocks_of(parts, fields);
    const std::string all = std::to_string(kTotal);
    std::size_t pieces = 0, missing = 0, records = 0;
    for (const Seen& one : seen) {
      records += one.records.size();
      ASSERT_FALSE(one.notes.empty());
      pieces += one.notes[0].starts_with("judged in pieces of at most 10000 parts or 128 MiB") ? 1U : 0U;
      if (one.notes.size() == 1) continue;
      ++missing;
      EXPECT_EQ(one.notes[1], "part 4000 of " + all + " of the script block is not in the evidence");
      EXPECT_EQ(one.records.front(), 1U);
    }
    EXPECT_EQ(records, static_cast<std::size_t>(copies * (kTotal - 1)));
    EXPECT_EQ(pieces, seen.size());
    EXPECT_EQ(missing, static_cast<std::size_t>(copies));
    if (copies == 2) continue;
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_NE(seen[0].notes[0].find("this is piece 1, with parts 1 to 10001 of " + all), std::string::npos);
    EXPECT_NE(seen[1].notes[0].find("this is piece 2, with parts 10002 to " + all), std::string::npos);
  }
  // The next id begins anew.
  std::vector<EncodedPart> parts;
  for (int i = 1; i <= kTotal; ++i) parts.push_back(testing::script_block_part(fields, 0, "{A}", i, kTotal, "x"));
  parts.push_back(testing::script_block_part(fields, 0, "{B}", 1, 1, "y"));
  const std::vector<Seen> seen = blocks_of(parts, fields);
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_TRUE(seen[2].notes.empty());
}

TEST(ScriptBlocks, APartWithoutItsNumberIsNoPart) {
  const model::FieldTable fields = testing::script_block_fields();
  model::EventHead head;
  const model::OwnedEvent event(head, {{"ScriptBlockId", "", model::Value::Kind::string, "{A}"}}, fields);
  EXPECT_EQ(encode_part(event, {}, fields, {}), std::nullopt);
}

}  // namespace
}  // namespace tocsin::scanning
