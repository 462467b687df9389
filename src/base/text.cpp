#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace tocsin::base {
namespace {

struct FoldRange {
  char32_t first, last;
  std::int32_t delta;
  std::uint32_t step;  // every step-th code point from `first` on is mapped
};
#include "base/case_folding.inc"

constexpr char32_t kReplacement = 0xFFFD;

template <bool BigEndian>
void append_utf16(std::string& out, ByteView units) {
  const std::size_t count = units.size() / 2;
  const auto unit = [&](std::size_t i) {
    const auto a = static_cast<char32_t>(units[2 * i]), b = static_cast<char32_t>(units[2 * i + 1]);
    return BigEndian ? (a << 8) | b : (b << 8) | a;
  };
  out.reserve(out.size() + count);
  for (std::size_t i = 0; i < count; ++i) {
    const char32_t u = unit(i);
    if (u < 0x80) {
      out.push_back(static_cast<char>(u));
    } else if (u >= 0xD800 && u < 0xDC00 && i + 1 < count && unit(i + 1) >= 0xDC00 && unit(i + 1) < 0xE000) {
      append_code_point(out, 0x10000 + ((u - 0xD800) << 10) + (unit(++i) - 0xDC00));
    } else {
      append_code_point(out, u >= 0xD800 && u < 0xE000 ? kReplacement : u);
    }
  }
}

// Length of the well-formed sequence at `at`, 0 where there is none (Unicode 15, table 3-7).
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(at);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (at + length > text.size()) return 0;
  const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (byte(at + 1) < low || byte(at + 1) > high) return 0;
  for (std::size_t i = at + 2; i < at + length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  return length;
}

}  // namespace

void append_utf16le(std::string& out, ByteView units) {
  append_utf16<false>(out, units);
}
void append_utf16be(std::string& out, ByteView units) {
  append_utf16<true>(out, units);
}

void append_code_point(std::string& out, char32_t c) {
  const auto put = [&](char32_t bits) { out.push_back(static_cast<char>(bits)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6)), put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18)), put(0x80 | ((c >> 12) & 0x3F)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
  }
}

std::size_t ascii_prefix(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;
  std::size_t at = 0;
  for (; at + 16 <= text.size(); at += 16) {
    std::uint64_t words[2];
    std::memcpy(words, text.data() + at, sizeof words);
    if (((words[0] | words[1]) & kHighBits) != 0) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

bool is_ascii(std::string_view text) {
  return ascii_prefix(text) == text.size();
}

// Eight letters at a time: a byte's high bit says that it is one of A to Z, and becomes the bit that lower case has.
void fold_ascii_into(std::string_view text, char* out) {
  constexpr std::uint64_t kEach = 0x0101010101010101ULL;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    const std::uint64_t low = word & (0x7F * kEach);
    const std::uint64_t letter = (low + (0x80 - 'A') * kEach) & ~(low + (0x7F - 'Z') * kEach) & ~word & (0x80 * kEach);
    word |= letter >> 2U;
    std::memcpy(out + at, &word, 8);
  }
  for (; at < text.size(); ++at) out[at] = fold_ascii(text[at]);
}

std::size_t utf8_length(std::string_view text) {
  return sequence_length(text, 0);
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    at += ascii_prefix(text.substr(at));
    if (at == text.size()) break;
    const std::size_t length = sequence_length(text, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string visible_utf8(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    if (length > 0) {
      out.append(text, at, length);
      at += length;
    } else {
      const auto byte = static_cast<unsigned char>(text[at++]);
      out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return out;
}

char32_t next_code_point(std::string_view text, std::size_t& at) {
  const std::size_t length = sequence_length(text, at);
  const auto lead = static_cast<unsigned char>(text[at]);
  if (length <= 1) {
    ++at;
    return length == 1 ? lead : 0x110000 + char32_t{lead};
  }
  char32_t code_point = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    code_point = (code_point << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  }
  at += length;
  return code_point;
}

char32_t fold(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
  const auto* const found = std::ranges::lower_bound(kFoldRanges, c, {}, &FoldRange::last);
  if (found == std::end(kFoldRanges) || c < found->first || (c - found->first) % found->step != 0) return c;
  return static_cast<char32_t>(static_cast<std::int32_t>(c) + found->delta);
}

std::string fold(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char byte = text[at];
    if (static_cast<unsigned char>(byte) < 0x80) {
      out.push_back(fold_ascii(byte));
      ++at;
      continue;
    }
    const char32_t c = next_code_point(text, at);
    if (c >= 0x110000) {
      out.push_back(byte);  // kept as it is: different bytes stay different
    } else {
      append_code_point(out, fold(c));
    }
  }
  return out;
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), fold_ascii);
  return out;
}

bool equal_ascii(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, fold_ascii, fold_ascii);
}

bool equal_fold(std::string_view a, std::string_view b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (fold(next_code_point(a, i)) != fold(next_code_point(b, j))) return false;
  }
  return i == a.size() && j == b.size();
}

std::size_t count_rare(std::string_view text, char byte) {
  std::size_t count = 0;
  for (std::size_t at = text.find(byte); at != std::string_view::npos; at = text.find(byte, at + 1)) ++count;
  return count;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n\f\v";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string hex(ByteView bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::byte byte : bytes) {
    out.push_back(kDigits[std::to_integer<unsigned>(byte) >> 4]);
    out.push_back(kDigits[std::to_integer<unsigned>(byte) & 15]);
  }
  return out;
}

}  // namespace tocsin::base
