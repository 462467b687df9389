#include "evidence/json/shape.hpp"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/paths.hpp"

namespace tocsin::evidence {
namespace {

using ::testing::HasSubstr;

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(ShapeTest, EveryBuiltInFileIsSound) {
  std::size_t shapes = 0;
  for (const auto& entry : std::filesystem::directory_iterator(testing_support::source_dir() / "rules/shapes")) {
    const Result<ShapeSet> set = ShapeSet::parse(entry.path().filename().string(), read_text(entry.path()), nullptr);
    ASSERT_TRUE(set) << set.error().place << ": " << set.error().message;
    shapes += set->shapes().size();
  }
  EXPECT_EQ(ShapeSet::builtin().shapes().size(), shapes);
  EXPECT_EQ(ShapeSet::builtin().shapes().back().name, "generic");
}

}  // namespace
}  // namespace tocsin::evidence
