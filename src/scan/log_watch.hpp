// What the logs of a source say of their own completeness: record numbers that are missing, a clock that went back or
// was set, and on which days each log has events (docs/decisions/0013-log-hygiene.md).
//
// A unit's watch is made by a worker and merged into its source's in canonical order. Runs and days are kept, not
// records.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tocsin/event.hpp"

#include "model/event.hpp"

namespace tocsin::scanning {

// One record, as a proof names it.
struct LogPoint {
  Place place;
  std::optional<Timestamp> time;
  auto operator<=>(const LogPoint& other) const { return place.record <=> other.place.record; }
  bool operator==(const LogPoint&) const = default;
};

struct LogHole {
  LogPoint before, after;
};

// One log: a channel of a computer.
struct Log {
  std::string channel, computer;
  // Runs of consecutive numbers, of records whose header has the event's own number: an export numbers its records anew
  // and leaves out what its query does not want, so that its holes prove nothing.
  std::vector<LogHole> runs;  // first and last record of each
  // Neighbours by number of which the later is earlier.
  std::uint64_t steps_back = 0;
  std::optional<LogHole> largest_step;
  std::optional<LogPoint> first, last;  // met first and last in the source's order
  std::set<std::int32_t> days;          // since 1601, UTC
  std::optional<LogPoint> latest;
};

// The clock was set by somebody (clock_set.hpp).
struct ClockSet {
  std::string channel, computer;
  LogPoint at;  // the record that says so
  Timestamp from, to;
  std::string process, user;  // a path, a SID; empty: not told
  [[nodiscard]] std::int64_t step() const { return from > to ? from.ticks - to.ticks : to.ticks - from.ticks; }
};

class LogWatch {
 public:
  static constexpr std::size_t kMaxLogs = 1000;     // of a source; further ones are not watched
  static constexpr std::size_t kMaxRuns = 20'000;   // of a source; beyond, its holes are not looked for
  static constexpr std::size_t kMaxDays = 100'000;  // of a source; further days are not noted
  static constexpr std::size_t kMaxNameBytes = 1024;
  // Windows writes neighbours out of order by milliseconds, and its time service corrects by seconds.
  static constexpr std::int64_t kStepBack = std::int64_t{300} * 10'000'000;  // 5 minutes

  void add(const model::EventHead& head);
  void add_clock_set(ClockSet set);
  void merge(LogWatch&& later);
  // The largest step, the first of equal ones; and how many there were.
  [[nodiscard]] const std::optional<ClockSet>& largest_set() const { return largest_set_; }
  [[nodiscard]] std::uint64_t clock_sets() const { return clock_sets_; }
  [[nodiscard]] const std::map<std::string, Log, std::less<>>& logs() const {
    return logs_;
  }  // by channel, NUL, computer
  [[nodiscard]] bool own_numbers() const { return runs_ > 0; }
  [[nodiscard]] bool too_scattered() const { return runs_ >= kMaxRuns; }
  [[nodiscard]] bool has_numbers() const { return numbered_; }

 private:
  Log* log_of(std::string_view channel, std::string_view computer);
  void add_number(Log& log, const LogPoint& point, bool own_number);
  void add_run(Log& log, const LogHole& run);
  void note_day(Log& log, std::int32_t day);

  std::map<std::string, Log, std::less<>> logs_;
  std::string key_;
  std::size_t runs_ = 0, days_ = 0;
  bool numbered_ = false;
  std::optional<ClockSet> largest_set_;
  std::uint64_t clock_sets_ = 0;
};

}  // namespace tocsin::scanning
