// Containers of every kind, whole: what comes out of them, under which names, with which identities.
#include "evidence/container/container_walk.hpp"

#include <clocale>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evidence/container/archive_testing.hpp"
#include "evidence/container/member_names.hpp"

namespace tocsin::evidence::testing_inputs {
namespace {

const Members kLogs{{"Logs/", ""},
                    {"Logs/Security.evtx", "security log"},
                    {"Logs/System.evtx", std::string(300'000, 'x') + "end"},
                    {"empty", ""}};

void expect_logs(const RecordingVisitor& visitor, const std::string& prefix) {
  ASSERT_EQ(visitor.leaves.size(), 3U);
  std::map<std::string, std::string> found;
  for (const auto& leaf : visitor.leaves) {
    EXPECT_EQ(leaf.container, leaf.identity.container);
    EXPECT_EQ(leaf.sample_path, leaf.container);
    EXPECT_EQ(leaf.identity.sha256, base::sha256_hex(leaf.bytes));
    EXPECT_EQ(leaf.identity.size, leaf.bytes.size());
    found[leaf.container] = leaf.bytes;
  }
  EXPECT_EQ(found[prefix + "Logs/Security.evtx"], kLogs[1].second);
  EXPECT_EQ(found[prefix + "Logs/System.evtx"], kLogs[2].second);
  EXPECT_TRUE(found.contains(prefix + "empty"));
  EXPECT_TRUE(visitor.anomalies.empty()) << visitor.anomalies[0].path << ": " << visitor.anomalies[0].message;
  EXPECT_TRUE(visitor.failed.empty());
}

TEST(WalkContainer, Archives) {
  const std::vector<std::pair<std::string, std::string>> archives{
      {"zip", make_zip(kLogs)},
      {"tar", make_tar(kLogs)},
      {"tar", make_archive(archive_write_set_format_pax, kLogs)},
      {"tar", make_archive(archive_write_set_format_v7tar, kLogs)},
      {"7z", make_7z(kLogs)}};
  for (const auto& [format, bytes] : archives) {
    SCOPED_TRACE(format);
    for (const bool seekable : {true, false}) {
      const RecordingVisitor visitor = walk_bytes(bytes, "case/evidence.bin", {}, seekable);
      expect_logs(visitor, "");
      ASSERT_EQ(visitor.containers.size(), 1U);
      const SourceInfo& identity = visitor.containers[0];
      EXPECT_EQ(identity.path, "case/evidence.bin");
      EXPECT_EQ(identity.container, "");
      EXPECT_EQ(identity.format, format);
      EXPECT_EQ(identity.size, bytes.size());
      EXPECT_EQ(seekable ? identity.sha256 : identity.sha256_prefix, base::sha256_hex(bytes));
    }
  }
}

TEST(WalkContainer, CompressedFiles) {
  const std::string log = "{\"a\":1}\n" + std::string(1'000'000, ' ');
  const std::vector<std::pair<std::string, std::string>> kinds{{"gzip", gzip(log)},
                                                               {"bzip2", compress(archive_write_add_filter_bzip2, log)},
                                                               {"xz", compress(archive_write_add_filter_xz, log)},
                                                               {"zstd", compress(archive_write_add_filter_zstd, log)}};
  const char* endings[] = {".gz", ".bz2", ".XZ", ".zst"};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    SCOPED_TRACE(kinds[i].first);
    const RecordingVisitor visitor = walk_bytes(kinds[i].second, std::string("x/export.ndjson") + endings[i]);
    ASSERT_EQ(visitor.leaves.size(), 1U);
    EXPECT_EQ(visitor.leaves[0].bytes, log);
    EXPECT_EQ(visitor.leaves[0].container, "export.ndjson");
    ASSERT_EQ(visitor.containers.size(), 1U);
    EXPECT_EQ(visitor.containers[0].format, kinds[i].first);
    EXPECT_EQ(visitor.containers[0].sha256, base::sha256_hex(kinds[i].second));
    EXPECT_TRUE(visitor.anomalies.empty());
  }
}

TEST(WalkContainer, CompressedStreamsOneBehindTheOther) {
  const RecordingVisitor visitor = walk_bytes(gzip("one\n") + gzip("two\n"), "log.gz");
  ASSERT_EQ(visitor.leaves.size(), 1U);
  EXPECT_EQ(visitor.leaves[0].bytes, "one\ntwo\n");
  EXPECT_TRUE(visitor.anomalies.empty());
}

TEST(WalkContainer, ZstdBehindASkippableFrame) {
  const std::string skippable("\x5f\x2a\x4d\x18\x03\0\0\0abc", 11);
  const RecordingVisitor visitor = walk_bytes(skippable + compress(archive_write_add_filter_zstd, "text"), "x.zst");
  ASSERT_EQ(visitor.leaves.size(), 1U);
  EXPECT_EQ(visitor.leaves[0].bytes, "text");
  EXPECT_EQ(walk_bytes(skippable, "x").containers.size(), 0U);
}

TEST(WalkContainer, NestedAreReadLevelByLevel) {
  const std::string inner = make_zip(kLogs);
  const std::string tar = make_tar({{"a/readme", "hello"}, {"a/inner.zip", inner}, {"z", "last"}});
  const std::string outer = make_zip({{"first", "1"}, {"logs.tar.gz", gzip(tar)}, {"second", "2"}});
  const RecordingVisitor visitor = walk_bytes(outer, "outer.zip");
  std::vector<std::string> leaves, containers;
  for (const auto& leaf : visitor.leaves) leaves.push_back(leaf.container);
  for (const auto& container : visitor.containers) {
    containers.push_back(container.format + " " + container.container);
    EXPECT_NE(container.sha256, "");
  }
  EXPECT_EQ(leaves,
            (std::vector<std::string>{
                "first", "logs.tar.gz!/logs.tar!/a/readme", "logs.tar.gz!/logs.tar!/a/inner.zip!/Logs/Security.evtx",
                "logs.tar.gz!/logs.tar!/a/inner.zip!/Logs/System.evtx", "logs.tar.gz!/logs.tar!/a/inner.zip!/empty",
                "logs.tar.gz!/logs.tar!/z", "second"}));
  EXPECT_EQ(containers, (std::vector<std::string>{"zip logs.tar.gz!/logs.tar!/a/inner.zip", "tar logs.tar.gz!/logs.tar",
                                                  "gzip logs.tar.gz", "zip "}));
  EXPECT_EQ(visitor.containers[0].sha256, base::sha256_hex(inner));
  EXPECT_EQ(visitor.containers[1].sha256, base::sha256_hex(tar));
  EXPECT_TRUE(visitor.anomalies.empty());
}

TEST(WalkContainer, A7zInsideAnotherContainerIsHeldInMemory) {
  const RecordingVisitor visitor = walk_bytes(make_tar({{"logs.7z", make_7z(kLogs)}}), "outer.tar");
  expect_logs(visitor, "logs.7z!/");
}

TEST(WalkContainer, TenThousandMembers) {
  Members members;
  for (int i = 0; i < 10'000; ++i) members.emplace_back("m/" + std::to_string(i), std::to_string(i));
  for (const std::string& bytes : {make_zip(members), make_tar(members), make_7z(members)}) {
    const RecordingVisitor visitor = walk_bytes(bytes, "many");
    ASSERT_EQ(visitor.leaves.size(), members.size());
    EXPECT_EQ(visitor.leaves[9'999].bytes, "9999");
  }
}

TEST(WalkContainer, NamesStayBytesAndBecomeUnambiguous) {
  const std::string utf8 = "M\xc3\xbcller/\xe6\x97\xa5\xe6\x9c\xac.evtx", latin = "M\xfcller.evtx";
  const std::string bytes = make_raw_zip({{"../../etc/passwd", "1"},
                                          {"/absolute", "2"},
                                          {"C:\\Windows\\x.evtx", "3"},
                                          {utf8, "4", 0, 0x800},
                                          {latin, "5"},
                                          {"twice", "6"},
                                          {"twice", "7"},
                                          {"twice#2", "8"},
                                          {"./dot/a!/b", "9"},
                                          {"", "10"}});
  const std::vector<std::string> expected{
      "../../etc/passwd", "/absolute", "C:/Windows/x.evtx", utf8,       latin, "twice",
      "twice#2",          "twice#2#2", "dot/a!%2Fb",        "(no name)"};
  for (const char* locale : {"C", "C.UTF-8"}) {
    std::setlocale(LC_ALL, locale);
    for (const bool seekable : {true, false}) {
      const RecordingVisitor visitor = walk_bytes(bytes, "names.zip", {}, seekable);
      std::vector<std::string> names;
      for (const auto& leaf : visitor.leaves) names.push_back(leaf.container);
      EXPECT_EQ(names, expected);
      EXPECT_TRUE(visitor.anomalies.empty());
    }
  }
  std::setlocale(LC_ALL, "C");
}

TEST(WalkContainer, NamesOfDevicesAreNames) {
  const std::string bytes = make_raw_zip({{"CON", "1"}, {"a/NUL.evtx", "2"}, {"//./PhysicalDrive0", "3"}});
  const RecordingVisitor visitor = walk_bytes(bytes, "devices.zip");
  ASSERT_EQ(visitor.leaves.size(), 3U);
  EXPECT_EQ(visitor.leaves[0].container, "CON");
  EXPECT_EQ(visitor.leaves[1].container, "a/NUL.evtx");
  EXPECT_EQ(visitor.leaves[2].container, "//./PhysicalDrive0");
  EXPECT_EQ(visitor.leaves[2].bytes, "3");
}

TEST(WalkContainer, ANameOf64KilobytesIsCutAndSaid) {
  const RecordingVisitor visitor = walk_bytes(make_raw_zip({{std::string(65'535, 'n'), "x"}}), "long.zip");
  ASSERT_EQ(visitor.leaves.size(), 1U);
  EXPECT_EQ(visitor.leaves[0].bytes, "x");
  EXPECT_EQ(visitor.leaves[0].container.size(), kMaxMemberNameBytes + 17);
  ASSERT_EQ(visitor.anomalies.size(), 1U);
  EXPECT_EQ(visitor.anomalies[0].code, "container_name_too_long");
}

TEST(WalkContainer, LongNamesAreCutAndSaid) {
  const std::string name(5'000, 'n');
  const RecordingVisitor visitor = walk_bytes(make_tar({{name, "x"}}), "long.tar");
  ASSERT_EQ(visitor.leaves.size(), 1U);
  EXPECT_EQ(visitor.leaves[0].bytes, "x");
  EXPECT_EQ(visitor.leaves[0].container,
            name.substr(0, kMaxMemberNameBytes) + "~" + base::sha256_hex(name).substr(0, 16));
  ASSERT_EQ(visitor.anomalies.size(), 1U);
  EXPECT_EQ(visitor.anomalies[0].code, "container_name_too_long");
}

TEST(WalkContainer, NamesOfLoneCompressedFiles) {
  const std::string body = gzip("x").substr(10);
  const auto name_in = [&](const std::string& header, const std::string& file) {
    const RecordingVisitor visitor = walk_bytes(header + body, file);
    return visitor.leaves.size() == 1 ? visitor.leaves[0].container : "none";
  };
  const std::string plain("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10), named("\x1f\x8b\x08\x08\0\0\0\0\0\x03", 10);
  const std::string extra("\x1f\x8b\x08\x0c\0\0\0\0\0\x03\x02\0zz", 14);
  EXPECT_EQ(name_in(plain, "a/log.json.GZ"), "log.json");
  EXPECT_EQ(name_in(plain, "a/log"), "log");
  EXPECT_EQ(name_in(plain, "-"), "data");
  EXPECT_EQ(name_in(plain, "logs.tgz"), "logs.tar");
  EXPECT_EQ(name_in(named + std::string("own.json\0", 9), "x.gz"), "own.json");
  EXPECT_EQ(name_in(named + std::string("../../a\\own.json\0", 17), "x.gz"), "own.json");
  EXPECT_EQ(name_in(named + std::string("..\0", 3), "x.gz"), "x");
  EXPECT_EQ(name_in(extra + std::string("own.json\0", 9), "x.gz"), "own.json");
}

TEST(WalkContainer, OnlyMagicBytesCount) {
  const RecordingVisitor text = walk_bytes("#mtree\n./a type=file\n", "innocent.tar.gz");
  ASSERT_EQ(text.leaves.size(), 1U);
  EXPECT_EQ(text.leaves[0].container, "");
  EXPECT_TRUE(text.containers.empty());
  const RecordingVisitor rar = walk_bytes(std::string("Rar!\x1a\x07\x01\0rest", 12), "logs.rar");
  ASSERT_EQ(rar.anomalies.size(), 1U);
  EXPECT_EQ(rar.anomalies[0].code, "container_unsupported");
  EXPECT_EQ(rar.leaves.size(), 1U);
}

TEST(WalkContainer, StopsInsideAContainer) {
  const std::string bytes = make_zip({{"a.tar", make_tar({{"x", "1"}, {"y", "2"}})}, {"b", "3"}});
  InputPlan plan;
  plan.inputs.push_back({"a.zip", "a.zip", bytes.size(), true});
  MemoryOpener opener(bytes);
  RecordingVisitor visitor;
  visitor.feeds_wanted = 1;
  walk_inputs(plan, visitor, nullptr, opener);
  EXPECT_EQ(visitor.leaves.size(), 1U);
  for (const SourceInfo& identity : visitor.containers) EXPECT_EQ(identity.sha256, "");
  EXPECT_EQ(visitor.containers.size(), 2U);
}

std::uint64_t aside(const RecordingVisitor& visitor, bool held) {
  std::uint64_t sum = 0;
  for (const auto& aside : visitor.asides) {
    EXPECT_EQ(aside.path, "a.tar");
    if (aside.held == held) sum += aside.bytes;
  }
  return sum;
}

TEST(WalkContainer, WhatIsHeldOrOnlyHashedIsToldWhileItLasts) {
  const std::string inner = make_zip({{"log", noise(1'000'000)}});
  const RecordingVisitor holding = walk_bytes(make_tar({{"inner.zip", inner}}), "a.tar");
  EXPECT_EQ(aside(holding, true), inner.size());
  EXPECT_GE(holding.asides.size(), inner.size() / kFeedBytes);
  RecordingVisitor hashing;
  hashing.accept = false;
  const std::string bytes = make_tar({{"picture", noise(1'000'000)}});
  InputPlan plan;
  plan.inputs.push_back({"a.tar", "a.tar", bytes.size(), true});
  MemoryOpener opener(bytes);
  walk_inputs(plan, hashing, nullptr, opener);
  EXPECT_GE(aside(hashing, false), 1'000'000U);
  EXPECT_EQ(aside(hashing, true), 0U);
  EXPECT_GE(hashing.asides.size(), 1'000'000 / kFeedBytes);
}

}  // namespace
}  // namespace tocsin::evidence::testing_inputs
