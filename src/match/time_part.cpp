#include "match/time_part.hpp"

#include <chrono>

#include "tocsin/event.hpp"

namespace tocsin::match {

namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::int64_t kTicksPerMinute = std::int64_t{60} * 10'000'000;
constexpr std::int64_t kTicksPerDay = kTicksPerMinute * 60 * 24;

std::int64_t iso_week(sys_days day) {
  // The week belongs to the year of its Thursday.
  const auto monday_based = std::chrono::weekday(day).iso_encoding() - 1;
  const sys_days thursday = day + days(3 - static_cast<int>(monday_based));
  const sys_days new_year = sys_days(year_month_day(thursday).year() / std::chrono::January / 1);
  return (thursday - new_year).count() / 7 + 1;
}

}  // namespace

std::optional<std::int64_t> time_part(std::string_view text, TimePart part) {
  const auto time = parse_time(text);
  if (!time) return std::nullopt;
  std::int64_t day_number = time->ticks / kTicksPerDay;
  std::int64_t in_day = time->ticks % kTicksPerDay;
  if (in_day < 0) {
    in_day += kTicksPerDay;
    --day_number;
  }
  const sys_days epoch(std::chrono::year(1601) / std::chrono::January / 1);
  const sys_days day = epoch + days(static_cast<int>(day_number));
  const year_month_day date(day);
  switch (part) {
    case TimePart::minute:
      return in_day / kTicksPerMinute % 60;
    case TimePart::hour:
      return in_day / kTicksPerMinute / 60;
    case TimePart::day:
      return static_cast<std::int64_t>(static_cast<unsigned>(date.day()));
    case TimePart::week:
      return iso_week(day);
    case TimePart::month:
      return static_cast<std::int64_t>(static_cast<unsigned>(date.month()));
    case TimePart::year:
      return static_cast<std::int64_t>(static_cast<int>(date.year()));
  }
  return std::nullopt;
}

}  // namespace tocsin::match
