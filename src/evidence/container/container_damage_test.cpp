// Containers that are damaged, hostile, or beyond what is read: an anomaly each, and the rest is read.
#include <cerrno>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/container/archive_testing.hpp"
#include "tests/makers/self_zip.hpp"

namespace tocsin::evidence::testing_inputs {
namespace {

std::vector<std::string> codes(const RecordingVisitor& visitor) {
  std::vector<std::string> result;
  for (const Anomaly& anomaly : visitor.anomalies) result.push_back(anomaly.code + " " + anomaly.path);
  return result;
}
using Codes = std::vector<std::string>;

std::vector<std::string> contents(const RecordingVisitor& visitor) {
  std::vector<std::string> result;
  for (const auto& leaf : visitor.leaves) result.push_back(leaf.container + "=" + leaf.bytes);
  return result;
}

TEST(DamagedContainer, WhatIsEncryptedOrOfAnUnreadMethodIsNamedWithARemedy) {
  const std::string bytes =
      make_raw_zip({{"before", "1"}, {"deflate64", "??", 9, 0}, {"secret", "????????????????", 0, 1}, {"after", "2"}});
  for (const bool seekable : {true, false}) {
    const RecordingVisitor visitor = walk_bytes(bytes, "a.zip", {}, seekable);
    EXPECT_EQ(codes(visitor), (Codes{"container_method a.zip!/deflate64", "container_encrypted a.zip!/secret"}));
    ASSERT_EQ(visitor.anomalies.size(), 2U);
    EXPECT_NE(visitor.anomalies[0].remedy.find("7z x"), std::string::npos);
    EXPECT_NE(visitor.anomalies[1].remedy.find("--archive-password"), std::string::npos);
    EXPECT_EQ(contents(visitor), (Codes{"before=1", "after=2"}));
  }
}

TEST(DamagedContainer, AWrongChecksumIsSaidAndTheBytesAreKept) {
  const std::string bytes = make_raw_zip({{"bad", "bytes", 0, 0, 1}, {"good", "2"}});
  const RecordingVisitor visitor = walk_bytes(bytes, "a.zip");
  EXPECT_EQ(codes(visitor), (Codes{"container_checksum a.zip!/bad"}));
  EXPECT_EQ(contents(visitor), (Codes{"bad=bytes", "good=2"}));
}

TEST(DamagedContainer, TruncatedKeepsTheMembersBefore) {
  const Members members{{"a", noise(100'000)}, {"b", noise(300'000, 1)}, {"c", noise(100'000, 2)}};
  for (const std::string& whole : {make_zip(members), make_tar(members), gzip(make_tar(members))}) {
    const std::string cut = whole.substr(0, whole.size() * 7 / 8);
    const RecordingVisitor visitor = walk_bytes(cut, "cut");
    ASSERT_GE(visitor.leaves.size(), 2U);
    for (std::size_t i = 0; i < visitor.leaves.size(); ++i) {
      const auto& leaf = visitor.leaves[i];
      EXPECT_EQ(leaf.bytes, members[i].second.substr(0, leaf.bytes.size()));
      EXPECT_EQ(leaf.identity.sha256.empty(), leaf.bytes.size() < members[i].second.size());
    }
    EXPECT_GE(visitor.anomalies.size(), 1U);
    EXPECT_EQ(visitor.containers.back().sha256, base::sha256_hex(cut));
  }
}

// Where a member's bytes begin, for members that are stored.
std::size_t find_bytes(const std::string& archive, const std::string& bytes) {
  return archive.find(bytes.substr(0, 32));
}

TEST(DamagedContainer, ADamagedMemberOfAZipCostsItself) {
  std::string text;
  for (int i = 0; text.size() < 200'000; ++i) text += std::to_string(i * i);
  const Members members{{"a", "1"}, {"b", text}, {"c", text}, {"d", text}, {"e", "5"}};
  std::string bytes = make_zip(members);
  for (const char* name : {"b", "d"}) {
    bytes.replace(bytes.find(std::string(name) + "UT") + 2000, 300, 300, '\xff');
  }
  const RecordingVisitor visitor = walk_bytes(bytes, "a.zip");
  EXPECT_EQ(codes(visitor), (Codes{"container_damaged a.zip!/b", "container_damaged a.zip!/d"}));
  EXPECT_EQ(contents(visitor), (Codes{"a=1", "c=" + text, "e=5"}));
}

TEST(DamagedContainer, AZipWhoseListIsDamagedIsReadFromItsBeginning) {
  const Members members{{"a", noise(10'000)}, {"b", noise(10'000, 1)}, {"c", noise(10'000, 2)}};
  const std::string whole = make_zip(members);
  std::size_t at = whole.find("PK\x01\x02");
  for (int entry = 0; entry < 3; ++entry, at = whole.find("PK\x01\x02", at + 1)) {
    std::string bytes = whole;
    bytes[at] = 'X';
    const RecordingVisitor visitor = walk_bytes(bytes, "a.zip");
    EXPECT_EQ(codes(visitor), (Codes{"container_damaged a.zip"}));
    EXPECT_THAT(visitor.anomalies[0].message, ::testing::HasSubstr("The list of members cannot be read"));
    ASSERT_EQ(visitor.leaves.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(visitor.leaves[i].bytes, members[i].second);
  }
}

TEST(DamagedContainer, ADamagedHeaderOfATarCostsItsMember) {
  const Members members{{"a", noise(10'000)}, {"b", noise(100'000, 1)}, {"c", noise(10'000, 2)}};
  std::string bytes = make_tar(members);
  bytes[find_bytes(bytes, members[1].second) - 500] = 'X';
  const RecordingVisitor visitor = walk_bytes(bytes, "a.tar");
  EXPECT_EQ(codes(visitor), (Codes{"container_damaged a.tar"}));
  ASSERT_EQ(visitor.leaves.size(), 2U);
  EXPECT_EQ(visitor.leaves[0].bytes, members[0].second);
  EXPECT_EQ(visitor.leaves[1].bytes, members[2].second);
  bytes[3] = 'X';  // the first one tells what it is, by its checksum or its magic
  EXPECT_EQ(codes(walk_bytes(bytes, "a.tar")), (Codes{"container_damaged a.tar"}));
}

TEST(DamagedContainer, ATarCutBetweenMembersIsTold) {
  const Members members{{"a", noise(10'000)}, {"b", noise(10'000, 1)}};
  const std::string whole = make_tar(members);
  const std::string cut = whole.substr(0, find_bytes(whole, members[1].second) - 512);
  const RecordingVisitor visitor = walk_bytes(cut, "a.tar");
  EXPECT_EQ(codes(visitor), (Codes{"container_damaged a.tar"}));
  EXPECT_THAT(visitor.anomalies[0].message, ::testing::HasSubstr("cut off between two members"));
  EXPECT_EQ(contents(visitor), (Codes{"a=" + members[0].second}));
}

TEST(DamagedContainer, ACutGzipKeepsEveryByteBeforeTheCut) {
  const std::string log = noise(50'000);
  std::string bytes = gzip(log);
  bytes.resize(bytes.size() / 2);
  const RecordingVisitor visitor = walk_bytes(bytes, "log.gz");
  EXPECT_EQ(codes(visitor), (Codes{"container_damaged log.gz!/log"}));
  ASSERT_EQ(visitor.leaves.size(), 1U);
  EXPECT_GT(visitor.leaves[0].bytes.size(), 20'000U);
  EXPECT_EQ(visitor.leaves[0].bytes, log.substr(0, visitor.leaves[0].bytes.size()));
}

TEST(DamagedContainer, GzipChecksumsAreChecked) {
  std::string bytes = gzip("some text");
  bytes[bytes.size() - 6] = static_cast<char>(bytes[bytes.size() - 6] ^ 1);
  const RecordingVisitor visitor = walk_bytes(bytes, "log.gz");
  EXPECT_EQ(codes(visitor), (Codes{"container_checksum log.gz!/log"}));
  EXPECT_EQ(contents(visitor), (Codes{"log=some text"}));
}

TEST(DamagedContainer, ATruncated7zIsAnAnomaly) {
  const std::string whole = make_7z({{"a", noise(1000)}});
  const RecordingVisitor visitor = walk_bytes(whole.substr(0, whole.size() - 20), "a.7z");
  EXPECT_EQ(visitor.anomalies.size(), 1U);
  EXPECT_EQ(visitor.anomalies[0].code, "container_damaged");
  EXPECT_EQ(visitor.containers.size(), 1U);
}

TEST(DamagedContainer, DamageInsideIsNotDamageOutside) {
  std::string inner = gzip(noise(200'000));
  inner.resize(100'000);
  const RecordingVisitor visitor = walk_bytes(make_tar({{"x.gz", inner}, {"after", "2"}}), "a.tar");
  EXPECT_EQ(codes(visitor), (Codes{"container_damaged a.tar!/x.gz!/x"}));
  ASSERT_EQ(visitor.leaves.size(), 2U);
  EXPECT_EQ(visitor.leaves[1].bytes, "2");
  ASSERT_EQ(visitor.containers.size(), 2U);
  EXPECT_EQ(visitor.containers[0].sha256, base::sha256_hex(inner));
}

TEST(DamagedContainer, DamageOutsideIsToldFromTheInside) {
  std::string bytes = gzip(make_tar({{"a", noise(300'000)}}));
  bytes.resize(150'000);
  const RecordingVisitor visitor = walk_bytes(bytes, "a.tgz");
  EXPECT_EQ(codes(visitor), (Codes{"container_cut_short a.tgz!/a.tar!/a", "container_damaged a.tgz!/a.tar"}));
}

// libarchive would end the program.
TEST(HostileContainer, ANameThatCannotBeConvertedBehindAFailedAllocationEndsNothing) {
  const std::string bytes = make_raw_zip({{std::string("a\xff\0\xfe", 4), "1"}, {"\xf8\x88", "2"}});
  for (const bool seekable : {true, false}) {
    errno = ENOMEM;
    EXPECT_EQ(walk_bytes(bytes, "a.zip", {}, seekable).leaves.size(), 2U);
  }
}

TEST(HostileContainer, AZipThatHoldsItselfEndsAtTheLimitOfNesting) {
  const std::string bytes = makers::self_zip();
  for (const bool seekable : {true, false}) {
    const RecordingVisitor visitor = walk_bytes(bytes, "self.zip", {}, seekable);
    EXPECT_TRUE(visitor.leaves.empty());
    ASSERT_EQ(visitor.containers.size(), kMaxNesting + 1);
    for (const SourceInfo& identity : visitor.containers) {
      // Of a stream without a known size nobody can say that it was all.
      EXPECT_EQ(identity.sha256 + identity.sha256_prefix, base::sha256_hex(bytes)) << identity.container;
      EXPECT_EQ(identity.size, bytes.size());
    }
    std::string deepest = "self.zip";
    for (std::size_t i = 0; i < kMaxNesting; ++i) deepest += std::string("!/") + makers::kSelfZipMember;
    ASSERT_EQ(codes(visitor), (Codes{"container_nesting " + deepest}));
    EXPECT_EQ(visitor.anomalies[0].message,
              "Containers are opened 8 deep, this one lies deeper; its members were not read.");
    EXPECT_EQ(visitor.anomalies[0].remedy, "Extract it and scan the folder.");
  }
}

TEST(HostileContainer, NestingEndsAtItsLimit) {
  std::string bytes = "the core";
  for (int i = 0; i < 30; ++i) bytes = make_zip({{"again.zip", bytes}});
  const RecordingVisitor visitor = walk_bytes(bytes, "deep.zip");
  ASSERT_EQ(visitor.anomalies.size(), 1U);
  EXPECT_EQ(visitor.anomalies[0].code, "container_nesting");
  EXPECT_TRUE(visitor.leaves.empty());
  ASSERT_EQ(visitor.containers.size(), kMaxNesting + 1);
  for (const SourceInfo& identity : visitor.containers) EXPECT_NE(identity.sha256, "");
}

TEST(HostileContainer, ABombEndsAtItsRatioAndTheNextIsRead) {
  ContainerLimits limits;
  limits.free_member_bytes = 1'000'000;
  limits.ratio = 20;
  std::string zeros;
  zeros.resize(60'000'000);
  const std::string bytes = make_zip({{"bomb", zeros}, {"after", "2"}});
  const RecordingVisitor visitor = walk_bytes(bytes, "bomb.zip", limits);
  EXPECT_EQ(codes(visitor), (Codes{"container_ratio bomb.zip!/bomb"}));
  ASSERT_EQ(visitor.leaves.size(), 2U);
  EXPECT_LT(visitor.leaves[0].bytes.size(), 20'000'000U);
  EXPECT_EQ(visitor.leaves[1].bytes, "2");
  // Where the rest cannot be left out without decompressing it, the container ends there.
  const RecordingVisitor inside = walk_bytes(make_tar({{"x.gz", gzip(zeros)}, {"after", "2"}}), "a.tar", limits);
  EXPECT_EQ(codes(inside), (Codes{"container_ratio a.tar!/x.gz!/x"}));
  ASSERT_EQ(inside.leaves.size(), 2U);
  EXPECT_EQ(inside.leaves[1].bytes, "2");
}

TEST(HostileContainer, ASparseHoleCountsAsExpansion) {
  std::string bytes = make_tar({{"hole", std::string(1024, 'x')}, {"after", "2"}});
  // GNU sparse header: type 'S', one piece of 512 bytes at an offset of 4 GiB, real size 4 GiB + 512.
  const auto octal = [](std::uint64_t value) {
    char text[13];
    std::snprintf(text, sizeof text, "%011llo", static_cast<unsigned long long>(value));
    return std::string(text, 12);
  };
  bytes[156] = 'S';
  bytes.replace(386, 12, octal(std::uint64_t{4} << 30)).replace(398, 12, octal(1024));
  bytes.replace(483, 12, octal((std::uint64_t{4} << 30) + 1024));
  std::uint32_t sum = 0;
  bytes.replace(148, 8, "        ");
  for (int i = 0; i < 512; ++i) sum += static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
  bytes.replace(148, 7, octal(sum).substr(5, 6) + std::string(1, '\0'));
  ContainerLimits limits;
  limits.free_member_bytes = 1'000'000;
  limits.ratio = 20;
  RecordingVisitor visitor = walk_bytes(bytes, "sparse.tar", limits);
  EXPECT_EQ(codes(visitor), (Codes{"container_ratio sparse.tar!/hole"}));
  EXPECT_LT(visitor.leaves.at(0).bytes.size(), 20'000'000U);
}

TEST(HostileContainer, ManySmallBombsEndAtTheInputsTotal) {
  ContainerLimits limits;
  limits.free_input_bytes = 5'000'000;
  limits.ratio = 20;
  Members members;
  for (int i = 0; i < 100; ++i) members.emplace_back(std::to_string(i), std::string(500'000, '\0'));
  InputPlan plan;
  const std::string bytes = make_zip(members);
  const RecordingVisitor visitor = walk_bytes(bytes, "many.zip", limits);
  ASSERT_EQ(visitor.anomalies.size(), 1U);
  EXPECT_EQ(visitor.anomalies[0].code, "container_expansion");
  EXPECT_LT(visitor.leaves.size(), 20U);
  ASSERT_EQ(visitor.containers.size(), 1U);
  EXPECT_EQ(visitor.containers[0].sha256, base::sha256_hex(bytes));
}

TEST(HostileContainer, MembersAreCounted) {
  ContainerLimits limits;
  limits.input_entries = 10;
  Members members;
  for (int i = 0; i < 30; ++i) members.emplace_back(std::to_string(i), "x");
  const RecordingVisitor visitor =
      walk_bytes(make_zip({{"in.tar", make_tar(members)}, {"after", "2"}}), "a.zip", limits);
  EXPECT_EQ(codes(visitor), (Codes{"container_entries a.zip!/in.tar"}));
  EXPECT_EQ(visitor.leaves.size(), 9U);
}

TEST(HostileContainer, A7zTooLargeToHoldIsSaid) {
  ContainerLimits limits;
  limits.held_in_memory = limits.held_on_disk = 1000;
  const std::string inner = make_7z({{"a", noise(10'000)}});
  const RecordingVisitor visitor = walk_bytes(make_tar({{"x.7z", inner}, {"after", "2"}}), "a.tar", limits);
  EXPECT_EQ(codes(visitor), (Codes{"container_not_seekable a.tar!/x.7z"}));
  EXPECT_EQ(contents(visitor), (Codes{"after=2"}));
  ASSERT_EQ(visitor.containers.size(), 2U);
  EXPECT_EQ(visitor.containers[0].sha256, base::sha256_hex(inner));
}

TEST(HostileContainer, EveryCutAndEveryFlippedByteOfSmallContainersIsSurvived) {
  const Members members{{"a", "some text"}, {"b", std::string(2000, 'b')}};
  for (const std::string& whole :
       {make_zip(members), make_7z(members), gzip(make_tar(members)), compress(archive_write_add_filter_xz, "text"),
        compress(archive_write_add_filter_bzip2, "text"), compress(archive_write_add_filter_zstd, "text")}) {
    for (std::size_t i = 0; i < whole.size(); ++i) {
      const RecordingVisitor cut = walk_bytes(std::string_view(whole).substr(0, i), "x", {}, i % 2 == 0);
      EXPECT_EQ(cut.leaves.size() + cut.containers.size() + cut.anomalies.size() == 0, false);
      std::string flipped = whole;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << (i % 8)));
      const RecordingVisitor damaged = walk_bytes(flipped, "x", {}, i % 2 == 0);
      EXPECT_TRUE(damaged.failed.empty());
    }
  }
}

}  // namespace
}  // namespace tocsin::evidence::testing_inputs
