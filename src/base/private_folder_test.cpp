#include "base/private_folder.hpp"

#include <filesystem>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_stamp.hpp"
#include "base/program_id.hpp"

namespace tocsin::base {
namespace {

namespace fs = std::filesystem;
using Missing = PrivateFolder::Missing;

class PrivateFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* const info = testing::UnitTest::GetInstance()->current_test_info();
    base_ = fs::temp_directory_path() / (std::string("tocsin_private_") + info->name() + std::to_string(getpid()));
    fs::remove_all(base_);
    fs::create_directories(base_);
  }
  void TearDown() override { fs::remove_all(base_); }
  [[nodiscard]] std::string path() const { return base_ / "cache" / "tocsin"; }
  [[nodiscard]] PrivateFolder make() const {
    auto opened = PrivateFolder::open(path(), Missing::is_made);
    EXPECT_TRUE(opened) << opened.error().message;
    return std::move(*opened);
  }
  [[nodiscard]] ErrorCode refused() const {
    const auto opened = PrivateFolder::open(path(), Missing::is_made);
    EXPECT_FALSE(opened);
    return opened ? ErrorCode::conflict : opened.error().code;
  }
  static mode_t mode_of(const fs::path& path) {
    struct stat status{};
    EXPECT_EQ(::stat(path.c_str(), &status), 0);
    return status.st_mode & 07777;
  }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path()), fs::directory_iterator()));
  }
  fs::path base_;
};

TEST_F(PrivateFolderTest, IsMadeForThisUserAlone) {
  const auto missing = PrivateFolder::open(path(), Missing::is_error);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  const PrivateFolder folder = make();
  EXPECT_EQ(mode_of(path()), 0700U);
  EXPECT_EQ(mode_of(base_ / "cache"), 0700U);
  ASSERT_TRUE(folder.write("one", "bytes"));
  EXPECT_EQ(mode_of(fs::path(path()) / "one"), 0600U);
  const auto read = folder.read("one", 100);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->view(), "bytes");
  EXPECT_EQ(files(), 1U);
}

TEST_F(PrivateFolderTest, IsNotMadeFarFromAnythingOrByARelativeName) {
  const auto deep = PrivateFolder::open(base_ / "a" / "b" / "c", Missing::is_made);
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().code, ErrorCode::not_found);
  EXPECT_FALSE(PrivateFolder::open("cache", Missing::is_made));
}

TEST_F(PrivateFolderTest, RefusesALinkAndAFile) {
  fs::create_directories(base_ / "cache");
  fs::create_directories(base_ / "elsewhere");
  fs::permissions(base_ / "elsewhere", fs::perms::owner_all);
  fs::create_directory_symlink(base_ / "elsewhere", path());
  EXPECT_EQ(refused(), ErrorCode::permission);
  fs::remove(path());
  std::ofstream(path()) << "file";
  EXPECT_EQ(refused(), ErrorCode::permission);
}

TEST_F(PrivateFolderTest, RefusesAFolderThatOthersMaySee) {
  fs::create_directories(path());
  for (const unsigned mode : {0750U, 0705U, 0770U, 01777U}) {
    fs::permissions(path(), static_cast<fs::perms>(mode));
    EXPECT_EQ(refused(), ErrorCode::permission) << mode;
  }
  fs::permissions(path(), fs::perms::owner_all);
  EXPECT_TRUE(PrivateFolder::open(path(), Missing::is_made));
}

TEST_F(PrivateFolderTest, RefusesWhatBelongsToAnotherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a folder away";
  const PrivateFolder folder = make();
  ASSERT_TRUE(folder.write("one", "bytes"));
  ASSERT_EQ(chown((fs::path(path()) / "one").c_str(), 1, 1), 0);
  const auto read = folder.read("one", 100);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "it belongs to another user");
  ASSERT_EQ(chown(path().c_str(), 1, 1), 0);
  EXPECT_EQ(refused(), ErrorCode::permission);
  fs::remove_all(path());
  ASSERT_EQ(chown((base_ / "cache").c_str(), 1, 1), 0);
  EXPECT_EQ(refused(), ErrorCode::permission) << "nothing is made in another user's folder";
}

TEST_F(PrivateFolderTest, ReadsOnlyFilesOfItsOwn) {
  const PrivateFolder folder = make();
  const fs::path inside = path();
  std::ofstream(base_ / "secret") << "secret";
  fs::create_symlink(base_ / "secret", inside / "link");
  EXPECT_FALSE(folder.read("link", 100));
  ASSERT_EQ(mkfifo((inside / "pipe").c_str(), 0600), 0);
  EXPECT_FALSE(folder.read("pipe", 100)) << "and does not wait for a writer";
  fs::create_directory(inside / "folder");
  EXPECT_FALSE(folder.read("folder", 100));
  ASSERT_TRUE(folder.write("open", "bytes"));
  fs::permissions(inside / "open", static_cast<fs::perms>(0622));
  EXPECT_FALSE(folder.read("open", 100));
  ASSERT_TRUE(folder.write("large", std::string(101, 'x')));
  const auto large = folder.read("large", 100);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().message, "expected at most 100 bytes, found 101");
}

TEST_F(PrivateFolderTest, AFailedWriteLeavesNothing) {
  const PrivateFolder folder = make();
  fs::create_directories(fs::path(path()) / "one" / "in the way");
  const auto written = folder.write("one", "bytes");
  ASSERT_FALSE(written);
  EXPECT_TRUE(written.error().message.starts_with("cannot write the file: ")) << written.error().message;
  EXPECT_EQ(files(), 1U);
}

TEST_F(PrivateFolderTest, WritersAtOnceEachGiveAWholeFile) {
  const std::string first(300'000, 'a'), second(200'000, 'b');
  static_cast<void>(make());
  {
    std::vector<std::jthread> writers;
    for (const std::string* bytes : {&first, &second, &first, &second}) {
      writers.emplace_back([this, bytes] {
        const PrivateFolder folder = make();
        for (int i = 0; i < 20; ++i) EXPECT_TRUE(folder.write("one", *bytes));
      });
    }
    const PrivateFolder folder = make();
    for (int i = 0; i < 50; ++i) {
      const auto read = folder.read("one", 1'000'000);
      EXPECT_TRUE(!read || read->view() == first || read->view() == second);
    }
  }
  EXPECT_EQ(files(), 1U);
}

TEST_F(PrivateFolderTest, TheOldestGo) {
  const PrivateFolder folder = make();
  const fs::path inside = path();
  const auto age = [&](const char* name, int hours) {
    fs::last_write_time(inside / name, fs::file_time_type::clock::now() - std::chrono::hours(hours));
  };
  for (const char* const name :
       {"a.rules", "b.rules", "c.rules", "d.rules", "notes", "x.rules.partial-1-0", "y.rules.partial-2-0"}) {
    ASSERT_TRUE(folder.write(name, "0123456789"));
  }
  age("b.rules", 4);
  age("c.rules", 3);
  age("a.rules", 2);
  age("notes", 9);
  age("x.rules.partial-1-0", 2);
  folder.prune(".rules", 3, 1000);
  EXPECT_FALSE(fs::exists(inside / "b.rules"));
  EXPECT_FALSE(fs::exists(inside / "x.rules.partial-1-0"));
  EXPECT_TRUE(fs::exists(inside / "y.rules.partial-2-0")) << "somebody may still write it";
  EXPECT_TRUE(fs::exists(inside / "notes"));
  folder.prune(".rules", 3, 20);
  EXPECT_FALSE(fs::exists(inside / "c.rules"));
  folder.prune(".rules", 0, 0);
  ASSERT_EQ(folder.list(".rules").size(), 1U) << "the newest stays";
  EXPECT_EQ(folder.list(".rules").front().name, "d.rules");
}

TEST_F(PrivateFolderTest, StampsSeeWhatMtimeHides) {
  const std::string file = base_ / "file";
  std::ofstream(file) << "one";
  const auto before = stamp_of(file, FileKind::file);
  ASSERT_TRUE(before);
  EXPECT_FALSE(stamp_of(file, FileKind::folder));
  EXPECT_FALSE(stamp_of(base_ / "absent", FileKind::file));
  EXPECT_FALSE(is_settled(*before, stamp_time()));
  EXPECT_TRUE(is_settled(*before, stamp_time() + 3'000'000'000));
  usleep(20'000);
  const auto time = fs::last_write_time(file);
  std::ofstream(file) << "two";
  fs::last_write_time(file, time);
  const auto after = stamp_of(file, FileKind::file);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->modified, before->modified);
  EXPECT_EQ(after->size, before->size);
  EXPECT_NE(after->changed, before->changed);
}

TEST(ProgramId, IsTheSameWithinARun) {
  EXPECT_EQ(program_id().size(), 64U);
  EXPECT_EQ(program_id(), program_id());
}

}  // namespace
}  // namespace tocsin::base
