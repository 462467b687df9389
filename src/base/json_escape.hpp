// The characters that JSON does not take as they are. Pure and thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

#include <emmintrin.h>

namespace tocsin::base {

constexpr std::size_t kLongestEscape = 6;  // \u001f

// Writes what stands for `c`, a control character, a quote or a backslash, in a JSON string; returns its end.
char* put_json_escape(unsigned char c, char* out);
[[nodiscard]] constexpr bool needs_json_escape(unsigned char c) {
  return c < 0x20 || c == '"' || c == '\\';
}
// Sixteen bytes: a bit for each that is not ASCII or cannot stand in a JSON string as it is. Bytes from 0x80 on are
// negative, so they count as below a blank.
[[nodiscard]] inline unsigned json_stops(__m128i bytes) {
  const __m128i low = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
  const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(low, _mm_or_si128(quote, slash))));
}
// How many bytes at the beginning are ASCII and stand in a JSON string as they are.
[[nodiscard]] std::size_t plain_json_prefix(std::string_view text);

}  // namespace tocsin::base
