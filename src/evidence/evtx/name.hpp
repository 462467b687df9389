// Element, attribute and entity names: entries of a chunk's string table, referred to by offset (libyal's EVTX
// document, "Name"). An entry lies right behind the first reference to it, later references point back; never forward.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "tocsin/bytes.hpp"

namespace tocsin::evidence::evtx {

struct NameRef {
  ByteView units;          // UTF-16LE, without the terminator
  std::uint16_t hash = 0;  // as stored
  std::size_t next = 0;    // offset behind the reference, and behind the entry where that lies in place
  bool in_place = false;
  bool terminated = false;  // a zero unit follows the text
};

// Reads the reference at `at`; it, and an entry in place, must end at or before `end`. Nothing where it does not fit,
// points forward or out of the chunk's records, or the name is longer than kMaxNameUnits.
[[nodiscard]] std::optional<NameRef> read_name(ByteView chunk, std::size_t at, std::size_t end);

// h = h * 65599 + unit, low 16 bits.
[[nodiscard]] std::uint16_t name_hash(ByteView units);
// The stored hash fits, the text is terminated, and every unit may stand in an XML name.
[[nodiscard]] bool name_is_sound(const NameRef& name);
[[nodiscard]] bool is_name_char(char32_t c, bool first);  // XML 1.0, NameStartChar and NameChar

}  // namespace tocsin::evidence::evtx
