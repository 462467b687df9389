#include "evidence/follow/finished_logs.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "base/hash.hpp"

namespace tocsin::evidence {
namespace {

class FinishedLogsTest : public testing::Test {
 protected:
  FinishedLogsTest() {
    std::string name = (std::filesystem::temp_directory_path() / "finished_XXXXXX").string();
    folder_ = mkdtemp(name.data());
  }
  ~FinishedLogsTest() override { std::filesystem::remove_all(folder_); }
  std::optional<std::uint64_t> read_before(const std::string& text, bool enough = false) {
    const std::string path = (folder_ / "log").string();
    std::ofstream(path, std::ios::binary) << text;
    const Result<LiveFile> file = LiveFile::open(path);
    return logs_.read_before(*file, as_bytes(text), [enough] { return enough; });
  }
  void add(const std::string& text) {
    logs_.add(text.substr(0, FinishedLogs::kHeadBytes), text.size(), base::sha256_hex(text));
  }
  FinishedLogs logs_;

 private:
  std::filesystem::path folder_;
};

TEST_F(FinishedLogsTest, TheLongestThatTheFileBeginsWith) {
  add("one\n");
  add("one\ntwo\n");
  add("one\nthree\n");
  EXPECT_EQ(read_before("one\n"), 4U);
  EXPECT_EQ(read_before("one\ntwo\nmore\n"), 8U);
  EXPECT_EQ(read_before("other\n"), 0U);
  EXPECT_EQ(read_before("one\ntwo\n", true), std::nullopt);
}

TEST_F(FinishedLogsTest, ComparesMoreThanTheHead) {
  const std::string head(FinishedLogs::kHeadBytes, 'x');
  add(head + "end\n");
  EXPECT_EQ(read_before(head + "END\n"), 0U);
  EXPECT_EQ(read_before(head + "end\n"), head.size() + 4);
}

TEST_F(FinishedLogsTest, SaysWhatMayBeACopyYetToBeMade) {
  add("one\ntwo\n");
  EXPECT_TRUE(logs_.has_longer(as_bytes("one\n"), 4));
  EXPECT_FALSE(logs_.has_longer(as_bytes("one\ntwo\n"), 8));
  EXPECT_FALSE(logs_.has_longer(as_bytes("two\n"), 4));
  EXPECT_FALSE(logs_.has_alike(as_bytes("")));
}

}  // namespace
}  // namespace tocsin::evidence
