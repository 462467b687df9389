// What a source contains, counted: times, channels, computers, and the holes in record ids and in time.
//
// A unit's tally is made by a worker and merged into its source's in canonical order. Only runs are kept, not records:
// neighbouring ids and times close together melt into one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tocsin/finding.hpp"

#include "model/event.hpp"

namespace tocsin::scanning {

class Tally {
 public:
  static constexpr std::size_t kMaxNames = 1000;    // channels, computers, shapes a source keeps by name
  static constexpr std::size_t kMaxRuns = 200'000;  // id or time runs a source keeps; beyond, holes are not looked for
  static constexpr std::size_t kMaxNameBytes = 1024;  // of a channel or computer; longer ones are cut
  static constexpr std::size_t kGapsShown = 10;       // the largest ones
  static constexpr std::int64_t kSameSpan = std::int64_t{3600} * 10'000'000;   // events this close are one span: 1 h
  static constexpr std::int64_t kTimeGap = std::int64_t{86'400} * 10'000'000;  // a hole in time: 24 h without events

  void add(const model::EventHead& head, bool judged);
  void merge(Tally&& later);
  // Fills records, judged, times, channels, computers, shape and gaps.
  void fill(SourceInfo& info) const;
  // Too many runs were met: holes were not looked for.
  [[nodiscard]] bool too_scattered() const { return id_runs_ >= kMaxRuns || times_.size() >= kMaxRuns; }
  [[nodiscard]] std::uint64_t records() const { return records_; }
  [[nodiscard]] std::uint64_t judged() const { return judged_; }

 private:
  // Consecutive ids of one channel on one computer, with the times at both ends.
  struct IdRun {
    std::uint64_t first = 0, last = 0;
    std::optional<Timestamp> first_time, last_time;
  };
  struct TimeRun {
    std::int64_t from = 0, to = 0;
  };
  struct IdSeries {
    std::string channel, computer;
    std::vector<IdRun> runs;
  };
  // Names, and the one that was added last: events of one log come one after the other.
  struct Names {
    std::set<std::string, std::less<>> all;
    std::string last;
    void add(std::string_view name);
  };
  void add_id(const model::EventHead& head);
  void add_shape(std::string_view shape, std::uint64_t count);
  [[nodiscard]] IdSeries& series_of(std::string_view channel, std::string_view computer);
  [[nodiscard]] std::vector<const IdSeries*> series_in_order() const;
  void add_time(Timestamp time);
  void fill_id_gaps(SourceInfo& info) const;
  void fill_time_gaps(SourceInfo& info) const;

  std::uint64_t records_ = 0, judged_ = 0;
  std::optional<Timestamp> first_, last_;
  Names channels_, computers_;
  std::vector<std::pair<std::string, std::uint64_t>> shapes_;
  std::vector<IdSeries> ids_;
  std::map<std::pair<std::string, std::string>, std::size_t> id_index_;  // by channel and computer, into ids_
  std::size_t last_ids_ = 0;                                             // where the last event's series lies
  std::vector<TimeRun> times_;
  std::size_t id_runs_ = 0;
};

}  // namespace tocsin::scanning
