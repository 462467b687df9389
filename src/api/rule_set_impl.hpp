// What a RuleSet holds: the compiled rules and everything that is said about them.
#pragma once

#include <string>
#include <vector>

#include "tocsin/ruleset.hpp"

#include "detect/sigma/compiled_set.hpp"

namespace tocsin {

struct RuleSet::Impl {
  sigma::CompiledSet compiled;
  std::vector<RuleProblem> problems;
  Counts counts;
  std::vector<UnknownName> unknown_names;
  std::string hash;
};

}  // namespace tocsin
