#include "scan/hygiene.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "model/event.hpp"
#include "scan/event_filter.hpp"
#include "scan/finding_codec.hpp"

namespace tocsin::scanning {
namespace {

// Damage within a chunk may hide records of its own chunk only.
constexpr std::string_view kSystemLog = "System";
constexpr std::int64_t kTicksPerSecond = 10'000'000;
constexpr std::uint64_t kFileHeader = 4096, kChunk = 65536;

std::uint64_t chunk_of(std::uint64_t offset) {
  return offset < kFileHeader ? 0 : (offset - kFileHeader) / kChunk;
}

// The record itself, wherever its copy lies.
base::Sha256::Digest identity(const Log& log, const LogPoint& point) {
  return base::sha256(as_bytes(fmt::format("{}\n{}\n{}\n{}", log.channel, log.computer, point.place.record,
                                           point.time ? point.time->ticks : 0)));
}

std::string time_text(const LogPoint& point) {
  return point.time ? format_time(*point.time) : std::string("no time");
}

Match match(const char* selection, const char* field, std::string value, std::string pattern) {
  Match match;
  match.selection = selection, match.field = field, match.event_field = field;
  match.span = {0, static_cast<std::uint32_t>(value.size())};
  match.value = std::move(value), match.pattern = std::move(pattern);
  return match;
}

// What all kinds have: the place is the second record's, both are parts.
HygieneFinding make(HygieneKind kind, const SourceContext& at, const Log& log, const LogPoint& shown) {
  HygieneFinding made;
  made.kind = kind;
  made.finding.source = at.ordinal;
  made.finding.place = shown.place;
  made.finding.time = shown.time;
  made.finding.computer = log.computer;
  made.finding.channel = log.channel;
  made.place_key = place_key(at, shown.place.offset);
  return made;
}

HygieneFinding of_pair(HygieneKind kind, const SourceContext& at, const Log& log, const LogHole& pair) {
  HygieneFinding made = make(kind, at, log, pair.after);
  made.finding.parts = {{at.ordinal, pair.before.place}, {at.ordinal, pair.after.place}};
  made.records = {identity(log, pair.before), identity(log, pair.after)};
  return made;
}

std::uint64_t missing(const LogHole& hole) {
  return hole.after.place.record - hole.before.place.record - 1;
}

// A wrapped log begins in the middle of its file: order is that of the numbers.
std::vector<LogHole> holes_of(const Log& log) {
  std::vector<LogHole> runs = log.runs;
  std::ranges::stable_sort(runs, {}, [](const LogHole& run) { return run.before.place.record; });
  std::vector<LogHole> holes;
  for (std::size_t i = 1; i < runs.size(); ++i) {
    const LogPoint& before = runs[i - 1].after;
    const LogPoint& after = runs[i].before;
    if (after.place.record > before.place.record + 1) holes.push_back({before, after});
  }
  return holes;
}

// Chunks of a copy may stand in any order, with old ones between them: only what adjoins is one piece of the log.
bool adjoin(const LogHole& hole) {
  const std::uint64_t from = chunk_of(hole.before.place.offset), to = chunk_of(hole.after.place.offset);
  return from == to || from + 1 == to;
}

// Damage in one of their chunks may have taken the records.
bool damaged(const std::vector<std::uint64_t>& chunks, const LogHole& hole) {
  return std::ranges::any_of(chunks, [&](std::uint64_t chunk) {
    return chunk == chunk_of(hole.before.place.offset) || chunk == chunk_of(hole.after.place.offset);
  });
}

}  // namespace

void HygieneBook::begin_source(const SourceContext& source) {
  sources_.push_back({source, {}, {}, false});
}

void HygieneBook::unit(const SourceContext& source, LogWatch&& watch) {
  sources_[source.ordinal].watch.merge(std::move(watch));
}

void HygieneBook::damage(const SourceContext& source, const Anomaly& anomaly) {
  if (anomaly.offset < kFileHeader && anomaly.count == 1) return;  // of the file as a whole: copied while in use
  Source& mine = sources_[source.ordinal];
  mine.damage_everywhere = mine.damage_everywhere || anomaly.count > 1 || mine.damaged_chunks.size() >= kMaxDamage;
  if (!mine.damage_everywhere) mine.damaged_chunks.push_back(chunk_of(anomaly.offset));
}

bool HygieneBook::judged(HygieneKind kind) const {
  if (kind == HygieneKind::numbers_missing) {
    return std::ranges::any_of(sources_, [](const Source& one) { return one.watch.own_numbers(); });
  }
  if (kind == HygieneKind::clock_back) {
    return std::ranges::any_of(sources_, [](const Source& one) { return one.watch.has_numbers(); });
  }
  if (kind == HygieneKind::clock_set) {
    return std::ranges::any_of(sources_, [](const Source& one) {
      return std::ranges::any_of(one.watch.logs(), [](const auto& log) { return log.second.channel == kSystemLog; });
    });
  }
  std::map<std::string_view, std::size_t> logs;
  for (const Source& source : sources_) {
    for (const auto& [key, log] : source.watch.logs()) {
      if (log.days.size() >= static_cast<std::size_t>(kDaysBefore)) ++logs[log.computer];
    }
  }
  return std::ranges::any_of(logs, [](const auto& one) { return one.second > kOthersGoOn; });
}

void HygieneBook::missing_numbers(const Source& source, std::vector<HygieneFinding>& out) const {
  if (source.watch.too_scattered() || source.damage_everywhere) return;
  const Log* where = nullptr;
  LogHole largest;
  std::uint64_t holes = 0, records = 0;
  for (const auto& [key, log] : source.watch.logs()) {
    for (const LogHole& hole : holes_of(log)) {
      if (!adjoin(hole) || damaged(source.damaged_chunks, hole)) continue;
      ++holes, records += missing(hole);
      if (where == nullptr || missing(hole) > missing(largest)) where = &log, largest = hole;
    }
  }
  if (where == nullptr) return;
  HygieneFinding made = of_pair(HygieneKind::numbers_missing, source.context, *where, largest);
  made.finding.matches = {
      match("before", "EventRecordID", std::to_string(largest.before.place.record), "the record before the hole"),
      match("after", "EventRecordID", std::to_string(largest.after.place.record),
            fmt::format("{}, the number that follows", largest.before.place.record + 1))};
  made.finding.notes = {fmt::format("{} {} missing between {} and {}", missing(largest),
                                    missing(largest) == 1 ? "record is" : "records are", time_text(largest.before),
                                    time_text(largest.after))};
  if (holes > 1)
    made.finding.notes.push_back(fmt::format("{} holes in all, {} records; this is the largest", holes, records));
  out.push_back(std::move(made));
}

void HygieneBook::clock_back(const Source& source, std::vector<HygieneFinding>& out) const {
  const Log* where = nullptr;
  std::uint64_t steps = 0;
  const auto length = [](const Log& log) {
    return log.largest_step->before.time->ticks - log.largest_step->after.time->ticks;
  };
  for (const auto& [key, log] : source.watch.logs()) {
    steps += log.steps_back;
    if (log.largest_step && (where == nullptr || length(log) > length(*where))) where = &log;
  }
  if (where == nullptr) return;
  const LogHole& step = *where->largest_step;
  HygieneFinding made = of_pair(HygieneKind::clock_back, source.context, *where, step);
  made.finding.matches = {match("before", "TimeCreated", time_text(step.before), "the record before"),
                          match("after", "TimeCreated", time_text(step.after), "not earlier than the record before")};
  made.finding.notes = {fmt::format("records {} and {}: back by {} seconds", step.before.place.record,
                                    step.after.place.record, length(*where) / kTicksPerSecond)};
  if (steps > 1) made.finding.notes.push_back(fmt::format("{} steps back in all; this is the largest", steps));
  out.push_back(std::move(made));
}

// One record says it all.
void HygieneBook::clock_set(const Source& source, std::vector<HygieneFinding>& out) const {
  const std::optional<ClockSet>& set = source.watch.largest_set();
  if (!set) return;
  HygieneFinding made;
  made.kind = HygieneKind::clock_set;
  Finding& finding = made.finding;
  finding.source = source.context.ordinal;
  finding.place = set->at.place;
  finding.time = set->at.time;
  finding.computer = set->computer, finding.channel = set->channel;
  finding.provider = "Microsoft-Windows-Kernel-General", finding.event_id = 1;
  const std::int64_t least = LogWatch::kStepBack / kTicksPerSecond;
  finding.matches = {match("set", "OldTime", format_time(set->from), "the clock before"),
                     match("set", "NewTime", format_time(set->to), fmt::format("more than {} seconds from it", least))};
  const char* const not_a_keeper = "not what keeps the clock: the time service, or a virtual machine's tools";
  finding.matches.push_back(set->process.empty() ? match("set", "Security_UserID", set->user, not_a_keeper)
                                                 : match("set", "ProcessName", set->process, not_a_keeper));
  finding.notes = {fmt::format("the clock was set {} by {} seconds", set->to < set->from ? "back" : "forward",
                               set->step() / kTicksPerSecond)};
  if (source.watch.clock_sets() > 1) {
    finding.notes.push_back(
        fmt::format("it was set {} times in this log by more than {} seconds; this is the largest step",
                    source.watch.clock_sets(), least));
  }
  made.place_key = place_key(source.context, finding.place.offset);
  made.records = {base::sha256(as_bytes(fmt::format("{}\n{}\n{}\n{}\n{}", set->channel, set->computer,
                                                    set->at.place.record, set->from.ticks, set->to.ticks)))};
  out.push_back(std::move(made));
}

std::vector<HygieneFinding> HygieneBook::findings(const EvidenceOptions& reach) const {
  std::vector<HygieneFinding> all;
  for (const Source& source : sources_) {
    missing_numbers(source, all);
    clock_back(source, all);
    clock_set(source, all);
  }
  stops(all);
  std::erase_if(all, [&](const HygieneFinding& one) {
    model::EventHead head;
    head.time = one.finding.time;
    head.channel = one.finding.channel;
    return !in_reach(head, reach);
  });
  return all;
}

// Logs of one computer and channel in several sources are one log.
std::vector<HygieneBook::Stop> HygieneBook::stops_of_all() const {
  struct Whole {
    std::set<std::int32_t> days;
    const Log* latest = nullptr;
    const Source* source = nullptr;
  };
  std::map<std::string_view, std::map<std::string_view, Whole>> hosts;
  for (const Source& source : sources_) {
    for (const auto& [key, log] : source.watch.logs()) {
      auto& logs = hosts[log.computer];
      if (log.days.empty() || (logs.size() >= kMaxPerHost && !logs.contains(log.channel))) continue;
      Whole& whole = logs[log.channel];
      whole.days.insert(log.days.begin(), log.days.end());
      if (whole.latest == nullptr || *log.latest->time > *whole.latest->latest->time) {
        whole.latest = &log, whole.source = &source;
      }
    }
  }
  std::vector<Stop> stops;
  for (const auto& [host, logs] : hosts) {
    for (const auto& [channel, one] : logs) {
      const std::int32_t first = *one.days.begin(), last = *one.days.rbegin();
      Stop stop{one.source, one.latest, nullptr, nullptr, 0, last - first + 1, 0};
      if (stop.days < kDaysBefore || one.days.size() != static_cast<std::size_t>(stop.days)) continue;
      for (const auto& [name, other] : logs) {
        if (*other.days.rbegin() < last + kDaysSilent || *other.days.begin() > last) continue;
        ++stop.others;
        if (*other.days.rbegin() - last > stop.silent) {
          stop.silent = *other.days.rbegin() - last, stop.other = other.latest, stop.other_source = other.source;
        }
      }
      if (stop.others >= kOthersGoOn) stops.push_back(stop);
    }
  }
  return stops;
}

void HygieneBook::stops(std::vector<HygieneFinding>& out) const {
  std::map<std::uint32_t, std::pair<Stop, std::size_t>> earliest;  // by source; and how many there are
  for (const Stop& stop : stops_of_all()) {
    auto& [kept, count] = earliest[stop.source->context.ordinal];
    if (count++ == 0 || *stop.log->latest->time < *kept.log->latest->time) kept = stop;
  }
  for (const auto& [ordinal, entry] : earliest) {
    const auto& [stop, count] = entry;
    HygieneFinding made = make(HygieneKind::log_stops, stop.source->context, *stop.log, *stop.log->latest);
    made.finding.parts = {{ordinal, stop.log->latest->place},
                          {stop.other_source->context.ordinal, stop.other->latest->place}};
    made.records = {identity(*stop.log, *stop.log->latest), identity(*stop.other, *stop.other->latest)};
    made.finding.matches = {
        match("last", "TimeCreated", time_text(*stop.log->latest), "the last event of this log"),
        match("goes_on", "Channel", stop.other->channel,
              fmt::format("another log of the machine, with events until {}", time_text(*stop.other->latest)))};
    made.finding.notes = {fmt::format("events on each of {} days, then none for {} days in which {} other logs go on",
                                      stop.days, stop.silent, stop.others)};
    if (count > 1) made.finding.notes.push_back(fmt::format("{} logs of this source stop; this is the first", count));
    out.push_back(std::move(made));
  }
}

}  // namespace tocsin::scanning
