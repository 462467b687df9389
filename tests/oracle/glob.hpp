// Sigma's text patterns the slow and obvious way: code points, one after the other (docs/formats/sigma.md D1 to D4,
// D13, D29). Shares nothing with src/match.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/finding.hpp"

namespace tocsin::oracle {

// A value of the event, taken apart once.
struct Text {
  std::string bytes;
  std::u32string points, folded;      // one for each code point; invalid bytes as base::next_code_point gives them
  std::vector<std::uint32_t> starts;  // byte offset of each, and of the end
  explicit Text(std::string_view text);
};

struct Token {
  enum class Kind : std::uint8_t { literal, any_one, any_run, any_dash };
  Kind kind = Kind::literal;
  char32_t point = 0;
};
using Glob = std::vector<Token>;

[[nodiscard]] Glob parse_glob(std::string_view value);   // with escapes and wildcards
[[nodiscard]] Glob literal_glob(std::string_view text);  // every character stands for itself
[[nodiscard]] bool has_wildcards(const Glob& glob);
[[nodiscard]] std::string plain_text(const Glob& glob);  // REQUIRES: no wildcards
void add_run_before(Glob& glob);                         // unless it begins so
void add_run_behind(Glob& glob);
[[nodiscard]] Glob with_dashes(Glob glob);  // windash
// Every dash that windash allows, written out.
[[nodiscard]] std::vector<Glob> spellings(const Glob& glob);

// The span of the match in bytes, or nothing.
[[nodiscard]] std::optional<Span> match(const Glob& glob, const Text& text, bool cased);

}  // namespace tocsin::oracle
