#include "evidence/json/time_text.hpp"

#include <charconv>
#include <cstdint>

#include <fmt/format.h>

namespace tocsin::evidence::json {
namespace {

constexpr std::int64_t kTicksPerSecond = 10'000'000;
constexpr std::int64_t kUnixEpoch = 11'644'473'600 * kTicksPerSecond;  // 1970-01-01 in ticks since 1601-01-01

constexpr std::int64_t kMaxMillis = 100'000'000'000'000;  // year 5138

// "1600000000.25": whole and seven digits of fraction; nothing where it is no such number.
struct Decimal {
  std::int64_t whole = 0, fraction = 0;  // fraction in 10^-7
};
std::optional<Decimal> read_decimal(std::string_view text) {
  Decimal decimal;
  const char* at = text.data();
  const char* const last = at + text.size();
  const auto [end, error] = std::from_chars(at, last, decimal.whole);
  if (error != std::errc() || decimal.whole < 0) return std::nullopt;
  if (end == last) return decimal;
  if (*end != '.' || end + 1 == last) return std::nullopt;
  at = end + 1;
  int digits = 0;
  for (; at != last; ++at) {
    if (*at < '0' || *at > '9') return std::nullopt;
    if (digits < 7) decimal.fraction = decimal.fraction * 10 + (*at - '0'), ++digits;
  }
  for (; digits < 7; ++digits) decimal.fraction *= 10;
  return decimal;
}

// The unit is told by size: seconds reach year 5138, milliseconds begin in 1973.
std::optional<Timestamp> from_epoch(const Decimal& count) {
  constexpr std::int64_t kSeconds = 100'000'000'000, kMicros = 100'000'000'000'000'000;
  if (count.whole < kSeconds) return Timestamp{kUnixEpoch + count.whole * kTicksPerSecond + count.fraction};
  if (count.whole < kMaxMillis) return Timestamp{kUnixEpoch + count.whole * 10'000 + count.fraction / 1'000};
  if (count.whole < kMicros) return Timestamp{kUnixEpoch + count.whole * 10};
  return Timestamp{count.whole};
}

// REQUIRES: a time that parse_time reads: a sign behind "2021-07-19T" is an offset's.
bool says_zone(std::string_view iso) {
  return iso.ends_with('Z') || iso.ends_with('z') || iso.find_first_of("+-", 11) != std::string_view::npos;
}

}  // namespace

std::optional<TimeText> read_time(std::string_view text, bool number) {
  if (!number) {
    if (const auto time = parse_time(text)) return TimeText{*time, says_zone(text)};
    if (text.starts_with("/Date(") && text.ends_with(")/")) {
      text = text.substr(6, text.size() - 8);
      const auto millis = read_decimal(text.substr(0, text.find_first_of("+-")));
      if (!millis || millis->whole >= kMaxMillis) return std::nullopt;
      return TimeText{{kUnixEpoch + millis->whole * 10'000}, true};
    }
    // A short number as text is more likely a year or a counter.
    if (text.size() < 9) return std::nullopt;
  }
  const auto decimal = read_decimal(text);
  if (!decimal) return std::nullopt;
  const auto time = from_epoch(*decimal);
  return time ? std::optional(TimeText{*time, true}) : std::nullopt;
}

namespace {

// Up to `count` runs of digits at the beginning of `text`, each behind at most two other characters; moves `text`
// behind them. The lengths tell "2021" from "21".
std::size_t take_numbers(std::string_view& text, std::size_t count, int* numbers, std::size_t* lengths) {
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t at = 0;
    while (i > 0 && at < text.size() && at < 2 && (text[at] < '0' || text[at] > '9')) ++at;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), numbers[i]);
    if (error != std::errc() || numbers[i] < 0) return i;
    lengths[i] = static_cast<std::size_t>(end - (text.data() + at));
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
  return count;
}

}  // namespace

std::optional<Timestamp> read_ordered_time(std::string_view text, DateOrder order) {
  int date[3] = {}, time[3] = {};
  std::size_t lengths[3] = {};
  if (order == DateOrder::none || take_numbers(text, 3, date, lengths) != 3) return std::nullopt;
  const std::size_t y = order == DateOrder::year_month_day ? 0 : 2;
  const std::size_t m = order == DateOrder::month_day_year ? 0 : 1;
  const std::size_t d = order == DateOrder::year_month_day ? 2 : 1 - m;
  if (lengths[y] != 4) return std::nullopt;
  while (!text.empty() && (text.front() == ' ' || text.front() == ',')) text.remove_prefix(1);
  const std::size_t parts = take_numbers(text, 3, time, lengths);
  if (parts < 2) return std::nullopt;
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  const bool am = text == "AM" || text == "am", pm = text == "PM" || text == "pm";
  if (!text.empty() && !am && !pm) return std::nullopt;
  if ((am || pm) && (time[0] < 1 || time[0] > 12)) return std::nullopt;
  if (am || pm) time[0] = time[0] % 12 + (pm ? 12 : 0);
  return parse_time(
      fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", date[y], date[m], date[d], time[0], time[1], time[2]));
}

}  // namespace tocsin::evidence::json
