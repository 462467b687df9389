#include "scan/source_book.hpp"

#include <algorithm>
#include <cassert>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace tocsin::scanning {

void SourceBook::begin(const SourceContext& source, bool recognised) {
  assert(source.ordinal == entries_.size());
  Entry& entry = entries_.emplace_back();
  entry.recognised = recognised;
  entry.mark = source.mark;
  entry.info.path = source.path;
  entry.info.container = source.container;
  entry.info.format = source.format;
}

void SourceBook::end(std::uint32_t ordinal, const SourceInfo& identity) {
  entries_[ordinal].info = identity;
}

namespace {

void add_to(Summary& summary, const SourceInfo& info, bool recognised) {
  if (!recognised) ++summary.sources_unrecognised;
  // A log that damage left no event of was not read: an empty one without damage was.
  if (recognised && (info.records > 0 || info.anomalies == 0)) ++summary.sources_read;
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

void say_collections(const std::vector<SourceInfo>& sources, ProgressSink* progress) {
  if (progress == nullptr) return;
  for (const SourceInfo& source : sources) {
    const SourceInfo::Collected& was = source.collected;
    if (was.original_path.empty()) continue;
    progress->on_debug(fmt::format("{}: was {}{}{}{}{} ({})", shown_name(source.path, source.container),
                                   was.original_path, was.host.empty() ? "" : " of ", was.host,
                                   was.shadow_copy.empty() ? "" : ", ", was.shadow_copy, was.kind));
  }
}

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
  std::vector<evidence::CollectionMark> marks;
  for (auto& [info, ordinal] : all) {
    info.index = static_cast<std::uint32_t>(result.sources.size());
    if (ordinal != Anomaly::kNoSource) result.index_of[ordinal] = info.index;
    result.sources.push_back(std::move(info));
    marks.push_back(ordinal != Anomaly::kNoSource ? entries_[ordinal].mark : evidence::CollectionMark{});
  }
  evidence::describe_collections(result.sources, marks);
  return result;
}

}  // namespace tocsin::scanning
