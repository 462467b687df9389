// The spellings of the contract's enumerations (tocsin/finding.hpp, tocsin/event.hpp). Stored in results: do not
// rename.
#include <array>

#include "tocsin/finding.hpp"

namespace tocsin {
namespace {

constexpr std::array<std::string_view, 5> kLevels = {"informational", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 6> kStatuses = {"unsupported", "deprecated", "experimental",
                                                       "test",        "stable",     "unknown"};
constexpr std::array<std::string_view, 7> kClasses = {"E1", "E2", "E3", "E4", "E5", "E6", "E7"};
constexpr std::array<std::string_view, 4> kPlaces = {"evtx", "bytes", "line", "row"};
constexpr std::array<std::string_view, 3> kCoverage = {"matched", "not_seen", "not_evaluable"};
constexpr std::array<std::string_view, 8> kReasons = {
    "none",         "no_reader",   "channel_absent", "event_id_absent",
    "field_absent", "placeholder", "unsupported",    "out_of_reach"};

template <class Enum, std::size_t N>
std::optional<Enum> find_name(const std::array<std::string_view, N>& names, std::string_view text) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Level level) {
  return kLevels[static_cast<std::size_t>(level)];
}
std::string_view to_string(RuleStatus status) {
  return kStatuses[static_cast<std::size_t>(status)];
}
std::string_view to_string(EvidenceClass c) {
  return kClasses[static_cast<std::size_t>(c) - 1];
}
std::string_view to_string(PlaceKind kind) {
  return kPlaces[static_cast<std::size_t>(kind)];
}
std::string_view to_string(CoverageStatus status) {
  return kCoverage[static_cast<std::size_t>(status)];
}
std::string_view to_string(CoverageReason reason) {
  return kReasons[static_cast<std::size_t>(reason)];
}
std::optional<Level> parse_level(std::string_view text) {
  return find_name<Level>(kLevels, text);
}
std::optional<RuleStatus> parse_rule_status(std::string_view text) {
  return find_name<RuleStatus>(kStatuses, text);
}

}  // namespace tocsin
