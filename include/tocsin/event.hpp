// What every event has, whatever it was read from: a time, and an exact place in its source.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin {

// An instant in UTC, as 100-nanosecond ticks since 1601-01-01 (FILETIME, [MS-DTYP] 2.3.3). Range: years 1601 to 30827.
struct Timestamp {
  std::int64_t ticks = 0;
  auto operator<=>(const Timestamp&) const = default;
};

// "2021-07-19T12:00:00.1234567Z": always seven digits, always Z.
[[nodiscard]] std::string format_time(Timestamp time);
// Reads ISO 8601 / RFC 3339 with 0 to 9 fractional digits (cut to 100 ns), `T` or a blank, `Z`, an offset (`+02:00`,
// `+0200`, `+02`), or none (taken as UTC); a date alone is midnight. Nothing else.
[[nodiscard]] std::optional<Timestamp> parse_time(std::string_view text);

// How a place is counted. Stored in results as the lower-case name; do not rename.
enum class PlaceKind : std::uint8_t { evtx, bytes, line, row };
[[nodiscard]] std::string_view to_string(PlaceKind kind);

// Where exactly an event lies in its source. Offsets count from the source's first byte (after decompression, where
// the source is a member of a container); lengths are in bytes.
struct Place {
  static constexpr std::uint64_t kNone = std::numeric_limits<std::uint64_t>::max();
  PlaceKind kind = PlaceKind::bytes;
  // evtx: EventRecordID; json and text: 1-based number of the record in the source; row: 1-based row. kNone: unknown.
  std::uint64_t record = kNone;
  std::uint64_t chunk = kNone;  // evtx only: 0-based chunk number
  std::uint64_t line = kNone;   // text kinds: 1-based line where the record begins
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  bool carved = false;  // found in slack space, outside the log's live records
  bool operator==(const Place&) const = default;
};

}  // namespace tocsin
