#include "evidence/evtx/utf16.hpp"

#include <cstdint>

#include <emmintrin.h>

namespace tocsin::evidence::evtx {
namespace {

[[nodiscard]] char32_t unit_at(const std::byte* units, std::size_t index) {
  return static_cast<char32_t>(std::to_integer<unsigned>(units[2 * index]) |
                               std::to_integer<unsigned>(units[2 * index + 1]) << 8);
}

// Eight units at a time while they are ASCII. Writes 8 bytes for each step, which the caller has made room for.
[[nodiscard]] std::size_t copy_ascii(const std::byte* units, std::size_t count, char* out) {
  const __m128i high = _mm_set1_epi16(static_cast<short>(0xFF80));
  std::size_t done = 0;
  while (count - done >= 8) {
    const __m128i eight = _mm_loadu_si128(reinterpret_cast<const __m128i*>(units + 2 * done));
    const __m128i bad = _mm_cmpeq_epi16(_mm_and_si128(eight, high), _mm_setzero_si128());
    if (_mm_movemask_epi8(bad) != 0xFFFF) break;
    _mm_storel_epi64(reinterpret_cast<__m128i*>(out + done), _mm_packus_epi16(eight, eight));
    done += 8;
  }
  return done;
}

[[nodiscard]] bool is_high(char32_t c) {
  return c >= 0xD800 && c < 0xDC00;
}
[[nodiscard]] bool is_low(char32_t c) {
  return c >= 0xDC00 && c < 0xE000;
}

}  // namespace

char* put_utf8(char32_t c, char* out) {
  const auto byte = [](char32_t value) { return static_cast<char>(static_cast<unsigned char>(value)); };
  if (c < 0x80) {
    *out++ = byte(c);
  } else if (c < 0x800) {
    *out++ = byte(0xC0 | c >> 6);
    *out++ = byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    *out++ = byte(0xE0 | c >> 12);
    *out++ = byte(0x80 | (c >> 6 & 0x3F));
    *out++ = byte(0x80 | (c & 0x3F));
  } else {
    *out++ = byte(0xF0 | c >> 18);
    *out++ = byte(0x80 | (c >> 12 & 0x3F));
    *out++ = byte(0x80 | (c >> 6 & 0x3F));
    *out++ = byte(0x80 | (c & 0x3F));
  }
  return out;
}

char32_t next_code_point(const std::byte*& at, const std::byte* end) {
  const char32_t c = unit_at(at, 0);
  at += 2;
  if (!is_high(c) && !is_low(c)) return c;
  if (is_low(c) || at == end || !is_low(unit_at(at, 0))) return U'\uFFFD';
  const char32_t low = unit_at(at, 0);
  at += 2;
  return 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
}

ByteView until_nul(ByteView units) {
  const std::size_t count = units.size() / 2;
  const std::byte* data = units.data();
  std::size_t i = 0;
  const __m128i zero = _mm_setzero_si128();
  for (; count - i >= 8; i += 8) {
    const __m128i eight = _mm_loadu_si128(reinterpret_cast<const __m128i*>(data + 2 * i));
    if (_mm_movemask_epi8(_mm_cmpeq_epi16(eight, zero)) != 0) break;
  }
  while (i < count && unit_at(data, i) != 0) ++i;
  return units.first(2 * i);
}

std::string_view utf16_to_utf8(ByteView units, Arena& arena) {
  const std::size_t count = units.size() / 2;
  if (count == 0) return {};
  const std::byte* data = units.data();
  char* const begin = arena.reserve(3 * count + 8);
  char* out = begin;
  for (std::size_t i = 0; i < count;) {
    const std::size_t ascii = copy_ascii(data + 2 * i, count - i, out);
    i += ascii;
    out += ascii;
    // A stretch by hand, so that text without ASCII runs does not pay for the attempt at every unit.
    const std::byte* at = data + 2 * i;
    const std::byte* const stop = data + 2 * (i + 8 < count ? i + 8 : count);
    while (at < stop) out = put_utf8(next_code_point(at, data + 2 * count), out);
    i = static_cast<std::size_t>(at - data) / 2;
  }
  return arena.commit(static_cast<std::size_t>(out - begin));
}

}  // namespace tocsin::evidence::evtx
