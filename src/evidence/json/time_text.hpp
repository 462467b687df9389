// Times as JSON exports write them.
#pragma once

#include <optional>
#include <string_view>

#include "tocsin/event.hpp"

#include "evidence/json/shape.hpp"

namespace tocsin::evidence::json {

struct TimeText {
  Timestamp time;
  bool zone = false;  // the text says its zone, or is a count from an epoch
};
// ISO 8601; or a number (also as text): seconds, milliseconds or microseconds since 1970, or FILETIME ticks, told apart
// by size; or "/Date(milliseconds)/". Nothing else.
[[nodiscard]] std::optional<TimeText> read_time(std::string_view text, bool number);

// A date in the order given and a time of day, as programs write them for people: "7/13/2021 2:14:07 PM",
// "13.07.2021 14:14:07". Such a text never says its zone. Two digits of a year are refused.
[[nodiscard]] std::optional<Timestamp> read_ordered_time(std::string_view text, DateOrder order);

}  // namespace tocsin::evidence::json
