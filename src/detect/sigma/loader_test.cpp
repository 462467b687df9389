#include "detect/sigma/loader.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace tocsin::sigma {
namespace {

namespace fs = std::filesystem;

std::string rule(std::string_view id, std::string_view more = "", std::string_view name = "") {
  std::string text = "title: Rule " + std::string(id) + "\nid: " + std::string(id) + "\n";
  if (!name.empty()) text += "name: " + std::string(name) + "\n";
  text += std::string(more);
  return text + "logsource:\n    product: windows\ndetection:\n    s:\n        A: b\n    condition: s\n";
}

class Loader : public testing::Test {
 protected:
  void SetUp() override {
    const auto* const info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() / (std::string("tocsin_loader_") + info->name() + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  LoadedRules load(const RuleSelection& selection = {}) const {
    auto loaded = load_rules({folder_.string()}, selection);
    EXPECT_TRUE(loaded);
    return loaded ? std::move(*loaded) : LoadedRules{};
  }
  static std::string ids(const LoadedRules& loaded) {
    std::string all;
    for (const Rule& one : loaded.rules) all += one.info.id + " ";
    return all;
  }

  fs::path folder_;
};

TEST_F(Loader, WalksFoldersAndGivesRulesById) {
  write("z/a.yml", rule("b"));
  write("a.yaml", rule("c"));
  write("b.YML", rule("a"));
  write("notes.txt", rule("d"));
  write(".git/e.yml", rule("e"));
  const LoadedRules loaded = load();
  EXPECT_EQ(ids(loaded), "a b c ");
  EXPECT_EQ(loaded.counts.files, 3U);
  EXPECT_EQ(loaded.counts.loaded, 3U);
  EXPECT_EQ(loaded.rules[1].info.file, folder_.filename().string() + "/z/a.yml");
  EXPECT_EQ(loaded.rules[1].info.sha256.size(), 64U);
  EXPECT_EQ(loaded.hash.size(), 64U);
}

TEST_F(Loader, TakesDeprecatedAndUnsupportedOnlyWhenAsked) {
  write("deprecated/a.yml", rule("a"));
  write("unsupported_rules/b.yml", rule("b"));
  write("c.yml", rule("c", "status: deprecated\n"));
  write("d.yml", rule("d", "status: stable\n"));
  EXPECT_EQ(ids(load()), "d ");
  RuleSelection selection;
  selection.deprecated = true;
  EXPECT_EQ(ids(load(selection)), "a c d ");
  selection.unsupported = true;
  EXPECT_EQ(ids(load(selection)), "a b c d ");
}

TEST_F(Loader, Selects) {
  write("a.yml", rule("a", "level: low\nstatus: test\ntags: [attack.t1059.001]\n"));
  write("b.yml", rule("b", "level: high\nstatus: stable\ntags: [attack.T1059]\n", "bee"));
  write("c.yml", rule("c", "level: critical\nstatus: test\ntags: [attack.t1003]\n"));
  RuleSelection selection;
  selection.minimum_level = Level::high;
  EXPECT_EQ(ids(load(selection)), "b c ");
  EXPECT_EQ(load(selection).counts.not_selected, 1U);
  selection = {};
  selection.statuses = {RuleStatus::stable};
  EXPECT_EQ(ids(load(selection)), "b ");
  selection = {};
  selection.tags = {"ATTACK.t1059"};
  EXPECT_EQ(ids(load(selection)), "a b ");
  selection.tags = {"attack.t105"};
  EXPECT_EQ(ids(load(selection)), "");
  selection = {};
  selection.include = {"A", "bee"};
  EXPECT_EQ(ids(load(selection)), "a b ");
  selection.exclude = {"b"};
  EXPECT_EQ(ids(load(selection)), "a ");
}

TEST_F(Loader, CountsWhatIsNoRuleAndGoesOnBehindABadOne) {
  write("a.yml", rule("a") + "---\n" + rule("b", "level: wrong\n") + "---\n" + rule("c"));
  write("workflow.yml", "on: push\njobs:\n    build: x\n");
  write("list.yml", "- one\n- two\n");
  write("empty.yml", "");
  write("broken.yml", "key: [a\n");
  const LoadedRules loaded = load();
  EXPECT_EQ(ids(loaded), "a c ");
  EXPECT_EQ(loaded.counts.rejected, 1U);
  EXPECT_EQ(loaded.counts.not_rules, 3U);
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_EQ(loaded.problems[0].code, "S012");
  EXPECT_EQ(loaded.problems[0].rule_id, "b");
}

TEST_F(Loader, KeepsTheFirstOfTwoRulesOfOneId) {
  write("a.yml", rule("same"));
  write("b.yml", rule("same", "level: low\n"));
  write("c.yml", rule("same"));
  const LoadedRules loaded = load();
  ASSERT_EQ(loaded.rules.size(), 1U);
  EXPECT_TRUE(loaded.rules[0].info.file.ends_with("/a.yml"));
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_EQ(loaded.problems[0].code, "S014");
  EXPECT_TRUE(loaded.problems[0].file.ends_with("/b.yml"));
  const RuleProblem& problem = loaded.problems[0];
  ASSERT_GT(problem.column_end, problem.column);
  EXPECT_EQ(problem.source_line.substr(problem.column - 1, problem.column_end - problem.column), "same");
  EXPECT_TRUE(problem.source_line.starts_with("id:")) << problem.source_line;
  EXPECT_GT(problem.line, 1U);
  EXPECT_NE(problem.help.find("/a.yml:1"), std::string::npos) << problem.help;
  EXPECT_EQ(loaded.problems[0].severity, RuleProblem::Severity::error);
  EXPECT_EQ(loaded.counts.rejected, 1U);
  EXPECT_EQ(loaded.counts.not_selected, 1U);
}

TEST_F(Loader, TellsWhichNamesOfTheSelectionNoRuleHas) {
  write("a.yml", rule("11111111-aaaa"));
  write("b.yml", rule("22222222-bbbb", "level: low\nname: short\n"));
  RuleSelection selection;
  selection.minimum_level =
      Level::critical;  // that a rule is not selected for another reason is no mistake in its name
  selection.include = {"11111111-AAAA", "short", "11111111-aaab"};
  selection.exclude = {"quite another", "22222222-bbbb"};
  const std::vector<RuleSet::UnknownName> unknown = load(selection).unknown_names;
  ASSERT_EQ(unknown.size(), 2U);
  EXPECT_TRUE(unknown[0].include);
  EXPECT_EQ(unknown[0].name, "11111111-aaab");
  EXPECT_EQ(unknown[0].nearest, "11111111-aaaa");
  EXPECT_FALSE(unknown[1].include);
  EXPECT_EQ(unknown[1].name, "quite another");
  EXPECT_EQ(unknown[1].nearest, "");
}

TEST_F(Loader, HashFollowsNamesAndBytes) {
  write("a.yml", rule("a"));
  const std::string first = load().hash;
  EXPECT_EQ(load().hash, first);
  write("a.yml", rule("a") + "\n");
  EXPECT_NE(load().hash, first);
}

TEST_F(Loader, FailsOnAPathThatIsNotThere) {
  const auto loaded = load_rules({(folder_ / "absent").string()}, {});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, ErrorCode::not_found);
  EXPECT_NE(loaded.error().place.find("absent"), std::string::npos);
}

TEST_F(Loader, AFileThatIsTooLargeStopsNoOther) {
  write("a.yml", rule("a"));
  write("large.yml", rule("b") + std::string((8 << 20) + 1, '#'));
  const LoadedRules loaded = load();
  EXPECT_EQ(ids(loaded), "a ");
  EXPECT_EQ(loaded.counts.rejected, 1U);
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_TRUE(loaded.problems[0].file.ends_with("/large.yml"));
  EXPECT_EQ(loaded.problems[0].message, "the rule file is larger than 8 MiB");
  EXPECT_FALSE(loaded.problems[0].help.empty());
  const auto named = load_rules({(folder_ / "large.yml").string()}, {});
  ASSERT_FALSE(named);
  EXPECT_EQ(named.error().code, ErrorCode::limit);
}

TEST_F(Loader, GivesEqualResultsForAnyOrderOfPaths) {
  write("one/a.yml", rule("a"));
  write("two/b.yml", rule("b"));
  const std::string one = (folder_ / "one").string();
  const std::string two = (folder_ / "two").string();
  const auto first = load_rules({one, two}, {});
  const auto second = load_rules({two, one}, {});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->hash, second->hash);
  EXPECT_EQ(ids(*first), ids(*second));
}

// As many as are worth several threads.
TEST_F(Loader, ManyFilesAreTakenInTheirOrder) {
  for (int i = 0; i < 1500; ++i) {
    const std::string name = std::to_string(10'000 + i);
    write(name + ".yml", i % 3 == 0   ? rule(name, "level: unheard\n")
                         : i % 5 == 0 ? rule("same", "author: " + name + "\n")
                                      : rule(name));
  }
  const LoadedRules first = load();
  EXPECT_EQ(first.counts.files, 1500U);
  EXPECT_EQ(first.sha256.size(), first.inputs.files.size());
  ASSERT_GT(first.problems.size(), 600U);
  EXPECT_TRUE(std::ranges::is_sorted(first.problems, {}, &RuleProblem::file));
  const auto same = std::ranges::find(first.rules, "same", [](const Rule& one) { return one.info.id; });
  ASSERT_NE(same, first.rules.end());
  EXPECT_TRUE(same->info.file.ends_with("/10005.yml")) << same->info.file;
  for (int i = 0; i < 3; ++i) {
    const LoadedRules again = load();
    EXPECT_EQ(again.hash, first.hash);
    EXPECT_EQ(ids(again), ids(first));
    EXPECT_TRUE(std::ranges::equal(again.problems, first.problems, {}, &RuleProblem::file, &RuleProblem::file));
  }
}

}  // namespace
}  // namespace tocsin::sigma
