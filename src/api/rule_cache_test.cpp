// Compiled rules between runs: taken only where nothing changed, and never a reason to fail.
#include "api/rule_cache.hpp"

#include <filesystem>
#include <fstream>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/rule_set_impl.hpp"

namespace tocsin {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

std::string rule(int number, std::string_view image = "cmd.exe") {
  return "title: Rule " + std::to_string(number) + "\nid: 00000000-0000-4000-8000-00000000000" +
         std::to_string(number) +
         "\nlevel: high\nstatus: test\nlogsource:\n    product: windows\n    category: process_creation\n"
         "detection:\n    s:\n        Image|endswith: '\\" +
         std::string(image) + "'\n    condition: s\n";
}

class RuleCacheTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* const info = testing::UnitTest::GetInstance()->current_test_info();
    base_ = fs::temp_directory_path() / (std::string("tocsin_rules_") + info->name() + std::to_string(getpid()));
    fs::remove_all(base_);
    fs::create_directories(base_ / "rules" / "windows");
    write("windows/one.yml", rule(1));
    write("windows/two.yml", rule(2));
    write("broken.yml", "title: Broken\nlogsource: {}\ndetection: 7\n");
    options_.paths = {(base_ / "rules").string()};
    options_.cache.folder = base_ / "cache";
  }
  void TearDown() override { fs::remove_all(base_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(base_ / "rules" / name, std::ios::binary) << text;
  }
  // Nothing but time makes a stamp old: when a file was changed cannot be set.
  static void wait_until_settled() { usleep(2'100'000); }

  [[nodiscard]] RuleSet load() const {
    auto loaded = RuleSet::load(options_);
    EXPECT_TRUE(loaded) << loaded.error().message;
    return std::move(*loaded);
  }
  [[nodiscard]] RuleCacheUse use() const { return load().cache_use(); }
  // The set is made anew for this reason, kept, and taken by the next.
  void expect_anew(std::string_view why) const {
    const RuleCacheUse anew = use();
    EXPECT_FALSE(anew.taken);
    EXPECT_THAT(anew.not_taken, HasSubstr(why));
    EXPECT_TRUE(anew.kept) << anew.not_kept;
    EXPECT_TRUE(use().taken);
  }
  [[nodiscard]] std::string file() const { return options_.cache.folder + "/" + rule_cache_name(options_); }
  static std::string all_of(const RuleSet& set) {
    std::string out = set.hash();
    for (const RuleInfo& info : set.rules()) out += set.describe(info.id).value_or("?") + info.file + info.sha256;
    for (const RuleProblem& problem : set.problems()) {
      out += problem.code + problem.file + problem.message + problem.source_line + problem.label + problem.help +
             std::to_string(problem.line) + ":" + std::to_string(problem.column);
    }
    const RuleSet::Counts& counts = set.counts();
    for (const auto count : {counts.files, counts.loaded, counts.rejected, counts.not_rules, counts.not_selected}) {
      out += " " + std::to_string(count);
    }
    return out;
  }

  fs::path base_;
  RuleSetOptions options_;
};

TEST_F(RuleCacheTest, TheSecondLoadTakesWhatTheFirstKept) {
  const RuleSet cold = load();
  EXPECT_FALSE(cold.cache_use().taken);
  EXPECT_EQ(cold.cache_use().not_taken, "it is not there yet");
  EXPECT_TRUE(cold.cache_use().kept) << cold.cache_use().not_kept;
  EXPECT_EQ(cold.cache_use().file, file());
  EXPECT_EQ(cold.cache_use().bytes, fs::file_size(file()));
  const RuleSet warm = load();
  EXPECT_TRUE(warm.cache_use().taken) << warm.cache_use().not_taken;
  EXPECT_EQ(all_of(warm), all_of(cold));
  EXPECT_EQ(cold.counts().rejected, 1U);
  RuleSetOptions plain = options_;
  plain.cache = {};
  const auto without = RuleSet::load(plain);
  ASSERT_TRUE(without);
  EXPECT_EQ(all_of(*without), all_of(cold));
  EXPECT_EQ(without->cache_use().file, "");
}

TEST_F(RuleCacheTest, BuiltInRulesAreKeptToo) {
  options_.paths.clear();
  const RuleSet cold = load();
  const RuleSet warm = load();
  EXPECT_TRUE(warm.cache_use().taken);
  EXPECT_EQ(all_of(warm), all_of(cold));
  EXPECT_EQ(warm.settings().size(), cold.settings().size());
}

TEST_F(RuleCacheTest, OtherOptionsAreAnotherFile) {
  const auto other = [&](auto change) {
    RuleSetOptions changed = options_;
    change(changed);
    return rule_cache_name(changed) != rule_cache_name(options_);
  };
  EXPECT_TRUE(other([](RuleSetOptions& o) { o.paths.emplace_back("more"); }));
  EXPECT_TRUE(other([](RuleSetOptions& o) { o.log_source_files.emplace_back("more"); }));
  EXPECT_TRUE(other([](RuleSetOptions& o) { o.placeholders.push_back({"a", "b"}); }));
  EXPECT_TRUE(other([](RuleSetOptions& o) { o.selection.minimum_level = Level::informational; }));
  EXPECT_TRUE(other([](RuleSetOptions& o) { o.selection.statuses.push_back(RuleStatus::unsupported); }));
  EXPECT_TRUE(other([](RuleSetOptions& o) { o.selection.tags.emplace_back("t"); }));
  EXPECT_TRUE(other([](RuleSetOptions& o) { o.selection.include.emplace_back("t"); }));
  EXPECT_TRUE(other([](RuleSetOptions& o) { o.selection.exclude.emplace_back("t"); }));
  EXPECT_TRUE(other([](RuleSetOptions& o) { o.selection.deprecated = true; }));
  EXPECT_TRUE(other([](RuleSetOptions& o) { o.selection.unsupported = true; }));
  EXPECT_FALSE(other([](RuleSetOptions& o) { o.cache.folder = "/elsewhere"; }));
  options_.selection.include = {"nothing is called so"};
  static_cast<void>(load());
  const RuleSet warm = load();
  EXPECT_TRUE(warm.cache_use().taken);
  ASSERT_EQ(warm.unknown_names().size(), 1U);
  EXPECT_EQ(warm.unknown_names()[0].name, "nothing is called so");
}

TEST_F(RuleCacheTest, AChangedRuleOfTheSameSizeAndTimeIsSeen) {
  static_cast<void>(load());
  const fs::path one = base_ / "rules/windows/one.yml";
  const auto time = fs::last_write_time(one);
  write("windows/one.yml", rule(1, "bad.exe"));
  fs::last_write_time(one, time);
  expect_anew("one.yml was changed");
  wait_until_settled();
  static_cast<void>(use());  // settled stamps are kept
  write("windows/one.yml", rule(1, "odd.exe"));
  fs::last_write_time(one, time);
  expect_anew("one.yml was changed");
  EXPECT_THAT(load().describe("00000000-0000-4000-8000-000000000001").value(), HasSubstr("odd.exe"));
}

TEST_F(RuleCacheTest, AnotherFileInARulesPlaceIsSeen) {
  wait_until_settled();
  static_cast<void>(load());
  const fs::path one = base_ / "rules/windows/one.yml";
  const auto time = fs::last_write_time(one);
  const auto exchange = [&](const std::string& text) {
    std::ofstream(base_ / "new", std::ios::binary) << text;
    fs::last_write_time(base_ / "new", time);
    fs::rename(base_ / "new", one);
  };
  exchange(rule(1));
  const RuleCacheUse same = use();
  EXPECT_TRUE(same.taken) << "another inode, the same bytes: " << same.not_taken;
  exchange(rule(1, "bad.exe"));
  expect_anew("one.yml was changed");
  exchange(rule(1, "longer.exe"));
  expect_anew("one.yml was changed");
}

TEST_F(RuleCacheTest, NewRemovedAndRenamedFilesAreSeen) {
  static_cast<void>(load());
  write("windows/three.yml", rule(3));
  expect_anew("added, removed or renamed");
  fs::create_directories(base_ / "rules/linux");
  EXPECT_TRUE(use().taken) << "an empty folder holds no rule";
  write("linux/four.yml", rule(4));
  expect_anew("added, removed or renamed");
  fs::rename(base_ / "rules/linux/four.yml", base_ / "rules/linux/five.yml");
  expect_anew("added, removed or renamed");
  fs::remove(base_ / "rules/windows/two.yml");
  expect_anew("added, removed or renamed");
  fs::remove_all(base_ / "rules/linux");
  expect_anew("is gone");
  wait_until_settled();
  EXPECT_TRUE(use().taken);
  EXPECT_FALSE(use().kept);
  write("windows/late.yml", rule(5));
  expect_anew("added, removed or renamed");
}

TEST_F(RuleCacheTest, TouchedFilesAreReadOnceMore) {
  static_cast<void>(load());
  wait_until_settled();
  RuleCacheUse settled = use();
  EXPECT_TRUE(settled.taken);
  EXPECT_TRUE(settled.kept) << "with stamps that can be trusted from now on";
  settled = use();
  EXPECT_TRUE(settled.taken);
  EXPECT_FALSE(settled.kept) << "nothing was read";
  write("windows/one.yml", rule(1));  // the same bytes
  settled = use();
  EXPECT_TRUE(settled.taken) << settled.not_taken;
}

TEST_F(RuleCacheTest, FilesThatAreNamedCountToo) {
  const fs::path values = base_ / "values", logs = base_ / "logs.yml";
  std::ofstream(values) << "one\n";
  std::ofstream(logs) << "product: own\nlogsources: []\n";
  options_.placeholders = {{"names", values}};
  options_.log_source_files = {logs};
  static_cast<void>(load());
  EXPECT_TRUE(use().taken);
  std::ofstream(values) << "two\n";
  expect_anew("values was changed");
  std::ofstream(logs) << "product: ownn\nlogsources: []\n";
  expect_anew("logs.yml was changed");
}

TEST_F(RuleCacheTest, ADamagedFileIsMadeAnew) {
  static_cast<void>(load());
  const auto size = fs::file_size(file());
  for (std::uintmax_t cut = 0; cut < size; cut += 64 << 10) {
    fs::resize_file(file(), cut);
    expect_anew("bytes, found");
  }
  {
    std::fstream damaged(file(), std::ios::in | std::ios::out | std::ios::binary);
    damaged.seekp(static_cast<std::streamoff>(size / 2));
    damaged.put('\x7F');
    damaged.put('\x01');
    damaged.put('\x7F');
  }
  expect_anew("the checksum is wrong");
  std::ofstream(file()) << "nonsense";
  expect_anew("expected at least");
  fs::permissions(file(), static_cast<fs::perms>(0666));
  expect_anew("others may write to it");
  fs::remove(file());
  fs::create_symlink(base_ / "elsewhere", file());
  const RuleCacheUse replaced = use();
  EXPECT_FALSE(replaced.taken);
  EXPECT_TRUE(replaced.kept);
  EXPECT_FALSE(fs::is_symlink(file())) << "the link is replaced, what it points to is not written";
}

TEST_F(RuleCacheTest, AFolderThatIsNotOursIsLeftAlone) {
  fs::create_directories(options_.cache.folder);
  fs::permissions(options_.cache.folder, static_cast<fs::perms>(0755));
  const RuleCacheUse open = use();
  EXPECT_FALSE(open.taken || open.kept);
  EXPECT_THAT(open.not_kept, HasSubstr("others may look into it"));
  fs::remove_all(options_.cache.folder);
  fs::create_directories(base_ / "elsewhere");
  fs::create_directory_symlink(base_ / "elsewhere", options_.cache.folder);
  EXPECT_THAT(use().not_kept, HasSubstr("found a link or a file"));
  EXPECT_TRUE(fs::is_empty(base_ / "elsewhere"));
}

TEST_F(RuleCacheTest, WhatCannotBeSeenToChangeIsNotKept) {
  fs::create_symlink(base_ / "absent.yml", base_ / "rules/link.yml");
  const RuleCacheUse link = use();
  EXPECT_FALSE(link.kept);
  EXPECT_THAT(link.not_kept, HasSubstr("no file that could be seen to change"));
  fs::remove(base_ / "rules/link.yml");
  const fs::path pipe = base_ / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  options_.placeholders = {{"names", pipe}};
  std::jthread writer([&] { std::ofstream(pipe) << "one\n"; });
  EXPECT_FALSE(use().kept);
}

TEST_F(RuleCacheTest, WhoMayNotWriteHasItKept) {
  std::vector<std::string> kept;
  options_.cache.keep = [&](std::string_view bytes) -> Result<void> {
    kept.emplace_back(bytes);
    return {};
  };
  EXPECT_TRUE(use().kept);
  EXPECT_FALSE(fs::exists(options_.cache.folder));
  ASSERT_EQ(kept.size(), 1U);
  ASSERT_TRUE(keep_rule_cache(options_.cache.folder, rule_cache_name(options_), kept[0]));
  wait_until_settled();
  EXPECT_TRUE(use().taken);
  EXPECT_TRUE(use().taken);
  ASSERT_EQ(kept.size(), 3U);
  EXPECT_FALSE(kept[1].empty()) << "stamps that are settled now";
  options_.cache.keep = [](std::string_view) -> Result<void> { return fail(ErrorCode::io, "disk full", "/there"); };
  write("windows/three.yml", rule(3));
  const RuleCacheUse full = use();
  EXPECT_FALSE(full.kept);
  EXPECT_EQ(full.not_kept, "/there: disk full");
}

TEST_F(RuleCacheTest, TwoWritersAtOnce) {
  {
    std::vector<std::jthread> loads;
    for (int i = 0; i < 4; ++i) {
      loads.emplace_back([&] {
        for (int k = 0; k < 5; ++k) {
          const auto loaded = RuleSet::load(options_);
          EXPECT_TRUE(loaded && loaded->rules().size() == 2);
          fs::remove(file());
        }
      });
    }
  }
  static_cast<void>(load());
  EXPECT_TRUE(use().taken);
}

TEST_F(RuleCacheTest, SaysHowMuchIsKept) {
  const auto none = look_at_rule_cache(options_.cache.folder);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::not_found);
  static_cast<void>(load());
  const auto one = look_at_rule_cache(options_.cache.folder);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->files, 1U);
  EXPECT_EQ(one->bytes, fs::file_size(file()));
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(keep_rule_cache(options_.cache.folder, std::to_string(i) + ".rules", "bytes"));
  }
  EXPECT_EQ(look_at_rule_cache(options_.cache.folder)->files, kMaxCacheFiles);
}

}  // namespace
}  // namespace tocsin
