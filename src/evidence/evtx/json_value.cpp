#include "evidence/evtx/json_value.hpp"

#include <bit>
#include <string>
#include <string_view>

#include "base/cpu.hpp"
#include "base/json_escape.hpp"
#include "evidence/evtx/utf16.hpp"
#include "evidence/evtx/value.hpp"

namespace tocsin::evidence::evtx {
namespace {

constexpr std::size_t kStep = 16;  // units

// Sixteen units, narrowed into `out`, of which those before the returned index are right: ASCII that JSON takes as it
// is. Units beyond 0xFF become 0xFF or, from 0x8000 on, 0: neither is right.
std::size_t narrow(const std::byte* units, char* out) {
  const __m128i first = _mm_loadu_si128(reinterpret_cast<const __m128i*>(units));
  const __m128i second = _mm_loadu_si128(reinterpret_cast<const __m128i*>(units + kStep));
  const __m128i bytes = _mm_packus_epi16(first, second);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), bytes);
  const unsigned stops = base::json_stops(bytes);
  return static_cast<std::size_t>(std::countr_zero(stops | 1U << kStep));
}

// The text that stands in [begin, end) is escaped where it is. Rare: no real log has escapes in an ANSI text.
char* escape_in_place(char* begin, char* end) {
  const std::string text(begin, end);
  char* out = begin;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (base::needs_json_escape(byte)) {
      out = base::put_json_escape(byte, out);
    } else {
      *out++ = c;
    }
  }
  return out;
}

char* put_text(std::uint8_t type, ByteView bytes, const std::byte* behind, char* out) {
  if (is_utf16(type, bytes.size())) return put_json_utf16(bytes, behind, out);
  char* const end = put_value(type, bytes, out);
  return type == kAnsi ? escape_in_place(out, end) : end;
}

}  // namespace

char* put_json_utf16(ByteView units, const std::byte* behind, char* out) {
  const std::byte* at = units.data();
  const std::byte* const end = at + units.size() / 2 * 2;
  const bool wide = !base::scalar_kernels();
  while (at != end) {
    if (wide && static_cast<std::size_t>(behind - at) >= 2 * kStep) {
      const auto left = static_cast<std::size_t>(end - at) / 2;
      const std::size_t right = std::min(narrow(at, out), left);
      at += 2 * right;
      out += right;
      if (at == end) break;
      if (right == kStep) continue;
    }
    const char32_t c = next_code_point(at, end);
    if (c == 0) break;
    if (c < 0x80 && base::needs_json_escape(static_cast<unsigned char>(c))) {
      out = base::put_json_escape(static_cast<unsigned char>(c), out);
    } else {
      out = put_utf8(c, out);
    }
  }
  return out;
}

char* put_json_value(std::uint8_t type, ByteView bytes, const std::byte* behind, bool quoted, char* out) {
  if (type == kNull) return out;
  const model::Value::Kind kind = kind_of(type, bytes.size());
  if (!quoted && (kind == model::Value::Kind::integer || kind == model::Value::Kind::boolean)) {
    return put_value(type, bytes, out);
  }
  char* const end = put_text(type, bytes, behind, out + 1);
  if (end == out + 1) return out;
  *out = '"';
  *end = '"';
  return end + 1;
}

}  // namespace tocsin::evidence::evtx
