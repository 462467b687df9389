#include "base/scratch_file.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace tocsin::base {
namespace {

std::string read(const ScratchFile& file, std::uint64_t offset, std::size_t size) {
  std::vector<std::byte> out(size);
  const auto got = file.read_at(offset, out);
  return got ? std::string(as_text(ByteView(out).first(*got))) : "error";
}

TEST(ScratchFile, KeepsWhatIsAppendedAndLeavesNoName) {
  std::string name = (std::filesystem::temp_directory_path() / "scratch-test-XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  const std::filesystem::path folder = name;
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before != nullptr ? before : "";
  ::setenv("TMPDIR", folder.c_str(), 1);
  {
    auto file = ScratchFile::make();
    ASSERT_TRUE(file);
    EXPECT_TRUE(std::filesystem::is_empty(folder)) << "it has no name, so nothing can be left behind";
    ASSERT_TRUE(file->append(as_bytes("hello ")));
    ASSERT_TRUE(file->append(as_bytes("world")));
    EXPECT_EQ(read(*file, 0, 100), "hello world");
    EXPECT_EQ(read(*file, 6, 3), "wor");
    EXPECT_EQ(read(*file, 11, 3), "");
    file->shrink(5);
    EXPECT_EQ(read(*file, 0, 100), "hello");
    ASSERT_TRUE(file->append(as_bytes("!")));
    EXPECT_EQ(read(*file, 0, 100), "hello!");
  }
  ::setenv("TMPDIR", (folder / "absent").c_str(), 1);
  const auto none = ScratchFile::make();
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().hint.find("TMPDIR"), std::string::npos);
  before != nullptr ? ::setenv("TMPDIR", kept.c_str(), 1) : ::unsetenv("TMPDIR");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace tocsin::base
