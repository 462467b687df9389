// A rule's YAML as one map, put together from the documents of its file: version 1's collections (`action: global`,
// `reset`, `repeat`; Tocsin's extension to 2.1.0) merge documents, everything else is one document a rule.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/yaml.hpp"
#include "detect/sigma/problems.hpp"

namespace tocsin::sigma {

// A node and the document it lies in. Borrowed from a YamlResult.
struct NodeRef {
  const base::YamlDocument* document = nullptr;
  std::uint32_t index = base::YamlDocument::kAbsent;
  explicit operator bool() const { return document != nullptr; }
  const base::YamlNode& operator*() const { return document->at(index); }
  const base::YamlNode* operator->() const { return &document->at(index); }
  [[nodiscard]] NodeRef child(std::size_t i) const { return {document, (**this).children[i]}; }
};

// A map's pairs in order. Built from one mapping, or merged from several: a later pair replaces an earlier one of its
// key in place, and two mappings under one of the keys `detection` and `logsource` are merged likewise.
class RuleTree {
 public:
  struct Pair {
    NodeRef key, value;
    std::vector<Pair> merged;  // not empty: instead of the value's own pairs
  };
  RuleTree() = default;
  // REQUIRES: `map` is a mapping. Duplicate keys are problems.
  RuleTree(NodeRef map, Problems& problems) : pairs_(pairs_of(map, problems)) {}

  void merge(const RuleTree& later);
  void erase(std::string_view key);
  [[nodiscard]] const Pair* find(std::string_view key) const;
  [[nodiscard]] const std::vector<Pair>& pairs() const { return pairs_; }

  [[nodiscard]] static std::vector<Pair> pairs_of(NodeRef map, Problems& problems);
  // The pairs below a pair whose value is a mapping.
  [[nodiscard]] static std::vector<Pair> below(const Pair& pair, Problems& problems);

 private:
  std::vector<Pair> pairs_;
};

// The rules of a file, in its order; documents that are no rules are counted.
struct RuleDocument {
  RuleTree tree;
  std::uint32_t line = 1, end_line = 1;  // of the document it ends with: [line, end_line)
  bool bad = false;                      // something was wrong with its keys
};
struct RuleDocuments {
  std::vector<RuleDocument> rules;
  std::uint64_t documents = 0, not_rules = 0;
};
[[nodiscard]] RuleDocuments split_rules(const base::YamlResult& yaml, std::uint32_t lines, Problems& problems);

}  // namespace tocsin::sigma
