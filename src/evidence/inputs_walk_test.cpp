#include "evidence/inputs_walk.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.hpp"
#include "evidence/inputs_testing.hpp"

namespace tocsin::evidence {
namespace {

using testing_inputs::RecordingVisitor;

class WalkFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(::testing::TempDir()) / ("walk-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_ / "Logs");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  [[nodiscard]] InputPlan plan(const std::vector<std::string>& names) const {
    EvidenceOptions options;
    for (const std::string& name : names) options.paths.push_back((folder_ / name).string());
    return plan_inputs(options);
  }
  std::filesystem::path folder_;
};

std::string noise(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint32_t state = 12345;
  for (char& byte : bytes) byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return bytes;
}

TEST_F(WalkFiles, FeedsAllBytesInOrderWithTheirHash) {
  std::map<std::string, std::string> files{{"Logs/a", "hello"},
                                           {"Logs/b", ""},
                                           {"Logs/c", noise(65536)},
                                           {"Logs/d", noise(65537)},
                                           {"Logs/e", noise(1'000'000)}};
  for (const auto& [name, bytes] : files) write(name, bytes);
  RecordingVisitor visitor;
  walk_inputs(plan({"Logs"}), visitor, nullptr);
  ASSERT_EQ(visitor.leaves.size(), files.size());
  for (const auto& leaf : visitor.leaves) {
    const std::string& bytes = files.at(leaf.identity.path);
    EXPECT_EQ(leaf.bytes, bytes);
    EXPECT_EQ(leaf.head, bytes.substr(0, kSampleBytes));
    EXPECT_EQ(leaf.whole, bytes.size() <= kSampleBytes);
    EXPECT_EQ(leaf.size, bytes.size());
    EXPECT_EQ(leaf.identity.size, bytes.size());
    EXPECT_EQ(leaf.identity.sha256, base::sha256_hex(bytes));
    EXPECT_EQ(leaf.siblings, (std::vector<std::string>{"a", "b", "c", "d", "e"}));
  }
  EXPECT_TRUE(visitor.anomalies.empty());
}

TEST_F(WalkFiles, WhatNobodyReadsIsHashedAllTheSame) {
  write("x", "not recognised");
  RecordingVisitor visitor;
  visitor.accept = false;
  walk_inputs(plan({"x"}), visitor, nullptr);
  ASSERT_EQ(visitor.leaves.size(), 1U);
  EXPECT_EQ(visitor.leaves[0].bytes, "");
  EXPECT_EQ(visitor.leaves[0].identity.sha256, base::sha256_hex("not recognised"));
}

TEST_F(WalkFiles, AFileThatVanishedIsFailedOrAnAnomaly) {
  write("named", "x");
  write("Logs/below", "x");
  const InputPlan gone = plan({"named", "Logs"});
  std::filesystem::remove_all(folder_ / "Logs");
  std::filesystem::remove(folder_ / "named");
  RecordingVisitor visitor;
  walk_inputs(gone, visitor, nullptr);
  ASSERT_EQ(visitor.failed.size(), 1U);
  EXPECT_EQ(visitor.failed[0].message, "cannot open the file: No such file or directory");
  EXPECT_FALSE(visitor.failed[0].hint.empty());
  ASSERT_EQ(visitor.anomalies.size(), 1U);
  EXPECT_EQ(visitor.anomalies[0].path, "Logs/below");
  EXPECT_EQ(visitor.anomalies[0].code, "file_unreadable");
}

TEST_F(WalkFiles, AFileThatBecameAPipeDoesNotHang) {
  write("Logs/below", "x");
  const InputPlan planned = plan({"Logs"});
  std::filesystem::remove(folder_ / "Logs/below");
  ASSERT_EQ(::mkfifo((folder_ / "Logs/below").c_str(), 0600), 0);
  RecordingVisitor visitor;
  walk_inputs(planned, visitor, nullptr);
  EXPECT_TRUE(visitor.leaves.empty());
  ASSERT_EQ(visitor.anomalies.size(), 1U);
}

TEST_F(WalkFiles, APipeThatTheUserNamesIsReadAsAStream) {
  const std::string pipe = (folder_ / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const std::string bytes = noise(300'000);
  std::jthread writer([&] {
    std::ofstream out(pipe, std::ios::binary);
    out << bytes.substr(0, 10) << std::flush;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    out << bytes.substr(10);
  });
  RecordingVisitor visitor;
  walk_inputs(plan({"pipe"}), visitor, nullptr);
  ASSERT_EQ(visitor.leaves.size(), 1U);
  EXPECT_EQ(visitor.leaves[0].bytes, bytes);
  EXPECT_EQ(visitor.leaves[0].head.size(), kSampleBytes);
  EXPECT_EQ(visitor.leaves[0].size, std::nullopt);
  EXPECT_EQ(visitor.leaves[0].identity.sha256, "");
  EXPECT_EQ(visitor.leaves[0].identity.sha256_prefix, base::sha256_hex(bytes));
  EXPECT_EQ(visitor.leaves[0].identity.sha256_prefix_length, bytes.size());
}

TEST_F(WalkFiles, WaitingForAPipeEndsWhenTheUserWants) {
  const std::string pipe = (folder_ / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::atomic<bool> stop = false;
  std::jthread writer([&] {
    std::ofstream out(pipe, std::ios::binary);
    out << "some" << std::flush;
    stop = true;  // and never writes more, nor closes, until the walk has ended
    std::this_thread::sleep_for(std::chrono::seconds(1));
  });
  RecordingVisitor visitor;
  walk_inputs(plan({"pipe"}), visitor, &stop);
  EXPECT_TRUE(visitor.anomalies.empty());
  EXPECT_TRUE(visitor.failed.empty());
}

TEST_F(WalkFiles, AGrowingFileCarriesTheHashOfItsPrefix) {
  const std::string bytes = noise(600'000);
  write("log", bytes);
  RecordingVisitor visitor;
  visitor.on_feed = [&] { std::ofstream(folder_ / "log", std::ios::app) << "more"; };
  walk_inputs(plan({"log"}), visitor, nullptr);
  ASSERT_EQ(visitor.leaves.size(), 1U);
  const SourceInfo& identity = visitor.leaves[0].identity;
  EXPECT_EQ(visitor.leaves[0].bytes, bytes);
  EXPECT_EQ(identity.sha256, "");
  EXPECT_EQ(identity.sha256_prefix, base::sha256_hex(bytes));
  EXPECT_EQ(identity.sha256_prefix_length, bytes.size());
}

TEST_F(WalkFiles, AShrinkingFileKeepsWhatWasRead) {
  const std::string bytes = noise(600'000);
  write("log", bytes);
  RecordingVisitor visitor;
  visitor.on_feed = [&] { std::filesystem::resize_file(folder_ / "log", 100'000); };
  walk_inputs(plan({"log"}), visitor, nullptr);
  ASSERT_EQ(visitor.leaves.size(), 1U);
  const auto& leaf = visitor.leaves[0];
  EXPECT_LT(leaf.bytes.size(), bytes.size());
  EXPECT_EQ(leaf.bytes, bytes.substr(0, leaf.bytes.size()));
  EXPECT_EQ(leaf.identity.sha256, "");
  EXPECT_EQ(leaf.identity.sha256_prefix_length, leaf.bytes.size());
  ASSERT_EQ(visitor.anomalies.size(), 1U);
  EXPECT_EQ(visitor.anomalies[0].code, "file_shrank");
  EXPECT_EQ(visitor.anomalies[0].offset, leaf.bytes.size());
  EXPECT_EQ(visitor.anomalies[0].skipped, bytes.size() - leaf.bytes.size());
}

TEST_F(WalkFiles, StopsWhenTheVisitorOrTheUserWants) {
  write("Logs/a", noise(1'000'000));
  write("Logs/b", "x");
  RecordingVisitor visitor;
  visitor.feeds_wanted = 1;
  walk_inputs(plan({"Logs"}), visitor, nullptr);
  ASSERT_EQ(visitor.leaves.size(), 1U);
  EXPECT_LT(visitor.leaves[0].identity.sha256_prefix_length, 1'000'000U);
  EXPECT_EQ(visitor.leaves[0].identity.sha256, "");
  RecordingVisitor idle;
  const std::atomic<bool> stop = true;
  walk_inputs(plan({"Logs"}), idle, &stop);
  EXPECT_TRUE(idle.leaves.empty());
}

// A disk that fails at one offset.
class FailingSource final : public InputSource {
 public:
  static constexpr std::uint64_t kSize = 1'000'000, kBad = 300'000;
  explicit FailingSource(std::uint64_t bad) : bad_(bad) {}
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return kSize; }
  [[nodiscard]] bool seekable() const override { return true; }
  [[nodiscard]] bool open_ended() const override { return false; }
  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> out) override {
    if (offset >= bad_) return fail(ErrorCode::io, "cannot read the file: Input/output error", "x", "copy it");
    return static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), bad_ - offset));
  }

 private:
  std::uint64_t bad_;
};
class FailingOpener final : public InputOpener {
 public:
  explicit FailingOpener(std::uint64_t bad) : bad_(bad) {}
  [[nodiscard]] Result<std::unique_ptr<InputSource>> open(const PlannedInput&) override {
    return std::make_unique<FailingSource>(bad_);
  }

 private:
  std::uint64_t bad_;
};

TEST(WalkInputs, ADiskThatFailsAtOnceIsAFailedInput) {
  InputPlan plan;
  plan.inputs.push_back({"named", "named", FailingSource::kSize, true});
  plan.inputs.push_back({"x/below", "x/below", FailingSource::kSize, false});
  FailingOpener opener(0);
  RecordingVisitor visitor;
  walk_inputs(plan, visitor, nullptr, opener);
  EXPECT_TRUE(visitor.leaves.empty());
  ASSERT_EQ(visitor.failed.size(), 1U);
  ASSERT_EQ(visitor.anomalies.size(), 1U);
  EXPECT_EQ(visitor.anomalies[0].path, "x/below");
  EXPECT_EQ(visitor.anomalies[0].skipped, FailingSource::kSize);
}

TEST(WalkInputs, AFailingDiskIsAnAnomalyAtItsOffset) {
  InputPlan plan;
  plan.inputs.push_back({"disk.evtx", "disk.evtx", FailingSource::kSize, true});
  FailingOpener opener(FailingSource::kBad);
  RecordingVisitor visitor;
  walk_inputs(plan, visitor, nullptr, opener);
  ASSERT_EQ(visitor.leaves.size(), 1U);
  EXPECT_EQ(visitor.leaves[0].bytes.size(), FailingSource::kBad);
  EXPECT_EQ(visitor.leaves[0].identity.sha256_prefix_length, FailingSource::kBad);
  ASSERT_EQ(visitor.anomalies.size(), 1U);
  EXPECT_EQ(visitor.anomalies[0].code, "read_error");
  EXPECT_EQ(visitor.anomalies[0].offset, FailingSource::kBad);
  EXPECT_EQ(visitor.anomalies[0].skipped, FailingSource::kSize - FailingSource::kBad);
  EXPECT_TRUE(visitor.failed.empty());
}

}  // namespace
}  // namespace tocsin::evidence
