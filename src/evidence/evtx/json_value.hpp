// One value of a record as JSON, written straight from its bytes: numbers and truth bare, all else as a string.
//
// Pure. REQUIRES of both: json_room of the value's size at `out`. `behind` is where the bytes end that may be read
// (the chunk's): what lies between is looked at, and not used.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tocsin/bytes.hpp"

namespace tocsin::evidence::evtx {

[[nodiscard]] constexpr std::size_t json_room(std::size_t size) {
  return 80 + 6 * size;
}
// Writes the value and returns its end; `out` itself where the value has no text. `quoted`: a string whatever the type.
// REQUIRES: no array, not kBinXml.
char* put_json_value(std::uint8_t type, ByteView bytes, const std::byte* behind, bool quoted, char* out);
// The inside of a JSON string: `units` up to the first NUL, lone surrogates as U+FFFD.
char* put_json_utf16(ByteView units, const std::byte* behind, char* out);

}  // namespace tocsin::evidence::evtx
