// What the cutter tells the unit reader, and budgets of both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "evidence/json/lex.hpp"

namespace tocsin::evidence::json {

// A larger record is refused. Elasticsearch refuses documents over 100 MB by default, real events stay far below 1 MiB.
inline constexpr std::size_t kMaxRecordBytes = std::size_t{64} << 20;
// Keys and values of one record; real events have below 1,000. A larger record is refused, lest its fields cost many
// times its size.
inline constexpr std::size_t kMaxRecordValues = std::size_t{1} << 19;
inline constexpr std::size_t kDefaultUnitBytes = std::size_t{1} << 20;

// Unit::flags.
inline constexpr std::uint32_t kUnitLines = 1;  // records are lines; else values with blanks and commas between them
inline constexpr std::uint32_t kUnitUtf16 = 2;  // the source is UTF-16, the unit's bytes were converted to UTF-8

// Bytes that `utf8` took as UTF-16.
[[nodiscard]] inline std::uint64_t utf16_length(std::string_view utf8) {
  std::uint64_t units = 0;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xC0) != 0x80 ? 1 : 0;
    units += byte >= 0xF0 ? 1 : 0;
  }
  return units * 2;
}

// What may stand between records: blanks, commas, byte order marks (of files that were joined) and NULs (of files that
// were allocated before they were written).
[[nodiscard]] inline std::size_t skip_filling(std::string_view text, std::size_t at) {
  for (;;) {
    while (at < text.size() && (is_blank(text[at]) || text[at] == ',' || text[at] == '\0')) ++at;
    if (text.substr(at, 3) != "\xEF\xBB\xBF") return at;
    at += 3;
  }
}

}  // namespace tocsin::evidence::json
