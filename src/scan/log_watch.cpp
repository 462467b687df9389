#include "scan/log_watch.hpp"

#include <utility>

namespace tocsin::scanning {
namespace {

constexpr std::int64_t kTicksPerDay = std::int64_t{86'400} * 10'000'000;

bool later_than(const LogPoint& point, const std::optional<LogPoint>& other) {
  return point.time && (!other || *point.time > *other->time);
}

// How far the clock went back between two neighbours; 0 where it did not, or too little to speak of.
std::int64_t step_back(const LogPoint& before, const LogPoint& after) {
  if (!before.time || !after.time || before.time->ticks <= 0 || after.time->ticks <= 0) return 0;
  const std::int64_t step = before.time->ticks - after.time->ticks;
  return step > LogWatch::kStepBack ? step : 0;
}

void note_step(Log& log, const LogPoint& before, const LogPoint& after) {
  const std::int64_t step = step_back(before, after);
  if (step == 0) return;
  ++log.steps_back;
  if (!log.largest_step || step > step_back(log.largest_step->before, log.largest_step->after)) {
    log.largest_step = {before, after};
  }
}

bool follows(const LogPoint& before, const LogPoint& after) {
  return before.place.record + 1 == after.place.record;
}

}  // namespace

Log* LogWatch::log_of(std::string_view channel, std::string_view computer) {
  key_.assign(channel.substr(0, kMaxNameBytes));
  key_.push_back('\0');
  key_ += computer.substr(0, kMaxNameBytes);
  const auto found = logs_.find(key_);
  if (found != logs_.end()) return &found->second;
  if (logs_.size() >= kMaxLogs) return nullptr;
  Log& log = logs_[key_];
  log.channel = channel.substr(0, kMaxNameBytes);
  log.computer = computer.substr(0, kMaxNameBytes);
  return &log;
}

void LogWatch::note_day(Log& log, std::int32_t day) {
  if (days_ < kMaxDays && log.days.insert(day).second) ++days_;
}

void LogWatch::add_run(Log& log, const LogHole& run) {
  if (!log.runs.empty() && follows(log.runs.back().after, run.before)) {
    log.runs.back().after = run.after;
  } else if (runs_ < kMaxRuns) {
    log.runs.push_back(run);
    ++runs_;
  }
}

void LogWatch::add_number(Log& log, const LogPoint& point, bool own_number) {
  numbered_ = true;
  if (log.last && follows(*log.last, point)) note_step(log, *log.last, point);
  if (!log.first) log.first = point;
  log.last = point;
  if (own_number) add_run(log, {point, point});
}

void LogWatch::add(const model::EventHead& head) {
  if (head.channel.empty() || head.computer.empty() || head.place.carved) return;
  Log* const log = log_of(head.channel, head.computer);
  if (log == nullptr) return;
  const LogPoint point{head.place, head.time};
  if (head.time && head.time->ticks > 0) {
    note_day(*log, static_cast<std::int32_t>(head.time->ticks / kTicksPerDay));
    if (later_than(point, log->latest)) log->latest = point;
  }
  if (head.place.kind == PlaceKind::evtx && head.place.record != Place::kNone) {
    add_number(*log, point, head.own_number);
  }
}

void LogWatch::add_clock_set(ClockSet set) {
  ++clock_sets_;
  if (!largest_set_ || set.step() > largest_set_->step()) largest_set_ = std::move(set);
}

void LogWatch::merge(LogWatch&& later) {
  if (later.largest_set_) {
    clock_sets_ += later.clock_sets_ - 1;
    add_clock_set(std::move(*later.largest_set_));
  }
  numbered_ = numbered_ || later.numbered_;
  for (auto& [key, theirs] : later.logs_) {
    Log* const mine = log_of(theirs.channel, theirs.computer);
    if (mine == nullptr) continue;
    for (const LogHole& run : theirs.runs) add_run(*mine, run);
    if (mine->last && theirs.first && follows(*mine->last, *theirs.first)) {
      note_step(*mine, *mine->last, *theirs.first);
    }
    mine->steps_back += theirs.steps_back;
    if (theirs.largest_step &&
        (!mine->largest_step || step_back(theirs.largest_step->before, theirs.largest_step->after) >
                                    step_back(mine->largest_step->before, mine->largest_step->after))) {
      mine->largest_step = theirs.largest_step;
    }
    if (!mine->first) mine->first = theirs.first;
    if (theirs.last) mine->last = theirs.last;
    for (const std::int32_t day : theirs.days) note_day(*mine, day);
    if (theirs.latest && later_than(*theirs.latest, mine->latest)) mine->latest = theirs.latest;
  }
}

}  // namespace tocsin::scanning
