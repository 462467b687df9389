#include "base/builtin_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/paths.hpp"

namespace tocsin::base {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(BuiltinFiles, AreTheFilesBelowRules) {
  const auto rules = testing_support::source_dir() / "rules";
  if (!std::filesystem::is_directory(rules)) GTEST_SKIP() << "the source tree is not here: " << rules;
  std::set<std::string> on_disk;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(rules)) {
    if (entry.is_regular_file() && entry.path().extension() != ".md") {
      on_disk.insert(entry.path().lexically_relative(rules).generic_string());
    }
  }
  std::set<std::string> built_in;
  for (const auto& file : builtin_files()) {
    built_in.emplace(file.name);
    EXPECT_EQ(file.text, read_file(rules / file.name)) << file.name;
  }
  EXPECT_EQ(built_in, on_disk);
}

TEST(BuiltinFiles, AreSortedByNameWithoutRepeats) {
  const auto files = builtin_files();
  const auto not_ascending = [](const BuiltinFile& a, const BuiltinFile& b) { return a.name >= b.name; };
  EXPECT_EQ(std::ranges::adjacent_find(files, not_ascending), files.end());
}

TEST(BuiltinFiles, AFolderIsAllOfItsFilesAndNoOthers) {
  const auto shapes = builtin_files("shapes/");
  EXPECT_GT(shapes.size(), 1U);
  const auto outside = [](const BuiltinFile& file) { return !file.name.starts_with("shapes/"); };
  EXPECT_TRUE(std::ranges::none_of(shapes, outside));
  EXPECT_EQ(std::ranges::count_if(builtin_files(), outside) + static_cast<std::ptrdiff_t>(shapes.size()),
            static_cast<std::ptrdiff_t>(builtin_files().size()));
  EXPECT_TRUE(builtin_files("no_such_folder/").empty());
}

}  // namespace
}  // namespace tocsin::base
