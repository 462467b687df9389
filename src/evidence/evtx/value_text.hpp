// The texts of single value types, written into an arena. Forms are Windows' where they are known
// (docs/formats/evtx.md).
#pragma once

#include <cstdint>
#include <string_view>

#include "tocsin/bytes.hpp"

#include "evidence/evtx/arena.hpp"

namespace tocsin::evidence::evtx {

[[nodiscard]] std::string_view hex_upper(ByteView bytes, Arena& arena);           // "0AFF"
[[nodiscard]] std::string_view hex_number(std::uint64_t value, Arena& arena);     // "0x3e7"
[[nodiscard]] std::string_view guid_text(ByteView sixteen, Arena& arena);         // "{54849625-5478-…}"
[[nodiscard]] std::string_view sid_text(ByteView sid, Arena& arena);              // "S-1-5-18"
[[nodiscard]] std::string_view filetime_text(std::uint64_t ticks, Arena& arena);  // "2021-07-19T12:00:00.1234567Z"
[[nodiscard]] std::string_view systemtime_text(ByteView sixteen, Arena& arena);   // the same with ".mmm0000Z"
[[nodiscard]] std::string_view windows_1252(ByteView bytes, Arena& arena);        // NULs are left out
// The shortest digits that give the same number back, always with ".0" or an exponent: "1.5", "-0.0", "1e+30", "NaN".
[[nodiscard]] std::string_view real_text(float value, Arena& arena);
[[nodiscard]] std::string_view real_text(double value, Arena& arena);

}  // namespace tocsin::evidence::evtx
