// Values of rules as text patterns: escapes, wildcards, placeholders, and the encodings that modifiers ask for.
// Patterns are sequences of code points with match::kAnyOne and its kin between them. Pure, thread-safe.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "match/text_pattern.hpp"

namespace tocsin::sigma {

// Escapes and wildcards as docs/formats/sigma.md, D3, says.
[[nodiscard]] std::u32string parse_sigma_text(std::string_view value);

// A value under `expand`, cut at its placeholders (D19). `name` set: a placeholder; else plain text, in which `\%` has
// become `%` and everything else is as written.
struct TextPiece {
  std::string text{};
  std::string name{};
};
[[nodiscard]] std::vector<TextPiece> split_placeholders(std::string_view value);

[[nodiscard]] bool has_wildcard(std::u32string_view pattern);  // a run or a single one; not a dash
// Puts kAnyDash where D13 says.
[[nodiscard]] std::u32string with_any_dash(std::u32string_view pattern);
// The five spellings of every kAnyDash, for encodings; nothing where they were more than `most`.
[[nodiscard]] std::vector<std::u32string> spell_dashes(const std::u32string& pattern, std::size_t most);

// REQUIRES for all of these: no wildcards, no kAnyDash.
[[nodiscard]] std::u32string to_utf16(std::u32string_view text, bool big_endian, bool byte_order_mark);
[[nodiscard]] std::u32string to_base64(std::u32string_view text);
[[nodiscard]] std::array<std::u32string, 3> to_base64_offsets(std::u32string_view text);

}  // namespace tocsin::sigma
