#include "base/yaml.hpp"

#include <gtest/gtest.h>

namespace tocsin::base {
namespace {

using Kind = YamlNode::Kind;
using Type = YamlNode::Type;

TEST(Yaml, TreeWithMarks) {
  const YamlResult result = parse_yaml("a: 1\nb:\n  - x\n  - 'y'\n");
  ASSERT_FALSE(result.failed) << result.message;
  ASSERT_EQ(result.documents.size(), 1U);
  const YamlDocument& doc = result.documents[0];
  const YamlNode& a = doc.at(doc.find(doc.root, "a"));
  EXPECT_EQ(a.text, "1");
  EXPECT_EQ(a.type, Type::integer);
  EXPECT_EQ(a.begin.line, 1U);
  EXPECT_EQ(a.begin.column, 4U);
  const YamlNode& b = doc.at(doc.find(doc.root, "b"));
  ASSERT_EQ(b.children.size(), 2U);
  EXPECT_EQ(doc.at(b.children[1]).text, "y");
  EXPECT_TRUE(doc.at(b.children[1]).quoted);
  EXPECT_EQ(doc.at(b.children[1]).begin.line, 4U);
  EXPECT_EQ(doc.find(doc.root, "c"), YamlDocument::kAbsent);
}

Type type_of_plain(const std::string& text) {
  const YamlResult result = parse_yaml("v: " + text + "\n");
  const YamlDocument& doc = result.documents.at(0);
  return doc.at(doc.find(doc.root, "v")).type;
}

TEST(Yaml, PlainScalarsReadAsRuleAuthorsMeanThem) {
  for (const char* text : {"1", "-5", "+7", "0004", "123456789012345678901234567890"})
    EXPECT_EQ(type_of_plain(text), Type::integer) << text;
  for (const char* text : {"1.5", "-.5", "1.", "1.0e5"}) EXPECT_EQ(type_of_plain(text), Type::real) << text;
  for (const char* text : {"true", "False", "TRUE"}) EXPECT_EQ(type_of_plain(text), Type::boolean) << text;
  for (const char* text : {"null", "~", ""}) EXPECT_EQ(type_of_plain(text), Type::null) << text;
  for (const char* text : {"0x1f", "12e34", "yes", "no", "1_000", "nullx", "'1'", "\"true\"", "1.2.3.4", "."}) {
    EXPECT_EQ(type_of_plain(text), Type::text) << text;
  }
}

TEST(Yaml, SeveralDocumentsAndEmptyOnes) {
  const YamlResult result = parse_yaml("a: 1\n---\n---\nb: 2\n");
  ASSERT_EQ(result.documents.size(), 3U);
  EXPECT_FALSE(result.documents[0].empty);
  EXPECT_TRUE(result.documents[1].empty);
  EXPECT_EQ(result.documents[2].line, 3U);
  EXPECT_TRUE(parse_yaml("").documents.empty());
}

TEST(Yaml, DuplicateKeysAreKeptAndTheFirstIsFound) {
  const YamlResult result = parse_yaml("a: 1\na: 2\n");
  const YamlDocument& doc = result.documents.at(0);
  EXPECT_EQ(doc.at(doc.root).children.size(), 4U);
  EXPECT_EQ(doc.at(doc.find(doc.root, "a")).text, "1");
}

TEST(Yaml, AliasesAreNotExpanded) {
  const YamlResult result = parse_yaml("a: &x [1, 2]\nb: *x\n");
  const YamlDocument& doc = result.documents.at(0);
  const YamlNode& b = doc.at(doc.find(doc.root, "b"));
  EXPECT_EQ(b.kind, Kind::alias);
  EXPECT_EQ(b.text, "x");
}

TEST(Yaml, ABombOfAliasesStaysAsLargeAsItsText) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 30; ++i) {
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 9; ++k) bomb += (k > 0 ? ", *a" : "*a") + std::to_string(i - 1);
    bomb += "]\n";
  }
  const YamlResult result = parse_yaml(bomb, {.max_nodes = 400});
  EXPECT_FALSE(result.failed) << result.message;
  EXPECT_EQ(result.documents.size(), 1U);
}

TEST(Yaml, ErrorsSayWhereAndKeepWhatWasWhole) {
  const YamlResult result = parse_yaml("a: 1\n---\nb: [1, 2\nc: 3\n");
  EXPECT_TRUE(result.failed);
  EXPECT_EQ(result.documents.size(), 1U);
  EXPECT_GE(result.where.line, 3U);
  EXPECT_FALSE(result.message.empty());
}

TEST(Yaml, BudgetsHold) {
  std::string deep;
  for (int i = 0; i < 10'000; ++i) deep += "[";
  const YamlResult nested = parse_yaml(deep);
  EXPECT_TRUE(nested.failed);
  EXPECT_NE(nested.message.find("64 levels"), std::string::npos) << nested.message;
  const YamlResult many = parse_yaml("[1, 2, 3, 4]", {.max_nodes = 3});
  EXPECT_TRUE(many.failed);
  EXPECT_TRUE(parse_yaml("aaaa", {.max_bytes = 3}).failed);
}

}  // namespace
}  // namespace tocsin::base
