#include "report/display.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "report/display_width.hpp"

namespace tocsin::report {
namespace {

constexpr char32_t kInvalidByte = 0x110000;  // next_code_point: this plus the byte
// Format characters that reorder, hide or break text on a screen (Unicode: Bidi_Control, Default_Ignorable, Zl, Zp).
constexpr std::array<CodePointRange, 12> kDeceiving{{
    {0x00AD, 0x00AD},
    {0x034F, 0x034F},
    {0x061C, 0x061C},
    {0x115F, 0x1160},
    {0x17B4, 0x17B5},
    {0x180B, 0x180F},
    {0x200B, 0x200F},
    {0x2028, 0x202E},
    {0x2060, 0x206F},
    {0xFEFF, 0xFEFF},
    {0xFFF0, 0xFFFB},
    {0xE0000, 0xE0FFF},
}};

void append_visible(std::string& out, std::string_view text, std::size_t from, std::size_t to, char32_t c,
                    Charset charset) {
  if (c == '\n' || c == '\r' || c == '\t') {
    out += c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
  } else if (c >= kInvalidByte) {
    out += fmt::format("\\x{:02X}", static_cast<unsigned>(c - kInvalidByte));
  } else if (c < 0x20 || c == 0x7F) {
    out += fmt::format("\\x{:02X}", static_cast<unsigned>(c));
  } else if ((c >= 0x80 && c < 0xA0) || is_in(kDeceiving, c) || (c > 0x7F && charset == Charset::ascii)) {
    out += fmt::format("\\u{{{:04X}}}", static_cast<unsigned>(c));
  } else {
    out.append(text, from, to - from);
  }
}

std::string_view ellipsis(Charset charset) {
  return charset == Charset::unicode ? "…" : "..";
}

// Byte offset at which `width` columns of `text` are used up.
std::size_t offset_of_column(std::string_view text, std::size_t width) {
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    used += code_point_columns(base::next_code_point(text, at));
    if (used > width) return begin;
  }
  return text.size();
}

std::size_t back_to_boundary(std::string_view text, std::size_t at) {
  for (int i = 0; i < 3 && at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80; ++i) {
    --at;
  }
  return at;
}

}  // namespace

std::string visible(std::string_view text, Charset charset) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const char32_t code_point = base::next_code_point(text, at);
    append_visible(out, text, from, at, code_point, charset);
  }
  return out;
}

std::size_t columns(std::string_view text) {
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size();) used += code_point_columns(base::next_code_point(text, at));
  return used;
}

std::string cut_end(std::string_view text, std::size_t width, Charset charset) {
  if (columns(text) <= width) return std::string(text);
  const std::string_view dots = ellipsis(charset);
  if (width <= columns(dots)) return std::string(text.substr(0, offset_of_column(text, width)));
  return std::string(text.substr(0, offset_of_column(text, width - columns(dots)))) + std::string(dots);
}

std::string cut_begin(std::string_view text, std::size_t width, Charset charset) {
  const std::size_t all = columns(text);
  if (all <= width) return std::string(text);
  const std::string_view dots = ellipsis(charset);
  const std::size_t keep = width <= columns(dots) ? 0 : width - columns(dots);
  std::size_t at = 0;
  for (std::size_t left = all; at < text.size() && left > keep;) {
    left -= code_point_columns(base::next_code_point(text, at));
  }
  return std::string(dots) + std::string(text.substr(at));
}

std::string pad_right(std::string text, std::size_t width) {
  const std::size_t used = columns(text);
  if (used < width) text.append(width - used, ' ');
  return text;
}

std::string pad_left(std::string_view text, std::size_t width) {
  const std::size_t used = columns(text);
  return used < width ? std::string(width - used, ' ').append(text) : std::string(text);
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  // Looks no further than a line at a time: a value may be megabytes long.
  for (std::size_t end = 0; (end = offset_of_column(text, width)) < text.size();) {
    if (end == 0) static_cast<void>(base::next_code_point(text, end));  // wider than the line: go on all the same
    const std::size_t blank = text.substr(0, end + 1).rfind(' ');
    const bool at_blank = blank != std::string_view::npos && blank > 0;
    lines.emplace_back(text.substr(0, at_blank ? blank : end));
    text.remove_prefix(at_blank ? blank + 1 : end);
  }
  if (!text.empty() || lines.empty()) lines.emplace_back(text);
  return lines;
}

Excerpt excerpt(std::string_view value, Span span, std::size_t width, Charset charset) {
  const std::size_t begin = std::min<std::size_t>(span.begin, value.size());
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, value.size());
  const std::size_t reach = 4 * width;  // bytes beyond this cannot be shown: 4 bytes make a column at most
  const std::size_t from = back_to_boundary(value, begin > reach ? begin - reach : 0);
  const std::size_t to = back_to_boundary(value, std::min(value.size(), end + reach));
  Excerpt out;
  out.matched = cut_end(visible(value.substr(begin, std::min(end - begin, reach)), charset), width, charset);
  const std::size_t left = width - columns(out.matched);
  const std::string before = visible(value.substr(from, begin - from), charset);
  const std::string after = visible(value.substr(end, std::max(end, to) - end), charset);
  const std::size_t half = left / 2;
  const std::size_t before_width = columns(after) < left - half ? left - std::min(left, columns(after)) : half;
  out.before = cut_begin(before, before_width, charset);
  out.after = cut_end(after, left - std::min(left, columns(out.before)), charset);
  return out;
}

std::string with_commas(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", with_commas(number), number == 1 ? one : many);
}

std::string short_time(Timestamp time) {
  std::string text = format_time(time);
  const std::size_t dot = text.rfind('.');
  if (dot != std::string::npos) text.resize(dot);
  if (const std::size_t at = text.find('T'); at != std::string::npos) text[at] = ' ';
  return text;
}

std::string duration(Timestamp from, Timestamp to) {
  static constexpr std::int64_t kSecond = 10'000'000;
  const std::int64_t seconds = to.ticks > from.ticks ? (to.ticks - from.ticks) / kSecond : 0;
  const std::int64_t minutes = seconds / 60, hours = minutes / 60, days = hours / 24;
  if (days > 0) return hours % 24 == 0 ? fmt::format("{} d", days) : fmt::format("{} d {} h", days, hours % 24);
  if (hours > 0)
    return minutes % 60 == 0 ? fmt::format("{} h", hours) : fmt::format("{} h {} min", hours, minutes % 60);
  return minutes > 0 ? fmt::format("{} min", minutes) : fmt::format("{} s", seconds);
}

std::string time_range(Timestamp from, Timestamp to) {
  std::string a = short_time(from);
  const std::string b = short_time(to);
  if (a == b) return a;
  const std::size_t blank = a.find(' ');
  const bool same_day = blank != std::string::npos && a.compare(0, blank, b, 0, b.find(' ')) == 0;
  return fmt::format("{} to {}", a, same_day ? b.substr(blank + 1) : b);
}

}  // namespace tocsin::report
