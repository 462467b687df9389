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
    const Result<ShapeSet> set =
        ShapeSet::parse(entry.path().filename().string(), read_text(entry.path()), &ShapeSet::builtin());
    ASSERT_TRUE(set) << set.error().place << ": " << set.error().message;
    shapes += set->shapes().size();
  }
  EXPECT_EQ(ShapeSet::builtin().shapes().size(), shapes);
  EXPECT_EQ(ShapeSet::builtin().shapes().back().name, "generic");
}

struct Mistake {
  const char* text;
  const char* place;
  const char* message;
};

TEST(ShapeTest, MistakesAreToldWithLineAndColumn) {
  for (const Mistake& mistake :
       {Mistake{"shape: x\nfeilds: []\n", "m.yml:2:1", "unknown key `feilds`"},
        {"fields:\n  - under: a\n", "m.yml:1:1", "needs a name"},
        {"shape: x\n", "m.yml:1:1", "needs `fields`"},
        {"shape: x\nfields:\n  - under: a..b\n", "m.yml:3:12", "`a..b` is no path"},
        {"shape: x\nlike: nobody\n", "m.yml:2:7", "no shape `nobody`"},
        {"shape: x\nlike: x\n", "m.yml:2:7", "no shape `x`"},
        {"shape: x\nxml: maybe\n", "m.yml:2:6", "expected true or false"},
        {"shape: x\nhead:\n  when: y\n", "m.yml:3:3", "unknown key `when` in `head`"},
        {"shape: x\nrecognise: [{equals: y}]\n", "m.yml:2:13", "needs a `path`"},
        {"shape: x\nfields:\n  - named:\n", "m.yml:3", "needs a path"},
        {"shape: x\nfields: [{paths: ''}]\nenvelopes: ['']\n", "m.yml:3:13", "one or two keys"},
        {"shape: x\nfields:\n  - named: {path: a, name: n}\n", "m.yml:3:12", "`name` and `value` belong together"},
        {"shape: x\nfields:\n  - under: {path: a, suffix: n}\n", "m.yml:3:22", "unknown key `suffix`"},
        {"shape: x\nfields:\n  - map: {A: {with: ','}}\n", "m.yml:3:14", "needs `texts`"},
        {"shape: x\nfields:\n  - map: {A: {texts: 'x{a'}}\n", "m.yml:3:22", "a brace without a path"},
        {"shape: x\nfields:\n  - map: {A: {texts: '{a..b}'}}\n", "m.yml:3:22", "a brace without a path"},
        {"shape: x\nembedded: [{path: a, as: yaml}]\n", "m.yml:2:12", "needs `as: json`, `as: xml`, `as: message`"},
        {"shape: x\nhead: {channel: {table: {a: b}}}\n", "m.yml:2:17", "needs a `path`"},
        {"shape: x\nhead: {channel: {path: a, table: b}}\n", "m.yml:2:34", "`table` must be a mapping"},
        {"shape: x\nhead: {time: {path: a, order: myd}}\n", "m.yml:2:31", "`myd` is no order of a date"},
        {"- a\n", "m.yml:1:1", "must be a mapping"},
        {"shape: [\n", "m.yml:2:1", "not YAML"}}) {
    const Result<ShapeSet> set = ShapeSet::parse("m.yml", mistake.text, &ShapeSet::builtin());
    ASSERT_FALSE(set) << mistake.text;
    EXPECT_THAT(set.error().place, HasSubstr(mistake.place)) << mistake.text;
    EXPECT_THAT(set.error().message, HasSubstr(mistake.message)) << mistake.text;
    EXPECT_FALSE(set.error().hint.empty());
  }
}

TEST(ShapeTest, TheUsersShapesComeFirstAndMayReplaceBuiltInOnes) {
  const std::filesystem::path file = std::filesystem::path(::testing::TempDir()) / "tocsin_mapping_test.yml";
  std::ofstream(file)
      << "shape: flat_windows\nproduct: other\nfields: [{paths: ''}]\n---\nshape: mine\nlike: evtx_json\n";
  const Result<ShapeSet> set = ShapeSet::load({file.string()});
  std::filesystem::remove(file);
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->shapes().size(), ShapeSet::builtin().shapes().size() + 1);
  EXPECT_EQ(set->shapes()[0].product, "other");
  EXPECT_EQ(set->find("mine")->fields.size(), ShapeSet::builtin().find("evtx_json")->fields.size());
  EXPECT_FALSE(set->envelopes().empty());
}

TEST(ShapeTest, AFileThatIsNotThereIsAnError) {
  const Result<ShapeSet> set = ShapeSet::load({"/nowhere/mapping.yml"});
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().code, ErrorCode::not_found);
  EXPECT_EQ(set.error().place, "/nowhere/mapping.yml");
}

}  // namespace
}  // namespace tocsin::evidence
