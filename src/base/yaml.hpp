// YAML 1.1 documents as a flat tree with marks, through libyaml's events. Duplicate keys are kept in order (the caller
// reports them); aliases are not expanded: a node of kind `alias` names its anchor (no billion laughs). No recursion.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/result.hpp"

namespace tocsin::base {

struct YamlMark {
  std::uint32_t line = 1, column = 1;  // 1-based; columns count code points
};

struct YamlNode {
  enum class Kind : std::uint8_t { scalar, sequence, mapping, alias };
  // How a plain scalar reads under the YAML core schema; a quoted or block scalar is always `text`.
  enum class Type : std::uint8_t { text, null, boolean, integer, real };
  Kind kind = Kind::scalar;
  Type type = Type::text;
  bool quoted = false;                  // quoted or block style
  YamlMark begin, end;                  // end is behind the last character
  std::string text;                     // scalar: its value; alias: the anchor's name
  std::string tag;                      // explicit tag, if any
  std::vector<std::uint32_t> children;  // sequence: items; mapping: key, value, key, value … (indices into nodes)
};

struct YamlDocument {
  std::vector<YamlNode> nodes;  // nodes[root]; children come before or after their parents
  std::uint32_t root = 0;
  bool empty = true;       // a document without content
  std::uint32_t line = 1;  // where it begins
  [[nodiscard]] const YamlNode& at(std::uint32_t index) const { return nodes[index]; }
  // Index of the value for `key` in mapping `node`, first one wins; 0xFFFFFFFF where absent.
  [[nodiscard]] std::uint32_t find(std::uint32_t node, std::string_view key) const;
  static constexpr std::uint32_t kAbsent = 0xFFFFFFFF;
};

struct YamlLimits {
  std::size_t max_bytes = std::size_t{8} << 20;
  std::size_t max_nodes = 500'000;
  std::size_t max_depth = 64;
};

struct YamlResult {
  std::vector<YamlDocument> documents;  // all that were whole before the error
  bool failed = false;
  YamlMark where;       // of the error
  std::string message;  // in words: what libyaml said, or which limit was hit
};
[[nodiscard]] YamlResult parse_yaml(std::string_view text, const YamlLimits& limits = {});

}  // namespace tocsin::base
