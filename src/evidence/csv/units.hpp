// What the CSV cutter tells the unit reader. A unit's bytes are the header row, a line feed, and whole rows; its offset
// is that of the first of these rows.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tocsin::evidence::csv {

inline constexpr std::size_t kDefaultUnitBytes = std::size_t{1} << 20;
// Unit::flags: the separator's byte, and whether the source is UTF-16 (the unit's bytes are UTF-8).
inline constexpr std::uint32_t kUnitSeparator = 0xFF;
inline constexpr std::uint32_t kUnitUtf16 = 0x100;

}  // namespace tocsin::evidence::csv
