// Indexes of sparse files: the forms they are written in, what does not fit, and files whose holes are filled again, in
// folders and in zips.
#include "evidence/sparse_index.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/hash.hpp"
#include "evidence/container/archive_testing.hpp"
#include "evidence/inputs_walk.hpp"

namespace tocsin::evidence::testing_inputs {
namespace {

using ::testing::HasSubstr;

// "AB", a hole of 3 bytes, "CDE", a hole of 2 that only a gap tells, "F", and a hole at the end.
const std::string kRanges =
    R"({"file_length":2,"length":2},{"file_offset":2,"original_offset":2,"length":3},)"
    R"({"file_offset":2,"original_offset":5,"file_length":3,"length":3},)"
    R"({"file_offset":5,"original_offset":10,"file_length":1,"length":1},{"file_offset":6,"original_offset":11,"length":100})";
const std::string kIndex = R"({"ranges":[)" + kRanges + "]}";
const std::string kStored = "ABCDEF", kWhole{"AB\0\0\0CDE\0\0F", 11};

std::string shown(const std::optional<SparseIndex>& index) {
  std::string out;
  if (!index) return "nothing";
  for (const SparseIndex::Piece& piece : index->pieces)
    out += std::to_string(piece.hole) + "+" + std::to_string(piece.data) + " ";
  return out + std::to_string(index->holes) + "/" + std::to_string(index->stored);
}

TEST(SparseIndex, FormsInWhichItIsWritten) {
  std::string lines = kRanges;
  for (std::size_t at = 0; (at = lines.find("},{", at)) != std::string::npos;) lines.replace(at + 1, 1, "\n");
  for (const std::string& text :
       {kIndex, "[" + kRanges + "]", lines + "\n", "{ \"ranges\" : [\n" + kRanges + "\n] }\n"}) {
    EXPECT_TRUE(is_sparse_index(text)) << text;
    EXPECT_EQ(shown(read_sparse_index(text)), "0+2 3+3 2+1 5/6") << text;
  }
  EXPECT_EQ(shown(read_sparse_index(R"({"ranges":[{"file_length":"7","length":"9"}]})")), "0+7 0/7");
}

TEST(SparseIndex, WhatDoesNotFitIsNoIndex) {
  for (
      const char* text :
      {"", "x", "{}", "[]", R"({"ranges":[]})", R"({"ranges":[{"length":1})", R"({"ranges":[{"length":-1}]})",
       R"({"ranges":[{"length":1.5}]})", R"({"ranges":[{"length":"x"}]})",
       R"({"ranges":[{"length":99999999999999999999}]})", R"({"ranges":[{"length":4611686018427387905}]})",
       R"({"ranges":[{"file_length":2,"length":1}]})",
       R"({"ranges":[{"file_length":2,"length":2},{"file_offset":2,"original_offset":1,"file_length":2,"length":2}]})",
       R"({"ranges":[{"file_length":2,"length":2},{"file_offset":3,"original_offset":2,"file_length":2,"length":2}]})",
       R"({"ranges":[{"length":4611686018427387904},{"original_offset":4611686018427387904,"length":4611686018427387904}]})"}) {
    EXPECT_EQ(shown(read_sparse_index(text)), "nothing") << text;
  }
  std::string many = R"({"ranges":[{"length":0})";
  for (std::size_t i = 0; i <= kMaxSparseRanges; ++i) many += R"(,{"length":0})";
  EXPECT_EQ(shown(read_sparse_index(many + "]}")), "nothing");
  EXPECT_EQ(shown(read_sparse_index(kIndex + std::string(kMaxSparseIndexBytes, ' '))), "nothing");
  EXPECT_FALSE(is_sparse_index(R"({"EventID":1,"length":3})"));
}

TEST(SparseIndex, TheBeginningIsThatOfTheFileAsItWas) {
  const std::optional<SparseIndex> index = read_sparse_index(kIndex);
  ASSERT_TRUE(index);
  for (std::size_t most = 0; most <= 20; ++most)
    EXPECT_EQ(as_text(index->expanded(as_bytes(kStored), most)), kWhole.substr(0, most)) << most;
  EXPECT_EQ(as_text(index->expanded(as_bytes("ABC"), 20)), kWhole.substr(0, 6));
}

void expect_filled(const RecordingVisitor& visitor) {
  ASSERT_EQ(visitor.leaves.size(), 2U);
  for (const auto& leaf : visitor.leaves) {
    if (leaf.sample_path.ends_with(".idx")) continue;
    EXPECT_EQ(leaf.bytes, kWhole);
    EXPECT_EQ(leaf.head, kWhole);
    EXPECT_TRUE(leaf.whole);
    EXPECT_EQ(leaf.identity.size, kStored.size()) << "identity is of what is stored";
    EXPECT_EQ(leaf.identity.sha256, base::sha256_hex(kStored));
  }
  ASSERT_EQ(visitor.anomalies.size(), 1U);
  EXPECT_EQ(visitor.anomalies[0].code, "sparse_expanded");
  EXPECT_THAT(visitor.anomalies[0].path, HasSubstr("a.evtx"));
  EXPECT_THAT(visitor.anomalies[0].message, HasSubstr("5 bytes of zeros"));
}

TEST(SparseMembers, AreFilledInZips) {
  const Members forward{{"u/a.evtx", kStored}, {"u/a.evtx.idx", kIndex}}, back{forward[1], forward[0]};
  expect_filled(walk_bytes(make_zip(forward), "c.zip"));
  expect_filled(walk_bytes(make_zip(back), "c.zip"));
  expect_filled(walk_bytes(make_zip(forward), "c.zip", {}, false));  // a stream: held first
  const RecordingVisitor inside = walk_bytes(make_zip({{"data.zip", make_zip(forward)}}), "c.zip");
  expect_filled(inside);
  EXPECT_EQ(inside.anomalies[0].path, "c.zip!/data.zip!/u/a.evtx");
}

TEST(SparseMembers, WhatDoesNotFitIsReadAsItIsStored) {
  struct Case {
    std::string index;
    const char* code;
    const char* words;
  };
  ContainerLimits limits;
  limits.hole_bytes = 1000;
  for (const Case& one :
       {Case{R"({"ranges":[{"length":3}]})", "sparse_index_damaged", "speaks of 0 bytes of data, found 6"},
        {R"({"ranges":[{"length":3)", "sparse_index_damaged", "cannot be read"},
        {R"({"ranges":[{"length":1001},{"original_offset":1001,"file_length":6,"length":6}]})", "sparse_too_large",
         "1001 bytes; of one file 1000"}}) {
    const RecordingVisitor visitor =
        walk_bytes(make_zip({{"a.evtx", kStored}, {"a.evtx.idx", one.index}}), "c.zip", limits);
    ASSERT_EQ(visitor.leaves.size(), 2U);
    EXPECT_EQ(visitor.leaves[0].bytes, kStored);
    ASSERT_EQ(visitor.anomalies.size(), 1U) << one.index;
    EXPECT_EQ(visitor.anomalies[0].code, one.code);
    EXPECT_THAT(visitor.anomalies[0].message, HasSubstr(one.words));
    EXPECT_FALSE(visitor.anomalies[0].remedy.empty());
  }
  // A hole at the end holds nothing, and what is no index is none.
  for (const std::string& text : {std::string(R"({"ranges":[{"file_length":6,"length":900}]})"), std::string("{}")}) {
    const RecordingVisitor visitor = walk_bytes(make_zip({{"a.evtx", kStored}, {"a.evtx.idx", text}}), "c.zip");
    EXPECT_EQ(visitor.leaves[0].bytes, kStored);
    EXPECT_TRUE(visitor.anomalies.empty());
  }
}

TEST(SparseMembers, HolesOfAllFilesTogetherHaveALimit) {
  ContainerLimits limits;
  limits.hole_bytes_in_all = 9;
  const RecordingVisitor visitor =
      walk_bytes(make_zip({{"a", kStored}, {"a.idx", kIndex}, {"b", kStored}, {"b.idx", kIndex}}), "c.zip", limits);
  ASSERT_EQ(visitor.leaves.size(), 4U);
  EXPECT_EQ(visitor.leaves[0].bytes, kWhole);
  EXPECT_EQ(visitor.leaves[2].bytes, kStored);
  ASSERT_EQ(visitor.anomalies.size(), 2U);
  EXPECT_EQ(visitor.anomalies[1].code, "sparse_too_large");
}

// Folders: the index lies beside the file.
class MapOpener final : public InputOpener {
 public:
  explicit MapOpener(const Members& files) : files_(files) {}
  Result<std::unique_ptr<InputSource>> open(const PlannedInput& input) override {
    for (const auto& [name, bytes] : files_) {
      if (name == input.path) return std::make_unique<MemorySource>(as_bytes(bytes));
    }
    return fail(ErrorCode::not_found, "not there", input.path, "");
  }

 private:
  const Members& files_;
};

InputPlan plan_of(const Members& files) {
  InputPlan plan;
  for (const auto& [name, bytes] : files) plan.inputs.push_back({name, name, bytes.size(), false});
  return plan;
}

TEST(SparseFiles, AreFilledInFolders) {
  const Members files{{"u/a.evtx", kStored}, {"u/a.evtx.idx", kIndex}};
  MapOpener opener(files);
  RecordingVisitor visitor;
  walk_inputs(plan_of(files), visitor, nullptr, opener);
  expect_filled(visitor);
  RecordingVisitor alone;
  walk_inputs(plan_of({{"u/a.evtx", kStored}}), alone, nullptr, opener);
  EXPECT_EQ(alone.leaves.at(0).bytes, kStored) << "an index that was not handed in does not count";
}

TEST(SparseFiles, StopInAHole) {
  const Members files{
      {"a", kStored},
      {"a.idx", R"({"ranges":[{"length":900000},{"original_offset":900000,"file_length":6,"length":6}]})"}};
  MapOpener opener(files);
  RecordingVisitor visitor;
  visitor.feeds_wanted = 2;
  walk_inputs(plan_of(files), visitor, nullptr, opener);
  ASSERT_EQ(visitor.leaves.size(), 1U);
  EXPECT_EQ(visitor.leaves[0].bytes.size(), 2 * kFeedBytes);
}

}  // namespace
}  // namespace tocsin::evidence::testing_inputs
