// From folders of rule files to rules: walks, reads, parses (on all processors), selects. With rule_files.hpp the only
// place here that touches the disk.
#pragma once

#include <string>
#include <vector>

#include "tocsin/result.hpp"
#include "tocsin/ruleset.hpp"

#include "detect/sigma/log_source.hpp"
#include "detect/sigma/rule.hpp"
#include "detect/sigma/rule_files.hpp"

namespace tocsin::sigma {

struct LoadedRules {
  std::vector<Rule> rules;  // selected, by id, then file and line
  std::vector<RuleProblem> problems;
  RuleSet::Counts counts;
  std::vector<RuleSet::UnknownName> unknown_names;
  std::string hash;                 // SHA-256 over names and bytes of every rule file that was read
  RuleFiles inputs;                 // what was read; `complete` only if all of it could be. Empty for the built-in ones
  std::vector<std::string> sha256;  // of each of these files, 64 hex digits; of the built-in ones too
};
// No paths: Tocsin's own rules, built in (those of base::builtin_files() that lie in a folder of rules, not the data
// files in logsources/ and shapes/). A path that cannot be opened is an error; anything wrong inside is a problem.
// Files below a folder whose name begins with "deprecated" or "unsupported" are taken only when asked for. `.yml` and
// `.yaml`; two rules of one id: the first by file name stays, the other is a problem (warning) unless their bytes are
// equal.
[[nodiscard]] Result<LoadedRules> load_rules(const std::vector<std::string>& paths, const RuleSelection& selection);

}  // namespace tocsin::sigma
