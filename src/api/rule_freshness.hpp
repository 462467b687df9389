// Whether what a rule set was made from is still as it was.
#pragma once

#include <optional>
#include <string>

#include "tocsin/ruleset.hpp"

#include "detect/sigma/set_file.hpp"

namespace tocsin {

struct Freshness {
  std::string changed;  // what is not as it was, as a sentence; empty: nothing
  // Where nothing changed but stamps did, or were too young to be trusted: the sources with those of now, worth
  // keeping.
  std::optional<sigma::SetSources> restamped;
};

// Stamps are compared; a file is read and hashed where they differ, or where it was younger than two seconds when the
// set was made; folders are then walked anew. `options` are those that the set was made with.
[[nodiscard]] Freshness check_freshness(const sigma::SetSources& then, const RuleSetOptions& options);

}  // namespace tocsin
