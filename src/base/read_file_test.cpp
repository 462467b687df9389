#include "base/read_file.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace tocsin::base {
namespace {

namespace fs = std::filesystem;

class ReadFile : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }
  fs::path folder_ = fs::temp_directory_path() / ("tocsin_read_file_" + std::to_string(::getpid()));
};

TEST_F(ReadFile, GivesEveryByte) {
  for (const std::string& text : {std::string(), std::string("a\0\r\nb", 5), std::string(200'000, 'x')}) {
    EXPECT_EQ(read_file(write("a.yml", text), "rule file").value(), text);
  }
}

TEST_F(ReadFile, RefusesWhatIsOverTheLimit) {
  const std::string path = write("a.yml", std::string((1 << 20) + 1, 'x'));
  EXPECT_TRUE(read_file(path, "rule file", (1 << 20) + 1));
  const auto refused = read_file(path, "rule file", 1 << 20);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::limit);
  EXPECT_EQ(refused.error().message, "the rule file is larger than 1 MiB");
  EXPECT_EQ(refused.error().place, path);
  EXPECT_FALSE(refused.error().hint.empty());
  // A file without an end is not read for ever.
  EXPECT_EQ(read_file("/dev/zero", "rule file", 1 << 20).error().code, ErrorCode::limit);
}

TEST_F(ReadFile, SaysWhyItCannot) {
  const auto missing = read_file((folder_ / "none").string(), "mapping file");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  EXPECT_EQ(missing.error().message, "cannot open the mapping file: No such file or directory");
  const auto folder = read_file(folder_.string(), "mapping file");
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().message, "the mapping file is a folder");
  if (::geteuid() == 0) return;  // root may read everything
  const std::string closed = write("closed", "x");
  fs::permissions(closed, fs::perms::none);
  EXPECT_EQ(read_file(closed, "rule file").error().code, ErrorCode::permission);
}

}  // namespace
}  // namespace tocsin::base
