#include "evidence/json/lex.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "base/cpu.hpp"
#include "base/text.hpp"

namespace tocsin::evidence::json {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

bool is_high_surrogate(char32_t unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low_surrogate(char32_t unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Four hex digits at `at`; false where there are none.
bool read_unit(std::string_view text, std::size_t at, char32_t& unit) {
  if (text.size() < 4 || at > text.size() - 4) return false;
  unit = 0;
  for (std::size_t i = at; i < at + 4; ++i) {
    const int digit = hex_digit(text[i]);
    if (digit < 0) return false;
    unit = unit << 4 | static_cast<char32_t>(digit);
  }
  return true;
}

// One escape sequence: what it means and how long it is.
struct Escape {
  enum class Kind : std::uint8_t { good, lone_surrogate, bad };
  Kind kind = Kind::bad;
  std::size_t length = 1;
  char32_t code_point = 0;
};

Escape unicode_escape(std::string_view text, std::size_t at) {
  char32_t unit = 0;
  if (!read_unit(text, at + 2, unit)) return {};
  if (!is_high_surrogate(unit) && !is_low_surrogate(unit)) return {Escape::Kind::good, 6, unit};
  char32_t low = 0;
  if (is_high_surrogate(unit) && text.substr(at + 6, 2) == "\\u" && read_unit(text, at + 8, low) &&
      is_low_surrogate(low)) {
    return {Escape::Kind::good, 12, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)};
  }
  return {Escape::Kind::lone_surrogate, 6, kReplacement};
}

// REQUIRES: text[at] is a backslash.
Escape read_escape(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size()) return {};
  const auto simple = [](char c) { return Escape{Escape::Kind::good, 2, static_cast<char32_t>(c)}; };
  switch (text[at + 1]) {
    case '"':
    case '\\':
    case '/':
      return simple(text[at + 1]);
    case 'b':
      return simple('\b');
    case 'f':
      return simple('\f');
    case 'n':
      return simple('\n');
    case 'r':
      return simple('\r');
    case 't':
      return simple('\t');
    case 'u':
      return unicode_escape(text, at);
    default:
      return {};
  }
}

// What an escape of two characters stands for, by its second; 0: it is none of these.
struct PlainEscapes {
  std::array<char, 256> meaning{};
  constexpr PlainEscapes() {
    constexpr std::pair<char, char> kAll[] = {{'"', '"'},  {'\\', '\\'}, {'b', '\b'}, {'f', '\f'},
                                              {'n', '\n'}, {'r', '\r'},  {'t', '\t'}};
    for (const auto& [letter, means] : kAll) meaning[static_cast<unsigned char>(letter)] = means;
  }
  // 0 behind the end of the text, too.
  [[nodiscard]] char at(std::string_view text, std::size_t at) const {
    return at < text.size() ? meaning[static_cast<unsigned char>(text[at])] : '\0';
  }
};
constexpr PlainEscapes kPlainEscapes;

// The rest of a string, byte by byte. Returns true at the closing quote.
bool scan_bytes(std::string_view text, std::size_t limit, std::size_t& at, StringScan& scan) {
  for (; at < limit; ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '"') return true;
    if (byte == '\\') {
      scan.escaped = true;
      scan.unusual |= kPlainEscapes.at(text, ++at) == '\0';
    } else {
      scan.high |= byte >= 0x80;
      scan.control |= byte < 0x20;
    }
  }
  return false;
}

#if defined(__SSE2__)

// Notes the escapes of a block, and in `escaped` the bytes behind their backslashes. Returns the bit of the closing
// quote; bit 16 where there is none.
unsigned skip_escapes(std::string_view text, std::size_t at, unsigned quotes, unsigned slashes, unsigned& escaped,
                      StringScan& scan) {
  scan.escaped = true;
  for (unsigned stops = quotes | slashes; stops != 0;) {
    const unsigned stop = stops & (0U - stops);
    if ((quotes & stop) != 0) return stop;
    scan.unusual |= kPlainEscapes.at(text, at + static_cast<std::size_t>(std::countr_zero(stop)) + 1) == '\0';
    escaped |= stop << 1U;
    stops &= ~(stop | stop << 1U);
  }
  return 0x1'0000;
}

// The same, 16 bytes at a time, while there are so many.
bool scan_blocks(std::string_view text, std::size_t& at, StringScan& scan) {
  const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(0x20);
  while (at + 16 <= text.size()) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const auto quotes = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, quote)));
    const auto slashes = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, backslash)));
    unsigned escaped = 0;  // the bytes behind backslashes; bit 16: the next block's first
    unsigned end = (quotes | 0x1'0000) & (0U - (quotes | 0x1'0000));  // what belongs to the string lies below this bit
    if ((slashes & (end - 1)) != 0) end = skip_escapes(text, at, quotes, slashes, escaped, scan);
    const unsigned inside = (end - 1) & ~escaped;
    // As signed numbers, control characters and all above 0x7F are less than a blank.
    if ((static_cast<unsigned>(_mm_movemask_epi8(_mm_cmplt_epi8(bytes, space))) & inside) != 0) {
      const auto high = static_cast<unsigned>(_mm_movemask_epi8(bytes));
      scan.high |= (high & inside) != 0;
      scan.control |= (static_cast<unsigned>(_mm_movemask_epi8(_mm_cmplt_epi8(bytes, space))) & ~high & inside) != 0;
    }
    if (end != 0x1'0000) {
      at += static_cast<std::size_t>(std::countr_zero(end));
      return true;
    }
    at += 16 + (escaped >> 16U);
  }
  return false;
}

// Copies what stands in front of the next backslash, 16 bytes at a time while there are so many.
void copy_blocks(std::string_view inside, std::size_t& at, char*& out) {
  const __m128i backslash = _mm_set1_epi8('\\');
  while (at + 16 <= inside.size()) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(inside.data() + at));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), bytes);
    const auto stop = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, backslash)));
    const auto count = static_cast<std::size_t>(std::countr_zero(stop | 0x1'0000U));
    at += count;
    out += count;
    if (stop != 0) return;
  }
}

// Moves `at` to the block that holds the next quote, backslash or line feed, if a whole block does.
std::size_t skip_blocks(std::string_view text, std::size_t at) {
  const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), feed = _mm_set1_epi8('\n');
  for (; at + 16 <= text.size(); at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
    const auto stop = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(ends, _mm_cmpeq_epi8(bytes, feed))));
    if (stop != 0) return at + static_cast<std::size_t>(std::countr_zero(stop));
  }
  return at;
}

bool wide_kernels() {
  return !base::scalar_kernels();
}

#else

bool scan_blocks(std::string_view, std::size_t&, StringScan&) {
  return false;
}
void copy_blocks(std::string_view, std::size_t&, char*&) {}
std::size_t skip_blocks(std::string_view, std::size_t at) {
  return at;
}
bool wide_kernels() {
  return false;
}

#endif

}  // namespace

StringScan scan_string(std::string_view text, std::size_t at) {
  StringScan scan;
  scan.closed = (wide_kernels() && scan_blocks(text, at, scan)) || scan_bytes(text, text.size(), at, scan);
  scan.end = scan.closed ? at : text.size();
  return scan;
}

std::size_t find_string_stop(std::string_view text, std::size_t at) {
  if (wide_kernels()) at = skip_blocks(text, at);
  for (; at < text.size(); ++at) {
    if (text[at] == '"' || text[at] == '\\' || text[at] == '\n') return at;
  }
  return text.size();
}

NumberScan scan_number(std::string_view text, std::size_t at) {
  const auto is = [&](char c) { return at < text.size() && text[at] == c; };
  const auto digits = [&] {
    const std::size_t first = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at > first;
  };
  if (is('-')) ++at;
  if (is('0')) {
    ++at;
    if (at < text.size() && is_digit(text[at])) return {at, false, false};
  } else if (!digits()) {
    return {at, false, false};
  }
  bool integer = true;
  if (is('.')) {
    integer = false;
    ++at;
    if (!digits()) return {at, false, false};
  }
  if (is('e') || is('E')) {
    integer = false;
    ++at;
    if (is('+') || is('-')) ++at;
    if (!digits()) return {at, false, false};
  }
  return {at, true, integer};
}

void check_string(std::string_view text, std::size_t begin, const StringScan& scan, Leniency& leniency) {
  const std::string_view inside = text.substr(begin, scan.end - begin);
  if (scan.control) {
    for (std::size_t i = 0; i < inside.size(); ++i) {
      if (static_cast<unsigned char>(inside[i]) < 0x20) leniency.add(Leniency::control_character, begin + i);
    }
  }
  if (scan.high && !base::is_utf8(inside)) {
    for (std::size_t i = 0; i < inside.size();) {
      const std::size_t here = i;
      if (base::next_code_point(inside, i) >= 0x110000) leniency.add(Leniency::invalid_utf8, begin + here);
    }
  }
  if (!scan.unusual) return;
  for (std::size_t i = inside.find('\\'); i < inside.size(); i = inside.find('\\', i)) {
    const Escape escape = read_escape(inside, i);
    if (escape.kind == Escape::Kind::lone_surrogate) leniency.add(Leniency::lone_surrogate, begin + i);
    if (escape.kind == Escape::Kind::bad) leniency.add(Leniency::bad_escape, begin + i);
    leniency.disguised |= i + 1 < inside.size() && (inside[i + 1] == 'u' || inside[i + 1] == '/');
    i += escape.length;
  }
}

std::size_t unescape_into(char* out, std::string_view inside) {
  char* const begin = out;
  const bool wide = wide_kernels();
  std::string code_point;
  for (std::size_t at = 0; at < inside.size();) {
    if (wide) copy_blocks(inside, at, out);
    while (at < inside.size() && inside[at] != '\\') *out++ = inside[at++];
    if (at == inside.size()) break;
    if (const char plain = kPlainEscapes.at(inside, at + 1); plain != '\0') {
      *out++ = plain;
      at += 2;
      continue;
    }
    const Escape escape = read_escape(inside, at);
    code_point.clear();
    base::append_code_point(code_point, escape.kind == Escape::Kind::bad ? U'\\' : escape.code_point);
    out = std::ranges::copy(code_point, out).out;
    at += escape.length;
  }
  return static_cast<std::size_t>(out - begin);
}

void append_unescaped(std::string& out, std::string_view inside) {
  const std::size_t before = out.size();
  out.resize(before + inside.size());
  out.resize(before + unescape_into(out.data() + before, inside));
}

}  // namespace tocsin::evidence::json
