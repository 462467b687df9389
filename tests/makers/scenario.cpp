#include "tests/makers/scenario.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace tocsin::makers {
namespace {

constexpr std::uint64_t kTicksPerSecond = 10'000'000;
constexpr std::uint64_t kTicksPerDay = 86'400 * kTicksPerSecond;

Timestamp later(Timestamp time, std::uint64_t ticks) {
  return {time.ticks + static_cast<std::int64_t>(ticks)};
}

// 0 Monday … 6 Sunday; 1601-01-01 was a Monday.
std::uint64_t weekday(Timestamp time) {
  return static_cast<std::uint64_t>(time.ticks) / kTicksPerDay % 7;
}

// How much of a working day's traffic a day sees, in percent.
std::uint64_t share_of_work(std::uint64_t day_of_week) {
  if (day_of_week < 5) return 100;
  return day_of_week == 5 ? 25 : 12;
}

// "hh:mm" in seconds.
std::optional<std::uint64_t> clock_seconds(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto digit = [&](std::size_t at) { return static_cast<std::uint64_t>(text[at] - '0'); };
  return (digit(0) * 10 + digit(1)) * 3600 + (digit(3) * 10 + digit(4)) * 60;
}

// A text in `parts` pieces of about equal length, never inside a UTF-8 sequence.
std::vector<std::string> split_text(const std::string& text, std::uint64_t parts) {
  std::vector<std::string> pieces;
  std::size_t begin = 0;
  for (std::uint64_t i = 1; i <= parts; ++i) {
    std::size_t end = i == parts ? text.size() : text.size() * i / parts;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    pieces.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return pieces;
}

}  // namespace

std::vector<Timestamp> Scenario::times_of(const Group& group, Random& random) const {
  if (group.at) return {*group.at};
  std::vector<Timestamp> times;
  for (std::uint64_t day = 0; day < days_; ++day) {
    const Timestamp midnight = later(from_, day * kTicksPerDay);
    if (const auto fixed = clock_seconds(group.when)) {
      times.push_back(later(midnight, *fixed * kTicksPerSecond + random.between(0, 20 * kTicksPerSecond)));
      continue;
    }
    const bool work = group.when == "work";
    const std::uint64_t hundredths = group.per_day * (work ? share_of_work(weekday(midnight)) : 100);
    const std::uint64_t count = hundredths / 100 + (random.between(0, 99) < hundredths % 100 ? 1 : 0);
    const std::uint64_t begin = work ? 25'200 : group.when == "night" ? 3'600 : 0;
    const std::uint64_t end = work ? 68'400 : group.when == "night" ? 18'000 : 86'399;
    for (std::uint64_t i = 0; i < count; ++i) {
      times.push_back(later(midnight, random.between(begin * kTicksPerSecond, end * kTicksPerSecond)));
    }
  }
  return times;
}

Result<void> Scenario::play_once(const Group& group, const std::string& host, Timestamp time, Random& random,
                                 std::vector<TimedEvent>& events) const {
  Expander expander(pools_, hosts_.find(host)->second, random);
  expander.set_time(time);
  for (const auto& [name, pool] : group.picks) TOCSIN_CHECK(expander.pick(name, pool));
  for (const auto& [name, text] : group.lets) {
    TOCSIN_TRY(std::string value, expander.expand(text));
    expander.set(name, std::move(value));
  }
  for (const Step& step : group.steps) {
    for (std::uint64_t round = 0; round < step.repeat; ++round) {
      for (const auto& [name, pool] : step.picks) TOCSIN_CHECK(expander.pick(name, pool));
      time = later(time, random.between(step.after.low, step.after.high));
      expander.set_time(time);
      TOCSIN_TRY(EventSpec spec, catalogue_->make(step.request, expander));
      const auto threads = static_cast<std::uint32_t>(4 * random.between(20, 2500));
      if (spec.thread_id == 0) spec.thread_id = threads;
      const Value* whole = step.split_field.empty() ? nullptr : spec.find(step.split_field);
      const std::vector<std::string> pieces = split_text(whole == nullptr ? "" : whole->text, step.parts);
      for (std::size_t part = 0; part < pieces.size(); ++part) {
        spec.time = later(time, part * 31'000);
        if (whole != nullptr) {
          spec.set(step.split_field, value::string(pieces[part]));
          spec.set("MessageNumber", value::integer(ValueType::i32, static_cast<std::int64_t>(part + 1)));
          spec.set("MessageTotal", value::integer(ValueType::i32, static_cast<std::int64_t>(pieces.size())));
        }
        events.push_back({host, spec});
      }
    }
  }
  return {};
}

Result<void> Scenario::play(const Group& group, const std::string& host, std::vector<TimedEvent>& events) const {
  // A stream of its own for each group and host: a new group changes nothing in the others.
  Random random(seed_, fmt::format("{}@{}", group.name, host));
  for (const Timestamp time : times_of(group, random)) {
    if (auto done = play_once(group, host, time, random, events); !done) {
      done.error().place = fmt::format("group \"{}\"", group.name);
      return done;
    }
  }
  return {};
}

Result<std::vector<TimedEvent>> Scenario::events(bool with_story) const {
  std::vector<TimedEvent> events;
  for (const Group& group : groups_) {
    if (group.story && !with_story) continue;
    for (const std::string& host : group.hosts) TOCSIN_CHECK(play(group, host, events));
  }
  std::ranges::stable_sort(events, {}, [](const TimedEvent& event) { return event.spec.time; });
  std::map<std::string, std::uint64_t> next_ids;
  for (TimedEvent& event : events) {
    const std::string log = event.host + "/" + event.spec.channel;
    const auto [next, first] = next_ids.try_emplace(log, 0);
    // A log that has been in use for long: ids do not begin with 1.
    if (first) next->second = Random(seed_, log).between(10'000, 900'000);
    event.spec.record_id = next->second++;
  }
  return events;
}

}  // namespace tocsin::makers
