#include "scan/anomaly_book.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace tocsin::scanning {

void UnitAnomalies::add(Anomaly anomaly) {
  total_ += anomaly.count;
  Group& group = groups_[anomaly.code];
  // One more than the book shows: the first that it counts gives that entry its words and place.
  if (group.kept <= AnomalyBook::kEach) {
    ++group.kept;
    group.last = entries_.size();
    entries_.push_back(std::move(anomaly));
    return;
  }
  entries_[group.last].count += anomaly.count;
  entries_[group.last].skipped += anomaly.skipped;
}

void AnomalyBook::add(std::uint32_t source, Anomaly anomaly) {
  total_ += anomaly.count;
  per_source_[source] += anomaly.count;
  anomaly.source = source;
  Group& group = groups_[{source, anomaly.code}];
  if (group.shown < kEach && entries_.size() < kAtMost) {
    ++group.shown;
    entries_.push_back(std::move(anomaly));
    return;
  }
  if (group.rest == 0) {
    // One entry for each kind of a source is always kept: its count must not be lost.
    anomaly.message = "more of the same kind; the first of them: " + anomaly.message;
    entries_.push_back(std::move(anomaly));
    group.rest = entries_.size();
    return;
  }
  Anomaly& rest = entries_[group.rest - 1];
  rest.count += anomaly.count;
  rest.skipped += anomaly.skipped;
}

std::uint64_t AnomalyBook::of_source(std::uint32_t source) const {
  const auto found = per_source_.find(source);
  return found == per_source_.end() ? 0 : found->second;
}

std::vector<Anomaly> AnomalyBook::sorted(const std::vector<std::uint32_t>& index_of) const {
  std::vector<Anomaly> result = entries_;
  for (Anomaly& anomaly : result) {
    if (anomaly.source != Anomaly::kNoSource) anomaly.source = index_of[anomaly.source];
  }
  std::ranges::stable_sort(result, [](const Anomaly& a, const Anomaly& b) {
    return std::tie(a.source, a.path, a.offset, a.code) < std::tie(b.source, b.path, b.offset, b.code);
  });
  return result;
}

}  // namespace tocsin::scanning
