// Small evidence dense in findings: the events of the rules' own test cases, in every kind of file and container whose
// damage is to be tried.
#pragma once

#include <cstddef>
#include <vector>

#include "tocsin/result.hpp"

#include "tests/damage/campaign.hpp"

namespace tocsin::damage {

// From the events of every `share`-th case.
[[nodiscard]] Result<std::vector<Evidence>> made_evidence(std::size_t share);

}  // namespace tocsin::damage
