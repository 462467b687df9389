// The events of tests/rules/<rule>.yml: for each rule of rules/windows what it must find, and what it must not.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tocsin/result.hpp"

#include "tests/makers/catalogue.hpp"
#include "tests/makers/event_spec.hpp"

namespace tocsin::makers {

struct RuleCase {
  std::string name;
  std::uint64_t findings = 0;  // of the one rule, in these events
  std::vector<EventSpec> events;
};

// The cases of one such file: all on one host, one second apart, numbered from 1 in each case.
[[nodiscard]] Result<std::vector<RuleCase>> read_rule_cases(const std::filesystem::path& file,
                                                            const Catalogue& catalogue);

}  // namespace tocsin::makers
