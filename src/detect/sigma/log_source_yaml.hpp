// Reading a mapping of a log-source file: keys that are known, values of the kind asked for, problems with their place.
//
// A YamlMap borrows the document and the problem list; both outlive it. One thread.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/ruleset.hpp"

#include "base/yaml.hpp"

namespace tocsin::sigma {

// Where problems go, and what they need to know.
struct YamlReport {
  std::string_view file, text;
  std::vector<RuleProblem>* problems = nullptr;

  void add(RuleProblem::Severity severity, std::string_view code, base::YamlMark begin, base::YamlMark end,
           std::string message, std::string help) const;
  void error(std::string_view code, const base::YamlNode& node, std::string message, std::string help) const {
    add(RuleProblem::Severity::error, code, node.begin, node.end, std::move(message), std::move(help));
  }
};

class YamlMap {
 public:
  YamlMap(const base::YamlDocument& document, std::uint32_t node, const YamlReport& report)
      : document_(&document), node_(node), report_(&report) {}

  // Reports (L002) and returns false where the node is no mapping.
  [[nodiscard]] bool is_map(std::string_view what) const;
  // Reports each key that is not in `known` (L003).
  void expect_keys(std::initializer_list<std::string_view> known) const;
  [[nodiscard]] bool has(std::string_view key) const { return find(key) != base::YamlDocument::kAbsent; }
  [[nodiscard]] std::uint32_t find(std::string_view key) const { return document_->find(node_, key); }
  // A lone scalar; empty where the key is absent, or (reported, L002) has another kind.
  [[nodiscard]] std::string text(std::string_view key) const;
  // A scalar or a list of scalars; items of another kind are reported (L002).
  [[nodiscard]] std::vector<std::string> list(std::string_view key) const;
  [[nodiscard]] bool flag(std::string_view key) const;

  [[nodiscard]] const base::YamlNode& node() const { return document_->at(node_); }
  [[nodiscard]] const base::YamlDocument& document() const { return *document_; }
  [[nodiscard]] const YamlReport& report() const { return *report_; }
  // Key and value of each member, in order.
  struct Member {
    const base::YamlNode* key;
    std::uint32_t value;
  };
  [[nodiscard]] std::vector<Member> members() const;
  [[nodiscard]] YamlMap child(std::uint32_t value) const { return {*document_, value, *report_}; }

 private:
  const base::YamlDocument* document_;
  std::uint32_t node_;
  const YamlReport* report_;
};

// A scalar or a list of scalars as texts, in order (see YamlMap::list).
[[nodiscard]] std::vector<std::string> yaml_texts(const base::YamlDocument& document, std::uint32_t node,
                                                  const YamlReport& report);

}  // namespace tocsin::sigma
