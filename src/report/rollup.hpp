// Coverage rolled up: what each technique could be looked for with, and what each setting would change.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "tocsin/sink.hpp"

namespace tocsin::report {

struct TechniqueCoverage {
  std::string technique;                                       // the id in force
  std::set<std::string> tagged_as;                             // the older ids under which rules name it
  std::uint64_t matched = 0, not_seen = 0, not_evaluable = 0;  // rules that name it
  std::uint64_t findings = 0;                                  // of these rules
  std::set<std::uint32_t> settings;                            // of those that could not be judged
};

// A setting that would change something.
struct SettingUse {
  std::uint32_t setting = 0;                 // index into ResultView::settings()
  std::uint64_t rules = 0;                   // that could not be judged for want of it, among others
  std::vector<std::string> techniques;       // of these rules, sorted
  std::vector<std::uint32_t> short_sources;  // for a setting of reach: the sources that do not reach back so far
};

struct Rollup {
  std::vector<TechniqueCoverage> techniques;  // sorted by id
  std::set<std::string> products;             // of the rules that could be judged: what the evidence is of
  std::vector<SettingUse> settings;           // most rules first, then in the order of the view; those of reach last
};

// A log that ends after a short time because it is small is one that rolled over, or an export of a few events: only
// logs from this size on are said to be too short.
inline constexpr std::uint64_t kLeastRolledBytes = std::uint64_t{1} << 20;

[[nodiscard]] Result<Rollup> roll_up(const ResultView& view);

}  // namespace tocsin::report
