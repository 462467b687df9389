#include "api/build_info.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/paths.hpp"

namespace tocsin {
namespace {

TEST(BuildInfo, HasEveryLineInOrder) {
  std::vector<std::string> names;
  for (const auto& line : build_info()) {
    names.emplace_back(line.name);
    EXPECT_FALSE(line.value.empty()) << line.name;
  }
  EXPECT_EQ(names, (std::vector<std::string>{"version", "commit", "compiler", "build", "libraries"}));
}

TEST(BuildInfo, NamesNoPathOfTheBuildingMachine) {
  const std::string source = testing_support::source_dir().string();
  for (const auto& line : build_info()) EXPECT_EQ(line.value.find(source), std::string_view::npos) << line.value;
}

}  // namespace
}  // namespace tocsin
