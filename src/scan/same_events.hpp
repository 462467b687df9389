// Findings that tell of one thing twice: one record in several files (a log and its archived copy, the forwarded copy,
// a shadow copy), or one happening in two logs (a process as Sysmon 1 and as Security 4688). All but the first in
// canonical order are linked to it and not counted again.
//
// Two findings are the same only under one rule and on one host, and either
// - their records have the same channel, EventRecordID and time, or are equal byte by byte, or
// - both have a happening (the log sources' `same-event`, docs/formats/logsources.md), equal in all its fields, from
//   different logs, within its seconds of the first. A log that tells of two such happenings starts a second group.
//
// Memory is bounded by an external sort. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "tocsin/event.hpp"
#include "tocsin/result.hpp"

#include "base/external_sort.hpp"

namespace tocsin::scanning {

// What makes a finding's event the same as another one. Empty parts are not known and link nothing.
struct Sameness {
  std::string record;        // which record it is, whatever the file
  std::string happening;     // which happening it tells of, whatever the log
  std::string log;           // the log-source variant that tells
  std::uint32_t within = 0;  // seconds
};

class SameEvents {
 public:
  struct Member {
    std::string_view id, place, rule_id;  // `place`: the finding's key in canonical order
    std::uint32_t rule = 0;
    std::optional<Timestamp> time;
    const Sameness* sameness = nullptr;
  };
  [[nodiscard]] static Result<SameEvents> make(std::size_t budget);
  [[nodiscard]] Result<void> add(const Member& member);
  // Each finding that is the same as an earlier one: its place, its rule, and the id of the first.
  using Visitor = std::function<Result<void>(std::string_view place, std::uint32_t rule, std::string_view same_as)>;
  [[nodiscard]] Result<void> each(const Visitor& visit) const;

 private:
  explicit SameEvents(base::ExternalSort members) : members_(std::move(members)) {}
  base::ExternalSort members_;
};

}  // namespace tocsin::scanning
