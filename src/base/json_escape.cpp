#include "base/json_escape.hpp"

#include <array>
#include <bit>
#include <cstdint>

#include "base/cpu.hpp"

namespace tocsin::base {
namespace {

// By control character: the letter behind the backslash, 0 where there is none.
constexpr std::array<char, 0x20> short_forms() {
  std::array<char, 0x20> forms{};
  forms['\b'] = 'b', forms['\f'] = 'f', forms['\n'] = 'n', forms['\r'] = 'r', forms['\t'] = 't';
  return forms;
}
constexpr std::array<char, 0x20> kShortForms = short_forms();

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x80 && !needs_json_escape(byte);
}

}  // namespace

char* put_json_escape(unsigned char c, char* out) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  *out++ = '\\';
  const char letter = c < 0x20 ? kShortForms[c] : static_cast<char>(c);
  if (letter != 0) {
    *out++ = letter;
    return out;
  }
  out[0] = 'u';
  out[1] = out[2] = '0';
  out[3] = kDigits[c >> 4U];
  out[4] = kDigits[c & 15U];
  return out + 5;
}

std::size_t plain_json_prefix(std::string_view text) {
  std::size_t at = 0;
  if (!scalar_kernels()) {
    for (; at + 16 <= text.size(); at += 16) {
      const unsigned stops = json_stops(_mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at)));
      if (stops != 0) return at + std::countr_zero(stops);
    }
  }
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
}

}  // namespace tocsin::base
