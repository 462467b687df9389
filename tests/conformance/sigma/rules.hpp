// The suite's rules, parsed and compiled once for the tests of one program.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "detect/sigma/compiled_set.hpp"
#include "detect/sigma/log_source.hpp"
#include "detect/sigma/rule.hpp"
#include "tests/conformance/sigma/suite.hpp"

namespace tocsin::conformance {

struct SuiteRules {
  Suite suite;
  std::vector<sigma::Rule> rules;  // one a case; a case that refuses, or whose rule does not load, has an empty one
  std::vector<RuleProblem> problems;
  sigma::LogSources log_sources;
  std::optional<sigma::CompiledSet> set;  // of all that loaded
};
// Loaded at the first call; a suite that cannot be read is reported through GoogleTest and empty.
[[nodiscard]] const SuiteRules& suite_rules();

// For messages: file, line, id, and what the case is about.
[[nodiscard]] std::string place(const Case& one);

}  // namespace tocsin::conformance
