// Containers in streams that have to be read in any order: in memory, in the scratch file, and beyond both.
#include "evidence/container/held_bytes.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evidence/container/archive_testing.hpp"

namespace tocsin::evidence {
namespace {

using testing_inputs::make_7z;
using testing_inputs::make_tar;
using testing_inputs::make_zip;
using testing_inputs::RecordingVisitor;
using testing_inputs::walk_bytes;

std::string long_text(int seed) {
  std::string text;
  unsigned state = static_cast<unsigned>(seed) * 2654435761U + 1;
  for (int i = 0; i < 100'000; ++i) {
    state = state * 1664525U + 1013904223U;
    text.push_back(static_cast<char>(state >> 24U));
  }
  return text;
}

struct Nested {
  std::string first = long_text(1), second = long_text(2), deep = long_text(3);
  // A zip in a zip in a 7z in a tar: three levels that want to seek.
  std::string tar =
      make_tar({{"x.7z", make_7z({{"in.zip", make_zip({{"deeper.zip", make_zip({{"deep", deep}})}, {"first", first}})},
                                  {"second", second}})},
                {"y.zip", make_zip({{"after", "text"}})}});
};

void expect_all(const Nested& nested, const RecordingVisitor& visitor) {
  ASSERT_EQ(visitor.leaves.size(), 4U);
  EXPECT_EQ(visitor.leaves[0].container, "x.7z!/in.zip!/deeper.zip!/deep");
  EXPECT_TRUE(visitor.leaves[0].bytes == nested.deep);
  EXPECT_TRUE(visitor.leaves[1].bytes == nested.first);
  EXPECT_TRUE(visitor.leaves[2].bytes == nested.second);
  EXPECT_EQ(visitor.leaves[3].bytes, "text");
  EXPECT_TRUE(visitor.anomalies.empty()) << visitor.anomalies[0].message;
  for (const SourceInfo& container : visitor.containers) EXPECT_EQ(container.sha256.size(), 64U) << container.container;
}

TEST(HeldContainers, FitInMemory) {
  const Nested nested;
  expect_all(nested, walk_bytes(nested.tar, "a.tar"));
}

TEST(HeldContainers, GoToTheScratchFileWhereMemoryEnds) {
  const Nested nested;
  for (const std::uint64_t memory : {0U, 1U, 150'000U, 350'000U}) {
    ContainerLimits limits;
    limits.held_in_memory = memory;
    const RecordingVisitor visitor = walk_bytes(nested.tar, "a.tar", limits);
    expect_all(nested, visitor);
    EXPECT_NE(std::ranges::find_if(visitor.debug,
                                   [](const std::string& line) { return line.find("scratch file") != line.npos; }),
              visitor.debug.end())
        << memory;
  }
}

TEST(HeldContainers, AZipThatIsTooLargeIsReadAsAStream) {
  const Nested nested;
  ContainerLimits limits;
  limits.held_in_memory = 1000;
  limits.held_on_disk = 150'000;
  const RecordingVisitor visitor = walk_bytes(
      make_tar({{"in.zip", make_zip({{"first", nested.first}, {"second", nested.second}})}}), "a.tar", limits);
  ASSERT_EQ(visitor.leaves.size(), 2U);
  EXPECT_TRUE(visitor.leaves[0].bytes == nested.first);
  EXPECT_TRUE(visitor.leaves[1].bytes == nested.second);
  EXPECT_TRUE(visitor.anomalies.empty());
}

TEST(HeldContainers, NamesAreThoseOfTheListAtTheEnd) {
  // The member's own header and the list of members disagree; every reader of zips believes the list.
  std::string zip = make_zip({{"list-name", "text"}});
  zip.replace(zip.find("list-name"), 9, "head-name");
  const auto name = [](const RecordingVisitor& visitor) {
    return visitor.leaves.empty() ? std::string("none") : visitor.leaves[0].container;
  };
  EXPECT_EQ(name(walk_bytes(make_tar({{"z", zip}}), "a.tar")), "z!/" + name(walk_bytes(zip, "a.zip")));
}

TEST(HeldBytes, GiveTheirRoomBack) {
  auto scratch = base::ScratchFile::make();
  ASSERT_TRUE(scratch);
  ContainerLimits limits;
  limits.held_in_memory = 4;
  limits.held_on_disk = 10;
  InputUsage usage;
  {
    HeldBytes small(&*scratch, limits, usage), large(&*scratch, limits, usage);
    ASSERT_TRUE(small.append(as_bytes("abc")));
    ASSERT_TRUE(large.append(as_bytes("de")));
    ASSERT_TRUE(large.append(as_bytes("fghi")));
    EXPECT_FALSE(small.on_disk());
    EXPECT_TRUE(large.on_disk());
    const auto full = large.append(as_bytes("12345"));
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().message, "10 bytes may be held on disk");
    std::vector<std::byte> out(9);
    const auto got = large.read_at(1, out);
    ASSERT_TRUE(got);
    EXPECT_EQ(as_text(ByteView(out).first(*got)), "efghi");
    EXPECT_EQ(usage.held_in_memory, 3U);
    EXPECT_EQ(usage.held_on_disk, 6U);
  }
  EXPECT_EQ(usage.held_in_memory + usage.held_on_disk, 0U);
  EXPECT_EQ(scratch->size(), 0U);
  HeldBytes none(nullptr, limits, usage);
  const auto refused = none.append(as_bytes("12345"));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().hint.find("TMPDIR"), std::string::npos);
}

}  // namespace
}  // namespace tocsin::evidence
