// Techniques as reports name them. Rules carry ids of the release that their author had before him, so that one
// technique may stand under two ids; what is counted and rolled up goes by the id in force (knowledge/attack.hpp).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tocsin/finding.hpp"

namespace tocsin::report {

// The ids in force of what the rule names, in its order, each once.
[[nodiscard]] std::vector<std::string> current_techniques(const RuleInfo& rule);

// "T1003.001 LSASS Memory"; the id alone where its name is not known.
[[nodiscard]] std::string technique_label(std::string_view id);

}  // namespace tocsin::report
