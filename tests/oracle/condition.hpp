// A condition, read from its text once more: by descent, one function for each level of precedence
// (docs/formats/sigma.md D23 to D25). Shares nothing with the parser of src/detect/sigma but the nodes it makes.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "detect/sigma/rule.hpp"

namespace tocsin::oracle {

// REQUIRES: the conditions (those of a list, joined by " | ") were accepted by the rule parser, which limits their
// depth; `selections` are the rule's.
[[nodiscard]] std::vector<sigma::ConditionNode> parse_condition(std::string_view conditions,
                                                                std::span<const sigma::Selection> selections);

}  // namespace tocsin::oracle
