// Text as evidence has it: UTF-16 from Windows, UTF-8 that may be damaged, and Unicode simple case folding.
//
// Functions are pure and thread-safe; views returned point into the argument or the given buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tocsin/bytes.hpp"

namespace tocsin::base {

// Appends `units` (UTF-16LE, odd last byte ignored) to `out` as UTF-8. A lone surrogate becomes U+FFFD.
void append_utf16le(std::string& out, ByteView units);
void append_utf16be(std::string& out, ByteView units);
void append_code_point(std::string& out, char32_t code_point);

// The length of the well-formed sequence that `text` begins with; 0 where it begins with none. REQUIRES: not empty.
[[nodiscard]] std::size_t utf8_length(std::string_view text);
// True where `text` is well-formed UTF-8 (no surrogates, no overlong forms, nothing above U+10FFFF).
[[nodiscard]] bool is_utf8(std::string_view text);
// `text` with each byte that is not part of well-formed UTF-8 shown as "\xHH" (house rule: invalid bytes are visible).
[[nodiscard]] std::string visible_utf8(std::string_view text);

// Decodes the code point at `at` and moves `at` behind it. A byte that begins no well-formed sequence is returned as
// 0x110000 + byte, so that every string has exactly one decoding and different bytes stay different.
[[nodiscard]] char32_t next_code_point(std::string_view text, std::size_t& at);
// Unicode simple case folding (CaseFolding.txt, status C and S). Identity for everything else.
[[nodiscard]] char32_t fold(char32_t code_point);
[[nodiscard]] std::string fold(std::string_view text);
[[nodiscard]] inline char fold_ascii(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}
// Names of machines, channels and files: only ASCII letters are alike.
[[nodiscard]] std::string lower_ascii(std::string_view text);
[[nodiscard]] bool equal_ascii(std::string_view a, std::string_view b);
[[nodiscard]] bool equal_fold(std::string_view a, std::string_view b);
[[nodiscard]] bool is_ascii(std::string_view text);
// How many bytes at the beginning are ASCII.
[[nodiscard]] std::size_t ascii_prefix(std::string_view text);
// Writes the text with its ASCII letters in lower case. REQUIRES: room for it at `out`.
void fold_ascii_into(std::string_view text, char* out);

// How often a byte that is rare in texts, such as a line feed, is there.
[[nodiscard]] std::size_t count_rare(std::string_view text, char byte);
[[nodiscard]] std::string_view trim(std::string_view text);  // ASCII blanks on both sides
[[nodiscard]] std::string hex(ByteView bytes);               // lower case

}  // namespace tocsin::base
