// Events (or findings) counted over time, by channel, host, level or event id.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "tocsin/result.hpp"
#include "tocsin/scanner.hpp"
#include "tocsin/sink.hpp"

#include "scan/reading.hpp"
#include "scan/scan.hpp"

namespace tocsin::scanning {

// Counts in buckets that grow as long as there are too many: what it ends with depends on what was added, never on the
// order. Every size of bucket divides the next one.
class TimeCounts {
 public:
  static constexpr std::size_t kMaxCells = 200'000;
  static constexpr std::size_t kMaxRows = 200;  // names told apart; beyond, events go to "others"

  // `bucket` in ticks; 0: the smallest size to begin with.
  explicit TimeCounts(std::int64_t bucket = 0);
  void add(std::string_view name, std::optional<Timestamp> time, std::uint64_t count = 1);
  void merge(const TimeCounts& other);
  // With the bucket that was asked for, else with one that gives at most `most` buckets from first to last.
  void fill(Timeline& timeline, std::int64_t most) const;

 private:
  using Cells = std::map<std::int64_t, std::uint64_t>;
  struct Row {
    Cells cells;
    std::uint64_t without_time = 0;
  };
  void add_cell(Row& row, std::int64_t index, std::uint64_t count);
  void coarsen();
  [[nodiscard]] static Cells coarser(const Cells& cells, std::int64_t from, std::int64_t to);
  [[nodiscard]] std::int64_t chosen(std::int64_t most) const;

  std::int64_t bucket_, asked_;
  std::map<std::string, Row, std::less<>> rows_;
  std::size_t cells_ = 0;
};

[[nodiscard]] Result<Timeline> run_timeline(const ReadingInputs& inputs, const TimelineOptions& options);
// Counts what the rules find. `inputs` as for a scan.
[[nodiscard]] Result<Timeline> run_findings_timeline(const ScanInputs& inputs, const TimelineOptions& options);

}  // namespace tocsin::scanning
