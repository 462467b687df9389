#include "evidence/json/lex.hpp"

#include <bit>

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

// The rest of a string, byte by byte. Returns true at the closing quote.
bool scan_bytes(std::string_view text, std::size_t limit, std::size_t& at, StringScan& scan) {
  for (; at < limit; ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == '"') return true;
    if (byte == '\\') {
      scan.escaped = true;
      ++at;
    } else {
      scan.high |= byte >= 0x80;
      scan.control |= byte < 0x20;
    }
  }
  return false;
}

#if defined(__SSE2__)

// The same, 16 bytes at a time, while there are so many.
bool scan_blocks(std::string_view text, std::size_t& at, StringScan& scan) {
  const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(0x1F);
  while (at + 16 <= text.size()) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
    const __m128i stops = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
    const auto stop = static_cast<unsigned>(_mm_movemask_epi8(stops));
    // Only what lies before the first stop belongs to this run.
    const unsigned before = stop == 0 ? 0xFFFFU : (stop & (0U - stop)) - 1;
    scan.high |= (static_cast<unsigned>(_mm_movemask_epi8(bytes)) & before) != 0;
    const __m128i controls = _mm_cmpeq_epi8(_mm_min_epu8(bytes, space), bytes);
    scan.control |= (static_cast<unsigned>(_mm_movemask_epi8(controls)) & before) != 0;
    if (stop == 0) {
      at += 16;
      continue;
    }
    at += static_cast<std::size_t>(std::countr_zero(stop));
    if (text[at] == '"') return true;
    scan.escaped = true;
    at += 2;
  }
  return false;
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
  if (!scan.escaped) return;
  for (std::size_t i = inside.find('\\'); i < inside.size(); i = inside.find('\\', i)) {
    const Escape escape = read_escape(inside, i);
    if (escape.kind == Escape::Kind::lone_surrogate) leniency.add(Leniency::lone_surrogate, begin + i);
    if (escape.kind == Escape::Kind::bad) leniency.add(Leniency::bad_escape, begin + i);
    leniency.disguised |= i + 1 < inside.size() && (inside[i + 1] == 'u' || inside[i + 1] == '/');
    i += escape.length;
  }
}

void append_unescaped(std::string& out, std::string_view inside) {
  for (std::size_t at = 0; at < inside.size();) {
    const std::size_t stop = inside.find('\\', at);
    out.append(inside.substr(at, stop - at));
    if (stop == std::string_view::npos) return;
    const Escape escape = read_escape(inside, stop);
    if (escape.kind == Escape::Kind::bad) {
      out.push_back('\\');
    } else {
      base::append_code_point(out, escape.code_point);
    }
    at = stop + escape.length;
  }
}

}  // namespace tocsin::evidence::json
