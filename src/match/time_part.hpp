// Parts of a point in time (UTC), for Sigma's time modifiers. Pure, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tocsin::match {

enum class TimePart : std::uint8_t { minute, hour, day, week, month, year };

// Reads `text` as ISO 8601 (parse_time); nothing where it is no time. `week` is the ISO 8601 week, 1 to 53.
[[nodiscard]] std::optional<std::int64_t> time_part(std::string_view text, TimePart part);

}  // namespace tocsin::match
