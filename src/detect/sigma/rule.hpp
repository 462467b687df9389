// A Sigma rule as parsed: the tree that the text says, before any log source or event is known. The compiler and the
// oracle of the tests both start from it; nothing else about judging is shared between them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tocsin/finding.hpp"
#include "tocsin/ruleset.hpp"

namespace tocsin::sigma {

struct RuleValue {
  enum class Kind : std::uint8_t { string, integer, real, boolean, null };
  Kind kind = Kind::string;
  std::string text;  // as written (after YAML's own unquoting); escapes and wildcards are still in it
  std::uint32_t line = 0, column = 0;
};

// One line of a selection: field, modifiers, values (a lone value is a list of one).
struct FieldItem {
  std::string field;                   // empty: keywords
  std::vector<std::string> modifiers;  // as written, lower case, in order
  std::vector<RuleValue> values;
  std::string key;  // as written: "CommandLine|contains|all"
  std::uint32_t line = 0, column = 0;
};

// A search identifier: alternatives (list of maps; a lone map is one), each a conjunction of items. A list of plain
// values is one alternative with one keyword item.
struct Selection {
  std::string name;
  std::vector<std::vector<FieldItem>> alternatives;
  std::uint32_t line = 0, column = 0;
};

// Condition tree as flat nodes; children are indices of earlier nodes, the root is the last node.
struct ConditionNode {
  enum class Kind : std::uint8_t { selection, all_of, n_of, logical_and, logical_or, logical_not };
  Kind kind = Kind::selection;
  std::uint32_t selection = 0;            // selection: index into Rule::selections
  std::uint32_t count = 0;                // n_of: how many must be true
  std::vector<std::uint32_t> children{};  // all_of, n_of: nodes of kind selection, in the rule's order
  std::string text{};                     // as written, for explanations
};

struct Rule {
  RuleInfo info;
  std::uint32_t id_line = 0, id_column = 0, id_column_end = 0;  // of the id's value, as RuleProblem has them; 0: none
  std::vector<Selection> selections;                            // in the rule's order
  std::vector<ConditionNode> condition;                         // empty where `not_evaluated` says why
  // Rules that load but cannot be judged yet: a correlation, a filter.
  CoverageReason not_evaluated = CoverageReason::none;
  std::string not_evaluated_detail;
};

struct ParsedFile {
  std::vector<Rule> rules;
  std::vector<RuleProblem> problems;
  std::uint64_t documents = 0, not_rules = 0, rejected = 0, not_evaluated = 0;
};
// `file` is the name shown; `sha256` of the whole text. Never fails as a whole: problems say what was wrong.
[[nodiscard]] ParsedFile parse_rules(std::string_view text, const std::string& file, const std::string& sha256);

}  // namespace tocsin::sigma
