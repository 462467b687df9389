#include "match/text_pattern.hpp"

#include <algorithm>
#include <cstring>

#include "base/text.hpp"

namespace tocsin::match {

namespace {

constexpr std::size_t kNowhere = std::string_view::npos;
constexpr char32_t kInvalidByte = 0x110000;

bool is_dash(char32_t c) {
  return kDashes.find(c) != std::u32string_view::npos;
}

bool needs_codes(char32_t c) {
  return c >= kInvalidByte;
}

// Appends one part to the compiled pattern.
void add_part(CompiledText& out, std::u32string_view part, bool cased) {
  TextPart record;
  for (const char32_t c : part) record.wild |= needs_codes(c) ? 1U : 0U;
  const auto folded = [cased](char32_t c) { return cased || c >= kInvalidByte ? c : base::fold(c); };
  if (record.wild != 0) {
    record.offset = static_cast<std::uint32_t>(out.codes.size());
    for (const char32_t c : part) out.codes.push_back(folded(c));
    record.length = static_cast<std::uint32_t>(out.codes.size()) - record.offset;
  } else {
    record.offset = static_cast<std::uint32_t>(out.bytes.size());
    for (const char32_t c : part) base::append_code_point(out.bytes, folded(c));
    record.length = static_cast<std::uint32_t>(out.bytes.size()) - record.offset;
  }
  out.parts.push_back(record);
}

// The end of `codes` where they lie in `text` at `at`, else kNowhere.
std::size_t codes_end(std::u32string_view codes, std::string_view text, std::size_t at) {
  for (const char32_t code : codes) {
    if (at >= text.size()) return kNowhere;
    const char32_t found = base::next_code_point(text, at);
    if (code == kAnyOne || (code == kAnyDash ? is_dash(found) : code == found)) continue;
    return kNowhere;
  }
  return at;
}

class Placer {
 public:
  Placer(const TextPatternView& pattern, std::string_view text) : pattern_(pattern), text_(text) {}

  // Each returns the part's place, or nothing.
  [[nodiscard]] std::optional<TextSpan> at(const TextPart& part, std::size_t begin) const {
    if (part.wild != 0) {
      const std::size_t end = codes_end(codes(part), text_, begin);
      if (end == kNowhere) return std::nullopt;
      return TextSpan{begin, end};
    }
    const std::string_view needle = bytes(part);
    if (text_.size() - begin < needle.size() || text_.compare(begin, needle.size(), needle) != 0) return std::nullopt;
    return TextSpan{begin, begin + needle.size()};
  }

  [[nodiscard]] std::optional<TextSpan> leftmost(const TextPart& part, std::size_t from) const {
    if (part.wild == 0) {
      const std::string_view needle = bytes(part);
      const void* found = memmem(text_.data() + from, text_.size() - from, needle.data(), needle.size());
      if (found == nullptr) return std::nullopt;
      const auto begin = static_cast<std::size_t>(static_cast<const char*>(found) - text_.data());
      return TextSpan{begin, begin + needle.size()};
    }
    const std::u32string_view wanted = codes(part);
    const bool by_byte = wanted.front() < 0x80;  // such a code point is that byte, wherever it stands
    for (std::size_t begin = from; begin < text_.size();) {
      if (by_byte) begin = std::min(text_.find(static_cast<char>(wanted.front()), begin), text_.size());
      const std::size_t end = codes_end(wanted, text_, begin);
      if (end != kNowhere) return TextSpan{begin, end};
      if (begin < text_.size()) static_cast<void>(base::next_code_point(text_, begin));
    }
    return std::nullopt;
  }

  // The part at the very end of the text, not before `from`.
  [[nodiscard]] std::optional<TextSpan> at_end(const TextPart& part, std::size_t from) const {
    if (part.wild == 0) {
      const std::size_t length = part.length;
      if (text_.size() - from < length) return std::nullopt;
      return at(part, text_.size() - length);
    }
    // Code points have no fixed length: try each beginning that leaves as many code points as the part has. Only one
    // can, so that the first that ends at the end is the one.
    for (std::size_t begin = last_code_points(part.length, from); begin <= text_.size();) {
      const std::size_t end = codes_end(codes(part), text_, begin);
      if (end == text_.size()) return TextSpan{begin, end};
      if (begin == text_.size()) break;
      static_cast<void>(base::next_code_point(text_, begin));
    }
    return std::nullopt;
  }

 private:
  [[nodiscard]] std::string_view bytes(const TextPart& part) const {
    return pattern_.bytes.substr(part.offset, part.length);
  }
  [[nodiscard]] std::u32string_view codes(const TextPart& part) const {
    return pattern_.codes.substr(part.offset, part.length);
  }
  // A code point boundary from which at most `count` code points of four bytes follow.
  [[nodiscard]] std::size_t last_code_points(std::size_t count, std::size_t from) const {
    const std::size_t most = count * 4;
    if (text_.size() - from <= most) return from;
    const std::size_t begin = text_.size() - most;
    // Inside a sequence its leading byte is at most three bytes back; where there is none, this is a boundary.
    for (std::size_t back = 0; back <= 3 && begin >= from + back; ++back) {
      const auto byte = static_cast<unsigned char>(text_[begin - back]);
      if ((byte & 0xC0U) != 0x80U) return begin - back;
    }
    return begin;
  }

  const TextPatternView& pattern_;
  std::string_view text_;
};

}  // namespace

std::u32string to_code_points(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) out.push_back(base::next_code_point(text, at));
  return out;
}

CompiledText compile_text(std::u32string_view pattern, bool cased) {
  CompiledText out;
  out.open_begin = pattern.starts_with(kAnyRun);
  out.open_end = pattern.ends_with(kAnyRun);
  std::size_t at = 0;
  while (at < pattern.size()) {
    const std::size_t end = std::min(pattern.find(kAnyRun, at), pattern.size());
    if (end > at) add_part(out, pattern.substr(at, end - at), cased);
    at = end + 1;
  }
  return out;
}

std::optional<TextSpan> match_text(const TextPatternView& pattern, std::string_view text) {
  if (pattern.parts.empty()) {
    if (pattern.open_begin || text.empty()) return TextSpan{0, text.size()};
    return std::nullopt;
  }
  const Placer placer(pattern, text);
  std::optional<TextSpan> whole;
  std::size_t at = 0;
  for (std::size_t i = 0; i < pattern.parts.size(); ++i) {
    const TextPart& part = pattern.parts[i];
    const bool to_end = i + 1 == pattern.parts.size() && !pattern.open_end;
    const bool from_begin = i == 0 && !pattern.open_begin;
    std::optional<TextSpan> place;
    if (from_begin) {
      place = placer.at(part, 0);
      if (place && to_end && place->end != text.size()) return std::nullopt;
    } else {
      place = to_end ? placer.at_end(part, at) : placer.leftmost(part, at);
    }
    if (!place) return std::nullopt;
    if (!whole) whole = place;
    whole->end = place->end;
    at = place->end;
  }
  return whole;
}

bool append_folded(std::string& out, std::string_view text) {
  const std::size_t before = out.size();
  bool same = true;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t plain = base::ascii_prefix(text.substr(at));
    if (plain != 0) {
      const std::size_t end = out.size();
      out.resize(end + plain);
      base::fold_ascii_into(text.substr(at, plain), out.data() + end);
      at += plain;
      continue;
    }
    const std::size_t begin = at;
    const char32_t code = base::next_code_point(text, at);
    const std::size_t written = out.size();
    if (code >= kInvalidByte) {
      out.append(text.substr(begin, at - begin));
    } else {
      base::append_code_point(out, base::fold(code));
    }
    same = same && out.size() - written == at - begin;
  }
  return same && out.size() - before == text.size();
}

TextSpan unfold_span(std::string_view original, TextSpan span) {
  TextSpan result{original.size(), original.size()};
  std::size_t folded = 0;
  std::string one;
  for (std::size_t at = 0; at < original.size();) {
    if (folded == span.begin) result.begin = at;
    if (folded == span.end) {
      result.end = at;
      break;
    }
    const std::size_t begin = at;
    static_cast<void>(base::next_code_point(original, at));
    one.clear();
    append_folded(one, original.substr(begin, at - begin));
    folded += one.size();
  }
  return result;
}

}  // namespace tocsin::match
