// Where compiled rule sets are kept between runs: $XDG_CACHE_HOME/tocsin, without the variable ~/.cache/tocsin (XDG
// base directories). The library reads and checks them (docs/decisions/0019-compiled-rules-on-disk.md).
#pragma once

#include <string>

#include "config.hpp"
#include "options.hpp"

namespace tocsin::cli {

struct RuleStore {
  std::string folder;   // empty: nothing is kept
  std::string why_not;  // then: why
};
// Nothing is kept, or taken, below what was handed in as evidence: evidence is never written, and would choose the
// rules.
[[nodiscard]] RuleStore rule_store(const Options& options, const Environment& environment);

// Whether the command loads rules before it reads anything that was handed in.
[[nodiscard]] bool loads_rules_first(const Options& options);

}  // namespace tocsin::cli
