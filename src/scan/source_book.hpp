// All sources of a run, met in the order of the walk and shown in canonical order.
#pragma once

#include <cstdint>
#include <vector>

#include "tocsin/finding.hpp"

#include "scan/anomaly_book.hpp"
#include "scan/pipeline.hpp"
#include "scan/tally.hpp"

namespace tocsin::scanning {

// For --debug: where each source of a collection lay on its machine. `progress` may be null.
void say_collections(const std::vector<SourceInfo>& sources, ProgressSink* progress);

class SourceBook {
 public:
  void begin(const SourceContext& source, bool recognised);
  void tally(std::uint32_t ordinal, Tally&& tally) { entries_[ordinal].tally.merge(std::move(tally)); }
  void end(std::uint32_t ordinal, const SourceInfo& identity);
  [[nodiscard]] bool too_scattered(std::uint32_t ordinal) const { return entries_[ordinal].tally.too_scattered(); }
  void container(const SourceInfo& identity) { containers_.push_back(identity); }

  struct Ordered {
    std::vector<SourceInfo> sources;      // canonical order; index is set
    std::vector<std::uint32_t> index_of;  // by the walk's ordinal
  };
  // Also sums up into `summary`: sources_*, bytes, events, events_judged, first and last time.
  [[nodiscard]] Ordered ordered(const AnomalyBook& anomalies, Summary& summary) const;

 private:
  struct Entry {
    SourceInfo info;
    Tally tally;
    evidence::CollectionMark mark;
    bool recognised = false;
  };
  std::vector<Entry> entries_;  // by ordinal
  std::vector<SourceInfo> containers_;
};

}  // namespace tocsin::scanning
