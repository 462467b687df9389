#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "evidence/inputs.hpp"
#include "evidence/inputs_glob.hpp"
#include "evidence/inputs_labels.hpp"
#include "evidence/inputs_lister.hpp"

namespace tocsin::evidence {
namespace {

// A file system in memory. Paths are absolute and normalised; relative ones are taken below /vol.
class FakeLister final : public Lister {
 public:
  struct Node {
    FileFacts facts;
    std::string target;          // symlinks
    std::optional<Error> error;  // met when it is listed (folders) or looked at (others)
    std::set<std::string> names;
  };

  FakeLister() { nodes_["/"] = {folder(), {}, {}, {}}; }

  Node& add(const std::string& path, FileFacts facts) {
    const std::size_t slash = path.rfind('/');
    const std::string parent = slash == 0 ? "/" : path.substr(0, slash);
    if (!nodes_.contains(parent)) add(parent, folder());
    nodes_[parent].names.insert(path.substr(slash + 1));
    Node& node = nodes_[path];
    node.facts = facts;
    return node;
  }
  Node& add_file(const std::string& path, std::uint64_t size = 1) { return add(path, file(size)); }
  void add_link(const std::string& path, const std::string& target) {
    FileFacts facts = file(0);
    facts.kind = FileFacts::Kind::symlink;
    add(path, facts).target = target;
  }
  FileFacts file(std::uint64_t size) { return {FileFacts::Kind::file, size, 1, ++inodes_}; }
  FileFacts folder() { return {FileFacts::Kind::folder, 0, 1, ++inodes_}; }

  Result<FileFacts> look(const std::string& path, bool follow) override {
    const std::string real = resolve(path, follow);
    const auto at = nodes_.find(real);
    if (at == nodes_.end()) return fail(ErrorCode::not_found, "cannot open it: No such file", path);
    if (at->second.error && at->second.facts.kind != FileFacts::Kind::folder) return std::unexpected(*at->second.error);
    return at->second.facts;
  }
  std::optional<Error> list(const std::string& path, const TakeName& take) override {
    ++lists;
    const Node& node = nodes_.at(resolve(path, true));
    // Not sorted: planning must do that.
    for (auto name = node.names.rbegin(); name != node.names.rend() && take(*name); ++name) {
    }
    return node.error;
  }
  std::string working_folder() override { return cwd; }

  std::string cwd = "/vol";
  int lists = 0;

 private:
  std::string resolve(const std::string& path, bool follow) {
    std::string whole = normalised_absolute(path, cwd);
    for (int hops = 0; hops < 40; ++hops) {
      bool changed = false;
      for (std::size_t slash = whole.find('/', 1);; slash = whole.find('/', slash + 1)) {
        const bool last = slash == std::string::npos;
        const auto at = nodes_.find(whole.substr(0, slash));
        if (at != nodes_.end() && !at->second.target.empty() && (!last || follow)) {
          whole = at->second.target + (last ? "" : whole.substr(slash));
          changed = true;
          break;
        }
        if (last) break;
      }
      if (!changed) return whole;
    }
    return "/too many links";
  }

  std::map<std::string, Node> nodes_;
  std::uint64_t inodes_ = 100;
};

InputPlan plan(Lister& lister, std::vector<std::string> paths, bool follow = false) {
  EvidenceOptions options;
  options.paths = std::move(paths);
  options.follow_symlinks = follow;
  return plan_inputs(options, lister);
}

std::vector<std::string> paths_of(const InputPlan& plan) {
  std::vector<std::string> paths;
  for (const PlannedInput& input : plan.inputs) paths.push_back(input.path);
  return paths;
}

using Paths = std::vector<std::string>;

TEST(PlanInputs, WalksFoldersInByteOrder) {
  FakeLister fs;
  for (const char* path : {"/vol/Logs/b.evtx", "/vol/Logs/B.evtx", "/vol/Logs/sub/x.evtx", "/vol/Logs/sub.evtx"}) {
    fs.add_file(path, 10);
  }
  const InputPlan result = plan(fs, {"Logs"});
  EXPECT_EQ(paths_of(result), (Paths{"Logs/B.evtx", "Logs/b.evtx", "Logs/sub.evtx", "Logs/sub/x.evtx"}));
  EXPECT_EQ(result.inputs[3].real_path, "Logs/sub/x.evtx");
  EXPECT_FALSE(result.inputs[0].named_by_user);
  EXPECT_EQ(result.total_bytes, 40U);
}

TEST(PlanInputs, NamesDoNotDependOnSpellingWorkingFolderOrOrder) {
  FakeLister fs;
  fs.add_file("/vol/case/Logs/a.evtx");
  fs.add_file("/vol/case/export.json");
  const Paths expected{"Logs/a.evtx", "export.json"};
  EXPECT_EQ(paths_of(plan(fs, {"case/Logs", "case/export.json"})), expected);
  EXPECT_EQ(paths_of(plan(fs, {"case/export.json", "/vol/case/./Logs/"})), expected);
  fs.cwd = "/vol/case/Logs";
  EXPECT_EQ(paths_of(plan(fs, {"../export.json", ".", "../Logs"})), expected);
}

TEST(PlanInputs, EqualNamesAreToldApartByTheirParents) {
  FakeLister fs;
  fs.add_file("/vol/one/x/Logs/a.evtx");
  fs.add_file("/vol/two/x/Logs/a.evtx");
  fs.add_file("/vol/other/Logs/a.evtx");
  const Paths expected{"one/x/Logs/a.evtx", "other/Logs/a.evtx", "two/x/Logs/a.evtx"};
  Paths arguments{"one/x/Logs", "two/x/Logs", "other/Logs"};
  std::sort(arguments.begin(), arguments.end());
  do {
    EXPECT_EQ(paths_of(plan(fs, arguments)), expected);
  } while (std::next_permutation(arguments.begin(), arguments.end()));
}

TEST(PlanInputs, ALabelNeverLooksLikeAFolderBelowAnother) {
  FakeLister fs;
  fs.add_file("/a/x/Logs/f");
  fs.add_file("/b/y/Logs/f");
  fs.add_file("/c/x/Logs/f");  // with the label "x" it would be called "x/Logs/f", as the first is
  const InputPlan result = plan(fs, {"/a/x/Logs", "/b/y/Logs", "/c/x"});
  const Paths paths = paths_of(result);
  EXPECT_EQ(std::set<std::string>(paths.begin(), paths.end()).size(), 3U) << testing::PrintToString(paths);
}

TEST(PlanInputs, AFileReachedTwiceIsReadOnceInAnyOrder) {
  FakeLister fs;
  const FileFacts shared = fs.file(5);
  fs.add("/vol/Logs/a.evtx", shared);
  fs.add("/vol/Logs/hardlink.evtx", shared);
  fs.add_file("/vol/Logs/deep/b.evtx");
  Paths arguments{"Logs", "Logs/a.evtx", "Logs/deep", "/vol/Logs/"};
  std::sort(arguments.begin(), arguments.end());
  do {
    const InputPlan result = plan(fs, arguments);
    EXPECT_EQ(paths_of(result), (Paths{"Logs/a.evtx", "Logs/deep/b.evtx"}));
    EXPECT_TRUE(result.inputs[0].named_by_user);
    EXPECT_EQ(result.total_bytes, 6U);
  } while (std::next_permutation(arguments.begin(), arguments.end()));
}

TEST(PlanInputs, SymlinksAreNotFollowedUnlessAsked) {
  FakeLister fs;
  fs.add_file("/vol/Logs/a.evtx");
  fs.add_file("/elsewhere/b.evtx");
  fs.add_link("/vol/Logs/link", "/elsewhere");
  fs.add_link("/vol/Logs/broken", "/nowhere");
  const InputPlan closed = plan(fs, {"Logs"});
  EXPECT_EQ(paths_of(closed), (Paths{"Logs/a.evtx"}));
  EXPECT_EQ(closed.skipped_symlinks, (Paths{"Logs/broken", "Logs/link"}));
  EXPECT_TRUE(closed.anomalies.empty());
  const InputPlan open = plan(fs, {"Logs"}, true);
  EXPECT_EQ(paths_of(open), (Paths{"Logs/a.evtx", "Logs/link/b.evtx"}));
  ASSERT_EQ(open.anomalies.size(), 1U);
  EXPECT_EQ(open.anomalies[0].path, "Logs/broken");
  EXPECT_EQ(open.anomalies[0].code, "file_unreadable");
}

TEST(PlanInputs, ASymlinkThatTheUserNamesIsFollowed) {
  FakeLister fs;
  fs.add_file("/elsewhere/b.evtx");
  fs.add_link("/vol/link", "/elsewhere");
  EXPECT_EQ(paths_of(plan(fs, {"link"})), (Paths{"link/b.evtx"}));
}

TEST(PlanInputs, LoopsEnd) {
  FakeLister fs;
  fs.add_file("/vol/Logs/a/f");
  fs.add_link("/vol/Logs/a/up", "/vol/Logs");
  fs.add_link("/vol/Logs/self", "/vol/Logs/self");
  fs.add_link("/vol/Logs/b", "/vol/Logs/a");
  const InputPlan result = plan(fs, {"Logs"}, true);
  EXPECT_EQ(paths_of(result), (Paths{"Logs/a/f"}));
  EXPECT_EQ(fs.lists, 2);
  EXPECT_EQ(result.notes.size(), 2U);
}

TEST(PlanInputs, WhatCannotBeReadIsSaid) {
  FakeLister fs;
  fs.add_file("/vol/Logs/a.evtx");
  const Error denied{ErrorCode::permission, "cannot list the folder: Permission denied", "Logs/secret", "be root"};
  fs.add("/vol/Logs/secret", fs.folder()).error = denied;
  const InputPlan below = plan(fs, {"Logs"});
  EXPECT_EQ(paths_of(below), (Paths{"Logs/a.evtx"}));
  EXPECT_TRUE(below.failed.empty());
  ASSERT_EQ(below.anomalies.size(), 1U);
  EXPECT_EQ(below.anomalies[0].path, "Logs/secret");
  EXPECT_EQ(below.anomalies[0].code, "folder_unreadable");
  EXPECT_EQ(below.anomalies[0].remedy, "Be root.");
  // The same folder as an argument is an operation that cannot be done.
  const InputPlan named = plan(fs, {"Logs/secret", "nowhere", "nowhere", ""});
  EXPECT_TRUE(named.anomalies.empty());
  ASSERT_EQ(named.failed.size(), 3U);
  EXPECT_EQ(named.failed[0].place, "''");
  EXPECT_EQ(named.failed[1].place, "Logs/secret");
  EXPECT_EQ(named.failed[2].place, "nowhere");
  EXPECT_EQ(named.failed[2].code, ErrorCode::not_found);
}

TEST(PlanInputs, SpecialFilesAreSkippedBelowAndRefusedAsArguments) {
  FakeLister fs;
  FileFacts socket = fs.file(0);
  socket.kind = FileFacts::Kind::other;
  fs.add("/vol/run/socket", socket);
  FileFacts pipe = fs.file(0);
  pipe.kind = FileFacts::Kind::pipe;
  fs.add("/vol/run/pipe", pipe);
  const InputPlan below = plan(fs, {"run"});
  EXPECT_TRUE(below.inputs.empty());
  EXPECT_EQ(below.notes.size(), 2U);
  const InputPlan named = plan(fs, {"run/socket", "run/pipe"});
  EXPECT_EQ(named.failed.size(), 1U);
  EXPECT_EQ(paths_of(named), (Paths{"pipe"}));
}

TEST(PlanInputs, GlobsOnlyWhereNoSuchPathExists) {
  FakeLister fs;
  fs.add_file("/vol/Logs/a.evtx");
  fs.add_file("/vol/Logs/b.evtx");
  fs.add_file("/vol/Logs/.hidden.evtx");
  fs.add_file("/vol/Logs/[x].json");
  fs.add_file("/vol/Logs/x.json");
  EXPECT_EQ(paths_of(plan(fs, {"Logs/*.evtx"})), (Paths{"a.evtx", "b.evtx"}));
  EXPECT_EQ(paths_of(plan(fs, {"L*s/[ab].e?tx", "/vol/Logs/a.evtx"})), (Paths{"a.evtx", "b.evtx"}));
  EXPECT_EQ(paths_of(plan(fs, {"Logs/[x].json"})), (Paths{"[x].json"}));
  const InputPlan none = plan(fs, {"Logs/*.zip"});
  ASSERT_EQ(none.failed.size(), 1U);
  EXPECT_EQ(none.failed[0].place, "Logs/*.zip");
  EXPECT_EQ(none.failed[0].message, "nothing matches the pattern");
}

TEST(PlanInputs, StandardInputStandsBesideAFileOfItsName) {
  FakeLister fs;
  fs.add_file("/vol/-");
  const InputPlan lone = plan(fs, {"-", "-"});
  ASSERT_EQ(paths_of(lone), (Paths{"-"}));
  EXPECT_EQ(lone.inputs[0].real_path, "-");
  EXPECT_EQ(paths_of(plan(fs, {"./-"})), (Paths{"-"}));
  const InputPlan both = plan(fs, {"./-", "-"});
  ASSERT_EQ(paths_of(both), (Paths{"-", "vol/-"}));
  EXPECT_EQ(both.inputs[0].real_path, "-");
  EXPECT_EQ(both.inputs[1].real_path, "./-");
}

TEST(PlanInputs, NamesThatAreNotUtf8StayBytes) {
  FakeLister fs;
  fs.add_file("/vol/Logs/\xff\xfe.evtx");
  EXPECT_EQ(paths_of(plan(fs, {"Logs"})), (Paths{"Logs/\xff\xfe.evtx"}));
}

// An endless tree: every folder holds one more folder of its own inode. Only the path's length can end it.
class EndlessLister final : public Lister {
 public:
  Result<FileFacts> look(const std::string& path, bool) override {
    return FileFacts{FileFacts::Kind::folder, 0, 1, path.size()};
  }
  std::optional<Error> list(const std::string&, const TakeName& take) override {
    static_cast<void>(take("deeper"));
    return std::nullopt;
  }
  std::string working_folder() override { return "/"; }
};

TEST(PlanInputs, EndlessFoldersEndAtThePathBudget) {
  EndlessLister lister;
  const InputPlan result = plan(lister, {"top"});
  EXPECT_TRUE(result.inputs.empty());
  ASSERT_EQ(result.anomalies.size(), 1U);
  EXPECT_EQ(result.anomalies[0].code, "path_too_long");
}

TEST(Glob, FitsAsInTheShell) {
  EXPECT_TRUE(glob_matches("*", "a"));
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_FALSE(glob_matches("*", ".a"));
  EXPECT_TRUE(glob_matches(".*", ".a"));
  EXPECT_TRUE(glob_matches("a*b*c", "aXbYbZc"));
  EXPECT_FALSE(glob_matches("a*b*c", "aXbYbZ"));
  EXPECT_TRUE(glob_matches("[!a-c]x", "dx"));
  EXPECT_FALSE(glob_matches("[!a-c]x", "bx"));
  EXPECT_TRUE(glob_matches("[]]", "]"));
  EXPECT_TRUE(glob_matches("[", "["));
  EXPECT_TRUE(glob_matches("\\*", "*"));
  EXPECT_FALSE(glob_matches("\\*", "a"));
  EXPECT_FALSE(glob_matches("a", "ab"));
  EXPECT_FALSE(glob_matches("ab", "a"));
}

TEST(Glob, ManyStarsDoNotBlowUp) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  EXPECT_FALSE(glob_matches(pattern + "b", std::string(20'000, 'a')));
}

TEST(Labels, NormalisesByText) {
  EXPECT_EQ(normalised_absolute("a//b/./c/", "/w"), "/w/a/b/c");
  EXPECT_EQ(normalised_absolute("../../..", "/w/x"), "/");
  EXPECT_EQ(normalised_absolute("/a/../b", "/w"), "/b");
}

}  // namespace
}  // namespace tocsin::evidence
