// What the XML cutter tells the unit reader.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tocsin::evidence::xml {

inline constexpr std::size_t kDefaultUnitBytes = std::size_t{1} << 20;
inline constexpr std::uint32_t kUnitUtf16 = 1;  // Unit::flags: the source is UTF-16, the unit's bytes are UTF-8

}  // namespace tocsin::evidence::xml
