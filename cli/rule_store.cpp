#include "rule_store.hpp"

#include <fmt/format.h>

#include "evidence_guard.hpp"

namespace tocsin::cli {

RuleStore rule_store(const Options& options, const Environment& environment) {
  if (!options.cache) return {{}, "--no-cache was given"};
  std::string base = environment("XDG_CACHE_HOME").value_or("");
  if (!base.starts_with('/')) {  // only absolute names count
    base = environment("HOME").value_or("");
    if (!base.starts_with('/')) return {{}, "neither XDG_CACHE_HOME nor HOME names a folder"};
    base += "/.cache";
  }
  std::string folder = base + "/tocsin";
  if (lies_in_evidence(options, folder)) return {{}, fmt::format("{} lies inside the evidence", folder)};
  return {std::move(folder), {}};
}

bool loads_rules_first(const Options& options) {
  switch (options.command) {
    case Command::scan:
    case Command::rules_check:
    case Command::rules_compile:
    case Command::rules_explain:
    case Command::rules_list:
    case Command::rules_show:
      return true;
    case Command::explain:
      return options.results.empty();
    case Command::timeline:
      return !options.rules.paths.empty();
    default:
      return false;
  }
}

}  // namespace tocsin::cli
