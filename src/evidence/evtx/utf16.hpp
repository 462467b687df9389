// UTF-16LE from the log to UTF-8, straight into an arena, with a fast path for runs of ASCII.
#pragma once

#include <string_view>

#include "tocsin/bytes.hpp"

#include "evidence/evtx/arena.hpp"

namespace tocsin::evidence::evtx {

// What a lone surrogate becomes: U+FFFD, as evtx_dump has it in JSON.
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// The code point at `at`, which is moved behind it; U+FFFD for a lone surrogate. REQUIRES: a whole unit before `end`.
[[nodiscard]] char32_t next_code_point(const std::byte*& at, const std::byte* end);
char* put_utf8(char32_t code_point, char* out);  // returns the end of what it wrote: up to four bytes
// All of `units` (an odd last byte is ignored). The view lives as long as the arena is not reset.
[[nodiscard]] std::string_view utf16_to_utf8(ByteView units, Arena& arena);
// `units` up to the first NUL.
[[nodiscard]] ByteView until_nul(ByteView units);

}  // namespace tocsin::evidence::evtx
