// Findings of our own about the logs themselves: what more than one record must tell, and no Sigma rule can
// (docs/decisions/0013-log-hygiene.md). Evidence class E7. One finding for each source and kind: the largest or
// earliest, with the number of all.
//
// Filled by the collector, in canonical order; one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/finding.hpp"
#include "tocsin/ruleset.hpp"
#include "tocsin/scanner.hpp"

#include "base/hash.hpp"
#include "scan/log_watch.hpp"
#include "scan/pipeline.hpp"

namespace tocsin::scanning {

enum class HygieneKind : std::uint8_t { numbers_missing, clock_back, log_stops, clock_set };
inline constexpr std::size_t kHygieneKinds = 4;

// What is said of them where rules are listed; indexed by HygieneKind.
[[nodiscard]] const std::array<RuleInfo, kHygieneKinds>& hygiene_rules();

// The one with this id or name; nothing where there is none.
[[nodiscard]] std::optional<HygieneKind> find_hygiene_rule(std::string_view id_or_name);
// What it looks for, in sentences; and as one text, for `rules show`.
[[nodiscard]] RuleWords hygiene_in_words(HygieneKind kind);
[[nodiscard]] std::string describe_hygiene(HygieneKind kind);

// What must be in the evidence for the kind to be judged.
[[nodiscard]] std::string hygiene_needs(HygieneKind kind);
// Why a kind was not judged: `events` were read, `wanted` of them inside the filters.
[[nodiscard]] CoverageReason hygiene_lack(std::uint64_t events, std::uint64_t wanted);

struct HygieneFinding {
  HygieneKind kind = HygieneKind::numbers_missing;
  Finding finding;                            // `rule` is not set; sources are the walk's ordinals
  std::vector<base::Sha256::Digest> records;  // that prove it
  std::string place_key;
};

class HygieneBook {
 public:
  static constexpr std::size_t kMaxDamage = 10'000;   // places of damage a source keeps; beyond, holes are not told
  static constexpr std::size_t kMaxPerHost = 10'000;  // logs of a computer that are compared with each other
  // A log that had events on each of so many days, and none on so many days and more before the end …
  static constexpr std::int32_t kDaysBefore = 5, kDaysSilent = 2;
  static constexpr std::size_t kOthersGoOn = 2;  // … while so many other logs of that computer have

  void begin_source(const SourceContext& source);
  void unit(const SourceContext& source, LogWatch&& watch);
  void damage(const SourceContext& source, const Anomaly& anomaly);

  // REQUIRES: after the last unit. Only what lies in the filters' reach, as a finding's time and channel do.
  [[nodiscard]] std::vector<HygieneFinding> findings(const EvidenceOptions& reach) const;
  // Whether there was anything that the kind could be judged by.
  [[nodiscard]] bool judged(HygieneKind kind) const;

 private:
  struct Source {
    SourceContext context;
    LogWatch watch;
    std::vector<std::uint64_t> damaged_chunks;
    bool damage_everywhere = false;
  };
  struct Stop {
    const Source* source = nullptr;
    const Log* log = nullptr;
    const Source* other_source = nullptr;
    const Log* other = nullptr;
    std::size_t others = 0;
    std::int32_t days = 0, silent = 0;
  };

  void missing_numbers(const Source& source, std::vector<HygieneFinding>& out) const;
  void clock_back(const Source& source, std::vector<HygieneFinding>& out) const;
  void clock_set(const Source& source, std::vector<HygieneFinding>& out) const;
  void stops(std::vector<HygieneFinding>& out) const;
  [[nodiscard]] std::vector<Stop> stops_of_all() const;

  std::vector<Source> sources_;  // by ordinal
};

}  // namespace tocsin::scanning
