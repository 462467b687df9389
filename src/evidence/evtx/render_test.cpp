#include "evidence/evtx/render.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tocsin::evidence::evtx {
namespace {

using Kind = model::Value::Kind;

// Builds trees by hand: open, parts, close.
class Tree {
 public:
  Tree& open(std::string_view name, bool closed_empty = false) {
    add(NodeKind::element, name, {});
    nodes.back().closed_empty = closed_empty;
    stack_.push_back(nodes.size() - 1);
    return *this;
  }
  Tree& attribute(std::string_view name, std::string_view text, Kind kind = Kind::string) {
    add(NodeKind::attribute, name, {});
    const std::size_t at = nodes.size() - 1;
    value(text, kind);
    nodes[at].end = static_cast<std::uint32_t>(nodes.size());
    return *this;
  }
  Tree& value(std::string_view text, Kind kind = Kind::string) {
    add(NodeKind::value, {}, text);
    nodes.back().value_kind = kind;
    return *this;
  }
  Tree& part(NodeKind kind, std::string_view name, std::string_view text) {
    add(kind, name, text);
    return *this;
  }
  Tree& close() {
    nodes[stack_.back()].end = static_cast<std::uint32_t>(nodes.size());
    stack_.pop_back();
    return *this;
  }
  Tree& leaf(std::string_view name, std::string_view text, Kind kind = Kind::string) {
    return open(name).value(text, kind).close();
  }
  Tree& data(std::string_view name, std::string_view text, Kind kind = Kind::string) {
    open("Data");
    if (!name.empty()) attribute("Name", name);
    return value(text, kind).close();
  }
  [[nodiscard]] std::string json() const {
    std::string out;
    JsonRenderer().append(nodes, out);
    return out;
  }
  [[nodiscard]] std::string xml() const {
    std::string out;
    append_xml(nodes, out);
    return out;
  }
  Nodes nodes;

 private:
  void add(NodeKind kind, std::string_view name, std::string_view text) {
    Node node;
    node.kind = kind;
    node.name = name;
    node.text = text;
    node.end = static_cast<std::uint32_t>(nodes.size() + 1);
    nodes.push_back(node);
  }
  std::vector<std::size_t> stack_;
};

TEST(Json, ShowsTheFormsOfAnElement) {
  Tree tree;
  tree.open("E").open("Empty", true).close().leaf("Text", "t").leaf("Number", "-5", Kind::integer);
  tree.leaf("Truth", "true", Kind::boolean).leaf("Real", "1.5", Kind::real).leaf("NoText", "");
  tree.open("Joined").value("1", Kind::integer).value("2", Kind::integer).close();
  tree.open("Attributes").attribute("n", "3", Kind::integer).close();
  tree.open("Both").attribute("a", "x").value("7", Kind::integer).close();
  tree.open("Mixed").value("a").leaf("Child", "c").value("b").close().close();
  EXPECT_EQ(tree.json(),
            R"({"E":{"Empty":null,"Text":"t","Number":-5,"Truth":true,"Real":"1.5","NoText":null,"Joined":"12",)"
            R"("Attributes":{"#attributes":{"n":3}},"Both":{"#attributes":{"a":"x"},"#text":7},)"
            R"("Mixed":{"#text":"ab","Child":"c"}}})");
}

TEST(Json, CountsRepeatedNames) {
  Tree tree;
  tree.open("E").leaf("X", "1").leaf("Y", "2").leaf("X", "3").leaf("X", "4").close();
  EXPECT_EQ(tree.json(), R"({"E":{"X":"1","Y":"2","X_1":"3","X_2":"4"}})");
}

TEST(Json, MakesKeysOfNamedData) {
  Tree tree;
  tree.open("EventData").data("A", "1").data("A", "2", Kind::integer).data("B", "").data("A", "3").close();
  EXPECT_EQ(tree.json(), R"({"EventData":{"A":["1",2],"B":"","A_1":"3"}})");
}

TEST(Json, ListsUnnamedDataWhereTheFirstStands) {
  Tree one, several, mixed;
  one.open("EventData").data("", "x").close();
  several.open("EventData").data("", "x").leaf("Binary", "00").data("", "").close();
  mixed.open("EventData").data("", "x").data("A", "1").data("", "y").close();
  EXPECT_EQ(one.json(), R"({"EventData":{"Data":{"#text":"x"}}})");
  EXPECT_EQ(several.json(), R"({"EventData":{"Data":{"#text":["x",""]},"Binary":"00"}})");
  EXPECT_EQ(mixed.json(), R"({"EventData":{"Data":{"#text":["x","y"]},"A":"1"}})");
}

TEST(Json, LeavesDataElsewhereAsItIs) {
  Tree tree;
  tree.open("Other").data("A", "1").close();
  EXPECT_EQ(tree.json(), R"({"Other":{"Data":{"#attributes":{"Name":"A"},"#text":"1"}}})");
}

TEST(Json, EscapesHostileNames) {
  Tree tree;
  tree.open("a\"b\n").attribute("c\\", "v").close();
  EXPECT_EQ(tree.json(), R"({"a\"b\n":{"#attributes":{"c\\":"v"}}})");
}

TEST(Xml, EscapesAndReplacesWhatCannotStand) {
  Tree tree;
  tree.open("E").attribute("a", "<\"'&>\t").value("<&>\"'\r\n\t\x01\uFFFE").close();
  EXPECT_EQ(tree.xml(), "<E a=\"&lt;&quot;&apos;&amp;&gt;&#9;\">&lt;&amp;&gt;\"'&#13;&#10;\t__</E>");
}

TEST(Xml, KeepsTheFormOfEmptyElements) {
  Tree tree;
  tree.open("E").open("A", true).close().open("B").close().close();
  EXPECT_EQ(tree.xml(), "<E><A/><B></B></E>");
}

TEST(Xml, CannotBeBrokenByNamesOrSections) {
  Tree tree;
  tree.open("a><b").attribute("x y", "1").attribute("x\"y", "2").close();
  EXPECT_EQ(tree.xml(), "<a__b x_y=\"1\"></a__b>");
  Tree sections;
  sections.open("E").part(NodeKind::cdata, {}, "a]]>b\nc").part(NodeKind::pi, "t?>", "d?>e");
  sections.part(NodeKind::entity, "lt", "<").part(NodeKind::entity, "evil", "&evil;").close();
  EXPECT_EQ(sections.xml(), "<E><![CDATA[a]]]]><![CDATA[>b]]>&#10;<![CDATA[c]]><?t__ d? >e?>&lt;&amp;evil;</E>");
}

TEST(Xml, SeesThroughSplices) {
  Tree tree;
  tree.open("E").part(NodeKind::splice, {}, {});
  const std::size_t splice = tree.nodes.size() - 1;
  tree.leaf("A", "1");
  tree.nodes[splice].end = static_cast<std::uint32_t>(tree.nodes.size());
  tree.close();
  EXPECT_EQ(tree.xml(), "<E><A>1</A></E>");
  EXPECT_EQ(tree.json(), R"({"E":{"A":"1"}})");
}

}  // namespace
}  // namespace tocsin::evidence::evtx
