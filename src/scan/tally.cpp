#include "scan/tally.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace tocsin::scanning {
namespace {

// A code point that the cut would split is left out.
std::string_view shortened(std::string_view name) {
  if (name.size() <= Tally::kMaxNameBytes) return name;
  std::size_t end = Tally::kMaxNameBytes;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;
  return name.substr(0, end);
}

// Far beyond any calendar; what lies outside could not be subtracted without overflow.
constexpr std::int64_t kEdge = std::numeric_limits<std::int64_t>::max() / 2 - Tally::kTimeGap;

}  // namespace

void Tally::Names::add(std::string_view name) {
  name = shortened(name);
  if (name == last || name.empty() || all.size() >= kMaxNames) return;
  last = name;
  if (!all.contains(name)) all.emplace(name);
}

// There are few: those of the shape files.
void Tally::add_shape(std::string_view shape, std::uint64_t count) {
  for (auto& [name, seen] : shapes_) {
    if (name != shape) continue;
    seen += count;
    return;
  }
  if (shapes_.size() < kMaxNames) shapes_.emplace_back(shape, count);
}

void Tally::add(const model::EventHead& head, bool judged) {
  ++records_;
  judged_ += judged ? 1 : 0;
  channels_.add(head.channel);
  computers_.add(head.computer);
  add_shape(head.shape, 1);
  if (head.time) add_time(*head.time);
  if (head.place.kind == PlaceKind::evtx && head.place.record != Place::kNone && !head.place.carved) add_id(head);
}

void Tally::add_time(Timestamp time) {
  if (time.ticks == 0) return;  // a FILETIME of zero says that no time was set: no source reaches back to 1601
  if (!first_ || time < *first_) first_ = time;
  if (!last_ || time > *last_) last_ = time;
  if (times_.size() >= kMaxRuns) return;
  time.ticks = std::clamp(time.ticks, -kEdge, kEdge);
  if (!times_.empty()) {
    TimeRun& run = times_.back();
    if (time.ticks >= run.from - kSameSpan && time.ticks <= run.to + kSameSpan) {
      run.from = std::min(run.from, time.ticks);
      run.to = std::max(run.to, time.ticks);
      return;
    }
  }
  times_.push_back({time.ticks, time.ticks});
}

Tally::IdSeries& Tally::series_of(std::string_view channel, std::string_view computer) {
  if (last_ids_ < ids_.size() && ids_[last_ids_].channel == channel && ids_[last_ids_].computer == computer) {
    return ids_[last_ids_];
  }
  const auto [at, added] = id_index_.try_emplace({std::string(channel), std::string(computer)}, ids_.size());
  if (added) ids_.push_back({at->first.first, at->first.second, {}});
  last_ids_ = at->second;
  return ids_[last_ids_];
}

std::vector<const Tally::IdSeries*> Tally::series_in_order() const {
  std::vector<const IdSeries*> ordered;
  for (const auto& [key, index] : id_index_) ordered.push_back(&ids_[index]);
  return ordered;
}

void Tally::add_id(const model::EventHead& head) {
  if (id_runs_ >= kMaxRuns) return;
  IdSeries& series = series_of(shortened(head.channel), shortened(head.computer));
  const std::uint64_t id = head.place.record;
  if (!series.runs.empty() && series.runs.back().last + 1 == id) {
    series.runs.back().last = id;
    series.runs.back().last_time = head.time;
    return;
  }
  series.runs.push_back({id, id, head.time, head.time});
  ++id_runs_;
}

void Tally::merge(Tally&& later) {
  records_ += later.records_;
  judged_ += later.judged_;
  if (later.first_ && (!first_ || *later.first_ < *first_)) first_ = later.first_;
  if (later.last_ && (!last_ || *later.last_ > *last_)) last_ = later.last_;
  for (const std::string& name : later.channels_.all) channels_.add(name);
  for (const std::string& name : later.computers_.all) computers_.add(name);
  for (const auto& [shape, count] : later.shapes_) add_shape(shape, count);
  for (const IdSeries* series : later.series_in_order()) {
    if (id_runs_ >= kMaxRuns) break;
    IdSeries& mine = series_of(series->channel, series->computer);
    for (const IdRun& run : series->runs) {
      if (!mine.runs.empty() && mine.runs.back().last + 1 == run.first) {
        mine.runs.back().last = run.last;
        mine.runs.back().last_time = run.last_time;
      } else if (id_runs_ < kMaxRuns) {
        mine.runs.push_back(run);
        ++id_runs_;
      }
    }
  }
  const std::size_t room = kMaxRuns - std::min(kMaxRuns, times_.size());
  const std::size_t take = std::min(room, later.times_.size());
  times_.insert(times_.end(), later.times_.begin(), later.times_.begin() + static_cast<std::ptrdiff_t>(take));
  // Units of a busy log overlap or touch: keep the list short as it grows.
  if (times_.size() >= 2 && times_.size() % 1024 < take) {
    std::ranges::sort(times_, {}, &TimeRun::from);
    std::vector<TimeRun> melted;
    for (const TimeRun& run : times_) {
      if (!melted.empty() && run.from <= melted.back().to + kSameSpan) {
        melted.back().to = std::max(melted.back().to, run.to);
      } else {
        melted.push_back(run);
      }
    }
    times_ = std::move(melted);
  }
}

void Tally::fill(SourceInfo& info) const {
  info.records = records_;
  info.judged = judged_;
  info.first_time = first_;
  info.last_time = last_;
  info.channels.assign(channels_.all.begin(), channels_.all.end());
  info.computers.assign(computers_.all.begin(), computers_.all.end());
  std::vector<std::pair<std::string, std::uint64_t>> shapes = shapes_;
  std::ranges::sort(shapes);
  std::ranges::stable_sort(shapes, [](const auto& a, const auto& b) { return a.second > b.second; });
  for (const auto& [name, count] : shapes) info.shape += (info.shape.empty() ? "" : ",") + name;
  fill_id_gaps(info);
  fill_time_gaps(info);
}

void Tally::fill_id_gaps(SourceInfo& info) const {
  if (id_runs_ >= kMaxRuns) return;
  for (const IdSeries* series : series_in_order()) {
    std::vector<IdRun> runs = series->runs;
    std::ranges::stable_sort(runs, {}, &IdRun::first);
    std::uint64_t last = runs.empty() ? 0 : runs.front().last;
    std::optional<Timestamp> last_time = runs.empty() ? std::nullopt : runs.front().last_time;
    for (const IdRun& run : runs) {
      if (run.first > last + 1) {
        ++info.id_gap_count;
        info.id_gaps.push_back({series->channel, last, run.first, last_time, run.first_time});
      }
      if (run.last >= last) last = run.last, last_time = run.last_time;
    }
  }
  const auto missing = [](const SourceInfo::IdGap& gap) { return gap.before_id - gap.after_id; };
  std::ranges::stable_sort(info.id_gaps, [&](const auto& a, const auto& b) { return missing(a) > missing(b); });
  if (info.id_gaps.size() > kGapsShown) info.id_gaps.resize(kGapsShown);
}

void Tally::fill_time_gaps(SourceInfo& info) const {
  if (times_.size() >= kMaxRuns) return;
  std::vector<TimeRun> runs = times_;
  std::ranges::stable_sort(runs, {}, &TimeRun::from);
  std::int64_t to = runs.empty() ? 0 : runs.front().to;
  for (const TimeRun& run : runs) {
    if (run.from - to > kTimeGap) {
      ++info.time_gap_count;
      info.time_gaps.push_back({Timestamp{to}, Timestamp{run.from}});
    }
    to = std::max(to, run.to);
  }
  const auto length = [](const SourceInfo::TimeGap& gap) { return gap.to.ticks - gap.from.ticks; };
  std::ranges::stable_sort(info.time_gaps, [&](const auto& a, const auto& b) { return length(a) > length(b); });
  if (info.time_gaps.size() > kGapsShown) info.time_gaps.resize(kGapsShown);
}

}  // namespace tocsin::scanning
