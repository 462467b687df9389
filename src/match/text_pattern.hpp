// Strings with wildcards, matched over code points under Unicode simple case folding (docs/formats/sigma.md, D1, D2,
// D29).
//
// A compiled pattern is parts with offsets into pools, so that thousands of them lie in one blob. Matching runs over
// text that the caller has folded once (`append_folded`), or over the text itself where the pattern is exact. Parts
// without wildcards are found by bytes: UTF-8 is self-synchronising, so that bytes of a well-formed part can only be
// found where its code points are. Pure, thread-safe, no allocation in `match_text`. Time: length of text times length
// of part, in the worst case.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::match {

// Pattern source: code points as base::next_code_point gives them, and these.
inline constexpr char32_t kAnyOne = 0x200000;   // exactly one code point
inline constexpr char32_t kAnyRun = 0x200001;   // any number of code points
inline constexpr char32_t kAnyDash = 0x200002;  // one of kDashes
inline constexpr std::u32string_view kDashes = U"-/\u2013\u2014\u2015";

[[nodiscard]] std::u32string to_code_points(std::string_view text);

// Text between two runs.
struct TextPart {
  std::uint32_t offset = 0, length = 0;  // in the pool of bytes, or of codes where `wild`
  std::uint32_t wild = 0;                // has kAnyOne, kAnyDash or bytes that are not UTF-8: compared code by code
};

struct CompiledText {
  std::vector<TextPart> parts;
  std::string bytes;
  std::u32string codes;
  bool open_begin = false, open_end = false;  // a run before the first, behind the last part
};
// Folds unless `cased`.
[[nodiscard]] CompiledText compile_text(std::u32string_view pattern, bool cased);

struct TextPatternView {
  std::span<const TextPart> parts;
  std::string_view bytes;
  std::u32string_view codes;
  bool open_begin = false, open_end = false;
};

struct TextSpan {
  std::size_t begin = 0, end = 0;
  bool operator==(const TextSpan&) const = default;
};
// REQUIRES: `text` is folded where the pattern is. The span is in `text`, by D29.
[[nodiscard]] std::optional<TextSpan> match_text(const TextPatternView& pattern, std::string_view text);

// Appends the folded text. True where every code point kept its length, so that spans are the same in both.
bool append_folded(std::string& out, std::string_view text);
// The span of the original text that folded to `span`.
[[nodiscard]] TextSpan unfold_span(std::string_view original, TextSpan span);

}  // namespace tocsin::match
