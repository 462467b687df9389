// Times of the contract (tocsin/event.hpp): FILETIME ticks to ISO 8601 and back, in the proleptic Gregorian calendar.
#include <chrono>
#include <cstdio>

#include "tocsin/event.hpp"

namespace tocsin {
namespace {

constexpr std::int64_t kTicksPerSecond = 10'000'000;
constexpr std::int64_t kTicksPerDay = kTicksPerSecond * 86'400;
constexpr std::chrono::sys_days kEpoch{std::chrono::year{1601} / 1 / 1};

// Reads exactly `count` digits at `at`; -1 where there are none.
int digits(std::string_view text, std::size_t& at, std::size_t count) {
  if (text.size() < at + count) return -1;
  int value = 0;
  for (const std::size_t end = at + count; at < end; ++at) {
    if (text[at] < '0' || text[at] > '9') return -1;
    value = value * 10 + (text[at] - '0');
  }
  return value;
}

bool take(std::string_view text, std::size_t& at, char c) {
  if (at >= text.size() || text[at] != c) return false;
  ++at;
  return true;
}

// ".1234567" to ticks; the first seven digits count.
std::optional<std::int64_t> fraction(std::string_view text, std::size_t& at) {
  if (!take(text, at, '.') && !take(text, at, ',')) return 0;
  std::int64_t ticks = 0;
  std::size_t count = 0;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++count) {
    if (count < 7) ticks = ticks * 10 + (text[at] - '0');
  }
  if (count == 0 || count > 9) return std::nullopt;
  for (; count < 7; ++count) ticks *= 10;
  return ticks;
}

// "Z", "+02:00", "+0200", "+02" or nothing, as seconds east of UTC.
std::optional<std::int64_t> offset_seconds(std::string_view text, std::size_t& at) {
  if (at == text.size()) return 0;
  if (take(text, at, 'Z') || take(text, at, 'z')) return 0;
  const int sign = text[at] == '+' ? 1 : text[at] == '-' ? -1 : 0;
  if (sign == 0) return std::nullopt;
  ++at;
  const int hours = digits(text, at, 2);
  const bool hours_alone = at == text.size();
  if (!hours_alone) take(text, at, ':');
  const int minutes = hours_alone ? 0 : digits(text, at, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  return sign * (std::int64_t{hours} * 60 + minutes) * 60;
}

std::optional<std::int64_t> time_of_day(std::string_view text, std::size_t& at) {
  const int hour = digits(text, at, 2);
  if (hour < 0 || hour > 23 || !take(text, at, ':')) return std::nullopt;
  const int minute = digits(text, at, 2);
  if (minute < 0 || minute > 59) return std::nullopt;
  int second = 0;
  std::int64_t ticks = 0;
  if (take(text, at, ':')) {
    second = digits(text, at, 2);
    if (second < 0 || second > 60) return std::nullopt;  // 60: a leap second, counted into the next minute
    const auto part = fraction(text, at);
    if (!part) return std::nullopt;
    ticks = *part;
  }
  return ((std::int64_t{hour} * 60 + minute) * 60 + second) * kTicksPerSecond + ticks;
}

}  // namespace

std::string format_time(Timestamp time) {
  std::int64_t days = time.ticks / kTicksPerDay, rest = time.ticks % kTicksPerDay;
  if (rest < 0) --days, rest += kTicksPerDay;
  const std::chrono::year_month_day date{kEpoch + std::chrono::days{days}};
  const std::int64_t seconds = rest / kTicksPerSecond;
  char text[48];
  const int length = std::snprintf(
      text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%07dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(seconds / 3600),
      static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60), static_cast<int>(rest % kTicksPerSecond));
  return {text, static_cast<std::size_t>(length)};
}

std::optional<Timestamp> parse_time(std::string_view text) {
  std::size_t at = 0;
  const int year = digits(text, at, 4);
  if (year < 1601 || !take(text, at, '-')) return std::nullopt;
  const int month = digits(text, at, 2);
  if (month < 1 || !take(text, at, '-')) return std::nullopt;
  const int day = digits(text, at, 2);
  if (day < 1) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  std::int64_t ticks = (std::chrono::sys_days{date} - kEpoch).count() * kTicksPerDay;
  if (at == text.size()) return Timestamp{ticks};
  if (!take(text, at, 'T') && !take(text, at, 't') && !take(text, at, ' ')) return std::nullopt;
  const auto of_day = time_of_day(text, at);
  if (!of_day) return std::nullopt;
  const auto east = offset_seconds(text, at);
  if (!east || at != text.size()) return std::nullopt;
  ticks += *of_day - *east * kTicksPerSecond;
  return Timestamp{ticks};
}

}  // namespace tocsin
