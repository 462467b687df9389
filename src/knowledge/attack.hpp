// ATT&CK as far as Tocsin needs it: what a technique is called, for which tactics it serves, and which id stands for it
// today. Built in (data/attack-18.tsv, made from MITRE's STIX bundles by scripts/attack_tables.py, and
// data/attack-19.tsv, kept by hand); docs/formats/attack.md says what is in them.
#pragma once

#include <map>
#include <ranges>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/result.hpp"

namespace tocsin::knowledge {

// Views into the tables.
struct Technique {
  std::string_view domain;  // "enterprise", "mobile"
  std::string_view id;      // "T1059.001"
  std::string_view name;
  std::string_view tactics;  // short names with commas between: "execution,persistence"; empty for one that was revoked
  std::string_view now;      // for one that was revoked: the id that took its place, "" where none did
  int year = 0;              // made in
  enum class State : std::uint8_t { current, deprecated, revoked } state = State::current;
};

struct Tactic {
  std::string_view id, name, short_name;  // "TA0112", "Defense Impairment", "defense-impairment"
};

// Immutable; any thread may use it.
class Attack {
 public:
  // Later tables take the place of what they name of earlier ones. The texts must outlive this. An error names the
  // line.
  [[nodiscard]] static Result<Attack> parse(const std::vector<std::string_view>& tables);
  [[nodiscard]] static const Attack& built_in();

  // By id, of whatever release; null where no table has it.
  [[nodiscard]] const Technique* find(std::string_view id) const;
  // The id in force: through all that was revoked; `id` itself where it is in force, unknown, or nothing took its
  // place.
  [[nodiscard]] std::string_view current(std::string_view id) const;
  // "Clear Windows Event Logs"; "" for an id that no table has.
  [[nodiscard]] std::string_view name(std::string_view id) const;
  // By short name; null where no table has it.
  [[nodiscard]] const Tactic* tactic(std::string_view short_name) const;
  // Of the tables, first to last: {"18.1", "19"}.
  [[nodiscard]] const std::vector<std::string_view>& releases() const { return releases_; }
  // "18.1 with the ids of 19"
  [[nodiscard]] std::string release_text() const;
  [[nodiscard]] std::size_t size() const { return techniques_.size(); }
  [[nodiscard]] auto all() const { return std::views::values(techniques_); }  // by id

 private:
  std::map<std::string_view, Technique, std::less<>> techniques_;
  std::map<std::string_view, Tactic, std::less<>> tactics_;
  std::vector<std::string_view> releases_;
};

}  // namespace tocsin::knowledge
