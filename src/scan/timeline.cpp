#include "scan/timeline.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"

namespace tocsin::scanning {
namespace {

constexpr std::int64_t kMinute = std::int64_t{60} * 10'000'000;
constexpr std::int64_t kHour = 60 * kMinute, kDay = 24 * kHour;
// Each divides the next. Weeks begin on Monday, since 1601-01-01 was one.
constexpr std::array<std::int64_t, 15> kBuckets{kMinute / 60, kMinute,   5 * kMinute, 15 * kMinute, kHour,
                                                3 * kHour,    6 * kHour, 12 * kHour,  kDay,         7 * kDay,
                                                28 * kDay,    56 * kDay, 112 * kDay,  336 * kDay,   3360 * kDay};
constexpr std::size_t kMaxNameBytes = 256;
constexpr std::string_view kOthers = "others";

std::int64_t next_bucket(std::int64_t bucket) {
  const auto next = std::ranges::find_if(kBuckets, [&](std::int64_t one) { return one > bucket && one % bucket == 0; });
  return next == kBuckets.end() ? bucket * 10 : *next;
}

std::int64_t index_of(std::int64_t ticks, std::int64_t bucket) {
  return ticks >= 0 ? ticks / bucket : -((-ticks + bucket - 1) / bucket);
}

std::string level_name(std::string_view level) {
  static constexpr std::array<std::string_view, 6> kNames{"always",  "critical",    "error",
                                                          "warning", "information", "verbose"};
  if (level.size() == 1 && level.front() >= '0' && level.front() <= '5') {
    return std::string(kNames.at(static_cast<std::size_t>(level.front() - '0')));
  }
  return level.empty() ? "no level" : std::string(level);
}

std::string event_name(std::string_view channel, const std::optional<std::int64_t>& event_id) {
  return fmt::format("{} {}", channel.empty() ? std::string_view("no channel") : channel,
                     event_id ? std::to_string(*event_id) : std::string("no id"));
}

std::string name_or(std::string_view name, std::string_view otherwise) {
  return std::string(name.empty() ? otherwise : name);
}

class TimelineUnit final : public ReadingUnit {
 public:
  explicit TimelineUnit(std::int64_t bucket) : counts(bucket) {}
  TimeCounts counts;
};

class TimelineWorker final : public ReadingWorker {
 public:
  TimelineWorker(const TimelineOptions& options, std::optional<model::FieldId> level)
      : ReadingWorker(options.evidence), by_(options.by), bucket_(options.bucket), level_(level) {}

 private:
  std::unique_ptr<ReadingUnit> make_unit(const SourceContext&, const evidence::Unit&) override {
    auto made = std::make_unique<TimelineUnit>(bucket_);
    unit_ = made.get();
    return made;
  }
  void look_at(const model::Event& event, bool wanted) override {
    if (wanted) unit_->counts.add(name_of(event), event.head().time);
  }
  [[nodiscard]] std::string name_of(const model::Event& event) const {
    const model::EventHead& head = event.head();
    switch (by_) {
      case TimelineOptions::By::channel:
        return name_or(head.channel, "no channel");
      case TimelineOptions::By::host:
        return name_or(head.computer, "no host");
      case TimelineOptions::By::event_id:
        return event_name(head.channel, head.event_id);
      case TimelineOptions::By::level:
        break;
    }
    const auto values = level_ ? event.get(*level_) : std::span<const model::Value>();
    return level_name(values.empty() ? std::string_view() : values.front().text);
  }

  TimelineOptions::By by_;
  std::int64_t bucket_;
  std::optional<model::FieldId> level_;
  TimelineUnit* unit_ = nullptr;
};

class TimelineCollector final : public ReadingCollector {
 public:
  explicit TimelineCollector(std::int64_t bucket) : counts_(bucket) {}
  [[nodiscard]] const TimeCounts& counts() const { return counts_; }

 private:
  Result<void> take(const SourceContext&, ReadingUnit& unit) override {
    counts_.merge(static_cast<TimelineUnit&>(unit).counts);
    return {};
  }
  TimeCounts counts_;
};

std::string name_of(const Finding& finding, const RuleInfo& rule, TimelineOptions::By by) {
  switch (by) {
    case TimelineOptions::By::channel:
      return name_or(finding.channel, "no channel");
    case TimelineOptions::By::host:
      return name_or(finding.computer, "no host");
    case TimelineOptions::By::event_id:
      return event_name(finding.channel, finding.event_id);
    case TimelineOptions::By::level:
      break;
  }
  return std::string(to_string(rule.level));
}

}  // namespace

TimeCounts::TimeCounts(std::int64_t bucket) : bucket_(bucket == 0 ? kBuckets.front() : bucket), asked_(bucket) {}

void TimeCounts::add(std::string_view name, std::optional<Timestamp> time, std::uint64_t count) {
  name = name.substr(0, kMaxNameBytes);
  auto row = rows_.find(name);
  if (row == rows_.end()) row = rows_.emplace(rows_.size() < kMaxRows ? name : kOthers, Row()).first;
  if (!time || time->ticks == 0) {
    row->second.without_time += count;
  } else {
    add_cell(row->second, index_of(time->ticks, bucket_), count);
  }
}

void TimeCounts::add_cell(Row& row, std::int64_t index, std::uint64_t count) {
  const auto [cell, added] = row.cells.try_emplace(index, 0);
  cell->second += count;
  cells_ += added ? 1 : 0;
  while (cells_ > kMaxCells) coarsen();
}

TimeCounts::Cells TimeCounts::coarser(const Cells& cells, std::int64_t from, std::int64_t to) {
  Cells out;
  for (const auto& [index, count] : cells) out[index_of(index, to / from)] += count;
  return out;
}

void TimeCounts::coarsen() {
  const std::int64_t next = next_bucket(bucket_);
  cells_ = 0;
  for (auto& [name, row] : rows_) {
    row.cells = coarser(row.cells, bucket_, next);
    cells_ += row.cells.size();
  }
  bucket_ = next;
}

void TimeCounts::merge(const TimeCounts& other) {
  while (bucket_ < other.bucket_) coarsen();
  for (const auto& [name, theirs] : other.rows_) {
    auto row = rows_.find(name);
    if (row == rows_.end()) row = rows_.emplace(rows_.size() < kMaxRows ? name : std::string(kOthers), Row()).first;
    row->second.without_time += theirs.without_time;
    for (const auto& [index, count] : theirs.cells) {
      add_cell(row->second, index_of(index * other.bucket_, bucket_), count);
    }
  }
}

// The smallest bucket with which all fits; the one that was asked for, where it was not too small.
std::int64_t TimeCounts::chosen(std::int64_t most) const {
  if (asked_ != 0) return bucket_;
  std::optional<std::int64_t> first, last;
  for (const auto& [name, row] : rows_) {
    if (row.cells.empty()) continue;
    first = std::min(first.value_or(row.cells.begin()->first), row.cells.begin()->first);
    last = std::max(last.value_or(row.cells.rbegin()->first), row.cells.rbegin()->first);
  }
  std::int64_t bucket = bucket_;
  if (!first) return bucket;
  while (index_of(*last, bucket / bucket_) - index_of(*first, bucket / bucket_) >= most) bucket = next_bucket(bucket);
  return bucket;
}

void TimeCounts::fill(Timeline& timeline, std::int64_t most) const {
  timeline.bucket = chosen(most);
  timeline.asked_bucket = asked_;
  for (const auto& [name, row] : rows_) {
    Timeline::Row& out = timeline.rows.emplace_back();
    out.name = name;
    out.without_time = row.without_time;
    out.total = row.without_time;
    for (const auto& [index, count] : coarser(row.cells, bucket_, timeline.bucket)) {
      out.counts.push_back({Timestamp{index * timeline.bucket}, count});
      out.total += count;
    }
  }
  std::ranges::stable_sort(timeline.rows,
                           [](const Timeline::Row& a, const Timeline::Row& b) { return a.total > b.total; });
}

Result<Timeline> run_timeline(const ReadingInputs& inputs, const TimelineOptions& options) {
  model::FieldTable fields;
  std::optional<model::FieldId> level;
  if (options.by == TimelineOptions::By::level) level = fields.intern("Level");
  ReadingInputs reading = inputs;
  reading.fields = &fields;
  TimelineCollector collector(options.bucket);
  Timeline timeline;
  TOCSIN_CHECK(run_reading(
      reading, [&] { return std::make_unique<TimelineWorker>(options, level); }, collector, timeline.reading));
  collector.counts().fill(timeline, options.most_buckets);
  return timeline;
}

Result<Timeline> run_findings_timeline(const ScanInputs& inputs, const TimelineOptions& options) {
  TOCSIN_TRY(const std::unique_ptr<ScanResult> result, run_scan(inputs));
  Timeline timeline;
  timeline.findings = true;
  TimeCounts counts(options.bucket);
  TOCSIN_CHECK(result->each_finding([&](const Finding& finding) -> Result<void> {
    if (!finding.same_as.empty()) return {};  // told already, by another record
    counts.add(name_of(finding, result->rules().at(finding.rule), options.by), finding.time);
    return {};
  }));
  counts.fill(timeline, options.most_buckets);
  const Summary& summary = result->summary();
  Reading& reading = timeline.reading;
  reading.events = summary.events_judged;
  reading.sources_read = summary.sources_read;
  reading.first_time = summary.first_time;
  reading.last_time = summary.last_time;
  reading.sources = result->sources();
  reading.failed_paths = result->failed_paths();
  reading.interrupted = summary.interrupted;
  reading.unmet_filters = summary.unmet_filters;
  TOCSIN_CHECK(result->each_anomaly([&](const Anomaly& anomaly) -> Result<void> {
    // As for events: what no reader knows is not damage.
    if (anomaly.code != "unrecognised") reading.anomalies.push_back(anomaly);
    return {};
  }));
  return timeline;
}

}  // namespace tocsin::scanning
