#include "scan/source_book.hpp"

#include <algorithm>
#include <cassert>
#include <tuple>
#include <utility>

namespace tocsin::scanning {

void SourceBook::begin(const SourceContext& source, bool recognised) {
  assert(source.ordinal == entries_.size());
  Entry& entry = entries_.emplace_back();
  entry.recognised = recognised;
  entry.info.path = source.path;
  entry.info.container = source.container;
  entry.info.format = source.format;
}

void SourceBook::end(std::uint32_t ordinal, const SourceInfo& identity) {
  entries_[ordinal].info = identity;
}

namespace {

void add_to(Summary& summary, const SourceInfo& info, bool recognised) {
  ++(recognised ? summary.sources_read : summary.sources_unrecognised);
  summary.bytes += info.size;
  summary.events += info.records;
  summary.events_judged += info.judged;
  if (info.first_time && (!summary.first_time || *info.first_time < *summary.first_time)) {
    summary.first_time = info.first_time;
  }
  if (info.last_time && (!summary.last_time || *info.last_time > *summary.last_time)) {
    summary.last_time = info.last_time;
  }
}

}  // namespace

SourceBook::Ordered SourceBook::ordered(const AnomalyBook& anomalies, Summary& summary) const {
  Ordered result;
  result.index_of.resize(entries_.size());
  std::vector<std::pair<SourceInfo, std::uint32_t>> all;
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    SourceInfo info = entries_[i].info;
    entries_[i].tally.fill(info);
    info.anomalies = anomalies.of_source(i);
    add_to(summary, info, entries_[i].recognised);
    all.emplace_back(std::move(info), i);
  }
  for (const SourceInfo& info : containers_) {
    all.emplace_back(info, Anomaly::kNoSource);
    all.back().first.is_container = true;
  }
  std::ranges::stable_sort(all, [](const auto& a, const auto& b) {
    return std::tie(a.first.path, a.first.container) < std::tie(b.first.path, b.first.container);
  });
  for (auto& [info, ordinal] : all) {
    info.index = static_cast<std::uint32_t>(result.sources.size());
    if (ordinal != Anomaly::kNoSource) result.index_of[ordinal] = info.index;
    result.sources.push_back(std::move(info));
  }
  return result;
}

}  // namespace tocsin::scanning
