// The tokens of JSON (RFC 8259, sections 2, 6 and 7): blanks, strings, numbers. Pure functions over borrowed text.
//
// Strings are lenient where nothing is lost by it: bytes that are not UTF-8, raw control characters, unknown escapes
// and lone surrogates are kept (or made visible) and reported, because a record is worth more than a clean one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin::evidence::json {

[[nodiscard]] inline bool is_blank(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}
[[nodiscard]] inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
// The first byte at or behind `at` that is no blank; text.size() where there is none.
[[nodiscard]] inline std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

// What a string's bytes hold, besides plain ASCII.
struct StringScan {
  std::size_t end = 0;   // of the closing quote; text.size() where there is none
  bool closed = false;   // the closing quote was found
  bool escaped = false;  // has a backslash
  bool unusual = false;  // has one before something else than a quote, a backslash or one of bfnrt
  bool high = false;     // has bytes above 0x7F
  bool control = false;  // has raw control characters (below 0x20)
};
// Scans from behind the opening quote.
[[nodiscard]] StringScan scan_string(std::string_view text, std::size_t at);

// The first quote, backslash or line feed at or behind `at`; text.size() where there is none.
[[nodiscard]] std::size_t find_string_stop(std::string_view text, std::size_t at);

struct NumberScan {
  std::size_t end = 0;  // behind the number, or where it went wrong
  bool ok = false;
  bool integer = false;  // neither fraction nor exponent
};
[[nodiscard]] NumberScan scan_number(std::string_view text, std::size_t at);

// What was tolerated inside strings: how often, and where first.
struct Leniency {
  enum Kind : std::uint8_t { invalid_utf8, control_character, bad_escape, lone_surrogate, duplicate_key };
  static constexpr std::size_t kKinds = 5;
  struct Entry {
    std::uint64_t count = 0;
    std::size_t at = 0;
  };
  Entry entries[kKinds];
  bool any = false;
  bool disguised = false;  // a character that needs no escape may be written as one; nothing to tell anybody
  void add(Kind kind, std::size_t at) {
    Entry& entry = entries[kind];
    if (entry.count++ == 0) entry.at = at;
    any = true;
  }
};
// True where check_string could have something to say.
[[nodiscard]] inline bool needs_check(const StringScan& scan) {
  return scan.unusual || scan.high || scan.control;
}
// Checks the inside of one string, [begin, scan.end) of text, and notes what had to be tolerated.
void check_string(std::string_view text, std::size_t begin, const StringScan& scan, Leniency& leniency);

// Appends the text that the inside of a JSON string means. An unknown escape stays as written, a lone surrogate becomes
// U+FFFD.
void append_unescaped(std::string& out, std::string_view inside);
// The same into memory that has room for as many bytes as `inside` has. Returns how many were written.
[[nodiscard]] std::size_t unescape_into(char* out, std::string_view inside);

}  // namespace tocsin::evidence::json
