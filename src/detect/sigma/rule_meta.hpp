// What a rule says of itself (sigma-rules-specification.md, "Components").
#pragma once

#include "detect/sigma/problems.hpp"
#include "detect/sigma/rule.hpp"
#include "detect/sigma/rule_tree.hpp"

namespace tocsin::sigma {

// Fills `info` but for file, line, sha256 and condition. `document_text` is the rule's own text: its hash stands in for
// a missing id. `correlation`: it needs no log source.
void parse_meta(const RuleDocument& document, std::string_view document_text, bool correlation, RuleInfo& info,
                Problems& problems);

}  // namespace tocsin::sigma
