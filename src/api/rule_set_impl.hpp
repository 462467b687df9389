// What a RuleSet holds: the compiled rules and everything that is said about them.
#pragma once

#include "tocsin/ruleset.hpp"

#include "detect/sigma/set_file.hpp"

namespace tocsin {

struct RuleSet::Impl : sigma::LoadedSet {
  RuleCacheUse cache;
};

}  // namespace tocsin
