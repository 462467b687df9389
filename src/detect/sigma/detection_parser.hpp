// The `detection` part of a rule: selections and condition (sigma-rules-specification.md, "Detection").
#pragma once

#include "detect/sigma/problems.hpp"
#include "detect/sigma/rule.hpp"
#include "detect/sigma/rule_tree.hpp"

namespace tocsin::sigma {

// Fills `rule.selections`, `rule.condition` and `rule.info.condition`. What is wrong goes to `problems`.
void parse_detection(const RuleTree::Pair& detection, Rule& rule, Problems& problems);

// The correlation rule that says the same as a legacy aggregation ("selection | count() by User > 5"), as YAML text, or
// words that say why there is none.
struct LegacyAggregation {
  std::string condition;                   // the whole condition
  std::string timeframe;                   // `detection.timeframe`, may be empty
  std::string rule_title, rule_reference;  // the reference is the rule's name or id
};
[[nodiscard]] std::string replace_aggregation(const LegacyAggregation& legacy);

}  // namespace tocsin::sigma
