// What the text summary says about many findings, gathered in one walk: per rule, per technique, per kind of anomaly,
// per reason why something could not be checked. Memory grows with rules and kinds, not with findings.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tocsin/sink.hpp"

namespace tocsin::report {

struct RuleTally {
  std::uint32_t rule = 0;
  std::uint64_t count = 0;
  std::optional<Timestamp> first, last;
  std::set<std::string> hosts;  // at most kHostsKept
  Finding earliest;             // without its event; on equal times the first in canonical order
};

struct AnomalyTally {
  std::string code;
  std::uint64_t count = 0, skipped = 0;
  std::uint64_t sources = 0;  // in how many sources (or paths)
  Anomaly example;            // the first
};

// Rules of one reason that share a detail (the absent channel, the placeholder).
struct DetailTally {
  std::string detail;
  std::uint64_t rules = 0;
  std::vector<std::uint32_t> settings;  // that would change it: of the first such rule
};
struct ReasonTally {
  CoverageReason reason = CoverageReason::none;
  std::uint64_t rules = 0;
  std::vector<DetailTally> details;  // most rules first, then by name
};

struct Tally {
  static constexpr std::size_t kHostsKept = 16;
  static constexpr std::size_t kTelling = 3;
  std::array<std::vector<RuleTally>, 5> by_level;  // index: Level; most findings first, then by title and id
  std::map<std::string, std::uint64_t, std::less<>> techniques;  // findings, by the id in force
  std::map<std::string, Level, std::less<>> technique_levels;    // the highest of the rules that found it
  std::set<std::string, std::less<>> tactics;                    // of the tags attack.<tactic>, with blanks
  std::vector<const RuleTally*> telling;  // most telling first, each of another rule; into by_level
  std::vector<AnomalyTally> anomalies;    // most frequent first, then by code
  std::vector<ReasonTally> reasons;       // most rules first
};

// True where the match shows more than which kind of event or which program it was.
[[nodiscard]] bool says_much(const Match& match);
// The longest text of a field that says much, else of any; null where only absences were asked for.
[[nodiscard]] const Match* best_match(const Finding& finding);

[[nodiscard]] Result<Tally> tally(const ResultView& view);

}  // namespace tocsin::report
