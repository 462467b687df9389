// Folders of more names than anybody should have, from listers without a disk.
#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "evidence/inputs.hpp"
#include "evidence/inputs_lister.hpp"
#include "tests/support/memory.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TOCSIN_SLOW_BUILD 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TOCSIN_SLOW_BUILD 1
#endif
#endif

namespace tocsin::evidence {
namespace {

#ifdef TOCSIN_SLOW_BUILD
constexpr bool kSlowBuild = true;
#else
constexpr bool kSlowBuild = false;
#endif

// One folder of `count` files, given in an order that `step` makes (coprime to `count`).
class WideLister final : public Lister {
 public:
  WideLister(std::uint64_t count, std::uint64_t step) : count_(count), step_(step) {}

  Result<FileFacts> look(const std::string& path, bool) override {
    if (path == "top") return FileFacts{FileFacts::Kind::folder, 0, 1, 1};
    if (path.ends_with('*')) return fail(ErrorCode::not_found, "cannot open it: No such file or directory", path);
    std::uint64_t number = 0;
    std::from_chars(path.data() + path.rfind('-') + 1, path.data() + path.size(), number);
    ++looks;
    if (unreadable) return fail(ErrorCode::permission, "cannot open it: Permission denied", path, "be root");
    if (links) return FileFacts{FileFacts::Kind::symlink, 0, 1, number + 2};
    if (folders) return FileFacts{FileFacts::Kind::folder, 0, 1, number + 2};
    return FileFacts{FileFacts::Kind::file, 1, 1, number + 2};
  }
  std::optional<Error> list(const std::string& folder, const TakeName& take) override {
    if (folder != "top" && folder != ".") return std::nullopt;
    for (std::uint64_t i = 0; i < count_; ++i) {
      ++given;
      if (!take(name_of(i * step_ % count_))) break;
    }
    return std::nullopt;
  }
  std::string working_folder() override { return "/"; }

  std::string_view name_of(std::uint64_t number) {
    std::size_t size = kHead.size() + kDigits;
    for (std::uint64_t rest = number, i = size; i > kHead.size(); rest /= 10)
      name_[--i] = static_cast<char>('0' + rest % 10);
    // Of different lengths, so that a limit of bytes falls between any two.
    if (number % 7 == 0) name_[size++] = 'x';
    return {name_, size};
  }

  bool unreadable = false, links = false, folders = false;
  std::uint64_t looks = 0, given = 0;

 private:
  std::uint64_t count_, step_;
  static constexpr std::string_view kHead = "Security-";
  static constexpr std::size_t kDigits = 8;
  char name_[32] = "Security-";
};

InputPlan plan(Lister& lister, const std::string& path, const PlanLimits& limits = {},
               const std::atomic<bool>* stop = nullptr) {
  EvidenceOptions options;
  options.paths = {path};
  return plan_inputs(options, lister, limits, stop);
}

TEST(WidePlan, TenMillionFilesInAFolder) {
  const std::uint64_t count = kSlowBuild ? 1'000'000 : 10'000'000;
  const std::uint64_t before = tocsin::testing::status_kilobytes("VmRSS");
  WideLister lister(count, 7919);
  const InputPlan result = plan(lister, "top");
  const std::uint64_t peak = tocsin::testing::status_kilobytes("VmHWM");
  ASSERT_EQ(result.inputs.size(), count);
  EXPECT_EQ(result.total_bytes, count);
  EXPECT_TRUE(result.anomalies.empty());
  for (std::uint64_t i = 0; i < count; i += 9973) {
    ASSERT_EQ(result.inputs.path(i), "top/" + std::string(lister.name_of(i)));
  }
  EXPECT_EQ(result.inputs[count - 1].real_path, "top/" + std::string(lister.name_of(count - 1)));
  EXPECT_LT(result.inputs.memory() / count, 60U);
  if (!kSlowBuild) {
    EXPECT_LT(peak - before, count * 110 / 1024) << "kilobytes: more than 110 bytes for each";
  }
  std::printf("%llu kB for %llu files, %llu kB held\n", static_cast<unsigned long long>(peak - before),
              static_cast<unsigned long long>(count), static_cast<unsigned long long>(result.inputs.memory() / 1024));
}

struct Kept {
  std::size_t files = 0;
  std::string last, message;
  auto operator<=>(const Kept&) const = default;
};

Kept kept(std::uint64_t count, std::uint64_t step, const PlanLimits& limits) {
  WideLister lister(count, step);
  const InputPlan result = plan(lister, "top", limits);
  EXPECT_EQ(lister.given, count);  // all are counted
  if (result.inputs.empty() || result.anomalies.size() != 1) return {};
  EXPECT_EQ(result.anomalies[0].code, "too_many_files");
  EXPECT_EQ(result.anomalies[0].path, "top");
  EXPECT_EQ(result.anomalies[0].remedy, "Move them into several folders and scan these one by one.");
  return {result.inputs.size(), result.inputs.path(result.inputs.size() - 1), result.anomalies[0].message};
}

TEST(WidePlan, OfTooManyNamesTheFirstAreKeptWhateverTheOrderTheyComeIn) {
  PlanLimits limits;
  limits.names = 1000;
  const Kept expected{1000, "top/Security-00000999",
                      "Expected at most 1000 names in a folder, or 1073741824 bytes of names, found 100000; 99000 of "
                      "them, from 'Security-00001000' on in the order of bytes, were not read."};
  for (const std::uint64_t step : {1, 3, 7919, 99'999, 50'001})
    EXPECT_EQ(kept(100'000, step, limits), expected) << step;
}

TEST(WidePlan, ALimitOfBytesCutsAtTheSameNameWhateverTheOrder) {
  PlanLimits limits;
  limits.name_bytes = 20'005;
  const Kept first = kept(50'000, 1, limits);
  EXPECT_GT(first.files, 1000U);
  EXPECT_LT(first.files, 1300U);
  for (const std::uint64_t step : {3, 7919, 49'999, 24'999}) EXPECT_EQ(kept(50'000, step, limits), first) << step;
}

TEST(WidePlan, BeyondTheFilesOfAScanWhatIsLeftOutIsSaid) {
  PlanLimits limits;
  limits.files = 100;
  WideLister lister(1000, 7);
  const InputPlan result = plan(lister, "top", limits);
  ASSERT_EQ(result.inputs.size(), 100U);
  EXPECT_EQ(result.inputs.path(99), "top/Security-00000099");
  EXPECT_EQ(lister.looks, 101U);
  ASSERT_EQ(result.anomalies.size(), 1U);
  EXPECT_EQ(result.anomalies[0].code, "too_many_files");
  EXPECT_EQ(result.anomalies[0].path, "top/Security-00000100");
  EXPECT_EQ(result.anomalies[0].message,
            "Expected at most 100 files, found more; not read are this one, 899 names behind it in its folder, and 0 "
            "more folders and paths with all that they hold.");
  EXPECT_EQ(result.anomalies[0].remedy, "Scan the folders one by one.");
}

TEST(WidePlan, BeyondTheFoldersOfAScanWhatIsLeftOutIsSaid) {
  PlanLimits limits;
  limits.folders = 10;
  WideLister lister(30, 7);
  lister.folders = true;
  const InputPlan result = plan(lister, "top", limits);
  ASSERT_EQ(result.anomalies.size(), 1U);
  EXPECT_EQ(result.anomalies[0].path, "top/Security-00000010");
  EXPECT_EQ(result.anomalies[0].message,
            "Expected at most 10 folders, found more; not read are this one, 19 names behind it in its folder, and 10 "
            "more folders and paths with all that they hold.");
}

TEST(WidePlan, APatternThatFitsTooMuchReadsNothing) {
  PlanLimits limits;
  limits.pattern_paths = 1000;
  WideLister lister(5000, 7919);
  const InputPlan result = plan(lister, "Sec*", limits);
  EXPECT_TRUE(result.inputs.empty());
  ASSERT_EQ(result.failed.size(), 1U);
  EXPECT_EQ(result.failed[0].place, "Sec*");
  EXPECT_EQ(result.failed[0].message, "expected a pattern that fits at most 1000 paths; nothing of it was read");
  EXPECT_EQ(result.failed[0].hint, "name the folder instead, which is walked in full, or a narrower pattern");
  EXPECT_EQ(lister.given, 1001U);
  limits.pattern_paths = 5000;
  EXPECT_EQ(plan(lister, "Sec*", limits).inputs.size(), 5000U);
}

TEST(WidePlan, AnomaliesAndNotesAreCountedBeyondTheirLimits) {
  PlanLimits limits;
  limits.of_a_kind = 10, limits.notes = 10;
  WideLister unreadable(1000, 7);
  unreadable.unreadable = true;
  // As an argument the folder itself can be looked at.
  const InputPlan result = plan(unreadable, "top", limits);
  ASSERT_EQ(result.anomalies.size(), 11U);
  EXPECT_EQ(result.anomalies[9].path, "top/Security-00000009");
  EXPECT_EQ(result.anomalies[10].path, "top/Security-00000010");
  EXPECT_EQ(result.anomalies[10].count, 990U);
  WideLister links(1000, 7);
  links.links = true;
  const InputPlan linked = plan(links, "top", limits);
  ASSERT_EQ(linked.skipped_symlinks.size(), 11U);
  EXPECT_EQ(linked.skipped_symlinks[10], "990 more like these");
}

TEST(WidePlan, EndsWhenTheUserWantsNoMore) {
  const std::atomic<bool> stop{true};
  WideLister lister(1000, 7);
  const InputPlan result = plan(lister, "top", {}, &stop);
  EXPECT_TRUE(result.inputs.empty());
  EXPECT_EQ(lister.looks, 0U);
}

TEST(PlannedInputs, AreSortedByWholePathsOverFolders) {
  PlannedInputs inputs;
  const std::vector<std::string> folders{"a/", "a/b/", "a.x/", "", "a/b/c/"};
  std::vector<std::string> paths;
  for (const std::string& folder : folders) {
    const std::uint32_t id = inputs.add_folder(folder, "/real/" + folder);
    for (const char* name : {"z", "b0", "b", "c", "\xff", "b.evtx", "x"}) {
      inputs.add(id, inputs.names().add(name), 1, {});
      paths.push_back(folder + name);
    }
  }
  inputs.push_back({"a/b/b", "standalone", 5, true});
  paths.emplace_back("a/b/b");
  std::ranges::sort(paths);
  inputs.sort();
  std::vector<std::string> got;
  for (const PlannedInput& input : inputs) got.push_back(input.path);
  EXPECT_EQ(got, paths);
}

TEST(PlannedInputs, KnowFilesOfManyDevices) {
  PlannedInputs inputs;
  const std::uint32_t folder = inputs.add_folder("f/", "f/");
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    ASSERT_EQ(inputs.find({i % 100, 1 + i / 100}), inputs.size());
    inputs.add(folder, inputs.names().add(std::to_string(i)), 1, {i % 100, 1 + i / 100});
  }
  for (std::uint64_t i = 0; i < 10'000; ++i) ASSERT_EQ(inputs.find({i % 100, 1 + i / 100}), i);
  EXPECT_EQ(inputs.find({5, 0}), inputs.size());
  EXPECT_EQ(inputs.find({1000, 1}), inputs.size());
}

}  // namespace
}  // namespace tocsin::evidence
