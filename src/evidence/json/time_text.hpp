// Times as JSON exports write them.
#pragma once

#include <optional>
#include <string_view>

#include "tocsin/event.hpp"

namespace tocsin::evidence::json {

struct TimeText {
  Timestamp time;
  bool zone = false;  // the text says its zone, or is a count from an epoch
};
// ISO 8601; or a number (also as text): seconds, milliseconds or microseconds since 1970, or FILETIME ticks, told apart
// by size; or "/Date(milliseconds)/". Nothing else.
[[nodiscard]] std::optional<TimeText> read_time(std::string_view text, bool number);

}  // namespace tocsin::evidence::json
