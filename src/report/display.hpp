// Text for people: hostile text made harmless and visible, measured and cut in display columns.
//
// Evidence decides what stands in a value, a path, a computer's name; so everything that is not ours goes through
// visible() before it meets a terminal. Functions are pure and know no locale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/finding.hpp"

namespace tocsin::report {

enum class Charset : std::uint8_t { unicode, ascii };

// One line without anything that moves a cursor, changes colours, reorders or hides text: control characters and bytes
// that are not UTF-8 become `\n`, `\t`, `\r` or `\xHH`; bidirectional controls, zero-width and other format characters
// and line separators become `\u{HHHH}`; with Charset::ascii so does all that is not ASCII. Backslashes stay as they
// are: a literal `\n` looks the same. Where that matters, read the JSON.
[[nodiscard]] std::string visible(std::string_view text, Charset charset);

// Columns that `text` (already visible) takes on a terminal: 2 for wide East Asian and emoji, 0 for combining marks.
[[nodiscard]] std::size_t columns(std::string_view text);
// At most `width` columns: what does not fit is replaced by "…" (or "..") at its end, or at its beginning.
[[nodiscard]] std::string cut_end(std::string_view text, std::size_t width, Charset charset);
[[nodiscard]] std::string cut_begin(std::string_view text, std::size_t width, Charset charset);
[[nodiscard]] std::string pad_right(std::string text, std::size_t width);
[[nodiscard]] std::string pad_left(std::string_view text, std::size_t width);
// Lines of at most `width` columns, broken at blanks; a longer word is broken anywhere. At least one line.
[[nodiscard]] std::vector<std::string> wrap(std::string_view text, std::size_t width);

// The part of a match's value around its span, in at most `width` columns, the span set between markers.
struct Excerpt {
  std::string before, matched, after;  // each visible
};
[[nodiscard]] Excerpt excerpt(std::string_view value, Span span, std::size_t width, Charset charset);

[[nodiscard]] std::string with_commas(std::uint64_t number);  // 1234567 -> "1,234,567"
// "1 event", "2,000 events": `many` is the plural.
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view one, std::string_view many);
[[nodiscard]] std::string short_time(Timestamp time);              // "2021-07-19 12:00:00"
[[nodiscard]] std::string duration(Timestamp from, Timestamp to);  // "13 d 23 h", "6 h 12 min", "45 s"
// "2021-07-19 12:00:00 to 12:03:10": the date is not said twice.
[[nodiscard]] std::string time_range(Timestamp from, Timestamp to);

}  // namespace tocsin::report
