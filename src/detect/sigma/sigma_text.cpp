#include "detect/sigma/sigma_text.hpp"

#include <algorithm>
#include <cstdint>

#include "base/text.hpp"

namespace tocsin::sigma {

namespace {

using match::kAnyDash;
using match::kAnyOne;
using match::kAnyRun;
using match::kDashes;

constexpr char32_t kInvalidByte = 0x110000;

std::string to_bytes(std::u32string_view text) {
  std::string bytes;
  for (const char32_t c : text) {
    if (c >= kInvalidByte) {
      bytes.push_back(static_cast<char>(c - kInvalidByte));
    } else {
      base::append_code_point(bytes, c);
    }
  }
  return bytes;
}

std::string encode_base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::string_view group = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      bits = bits << 8U | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out.push_back(i <= group.size() ? kDigits[bits >> (18 - 6 * i) & 63U] : '=');
    }
  }
  return out;
}

// Word characters as D13 defines them.
bool is_word(char32_t c) {
  if (c < 0x80) return (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || c == U'_';
  return c >= 0xC0 && c != 0xD7 && c != 0xF7 && !(c >= 0x2000 && c <= 0x206F) && c < kInvalidByte;
}

bool is_placeholder_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' ||
           c == '.';
  });
}

}  // namespace

std::u32string parse_sigma_text(std::string_view value) {
  std::u32string out;
  for (std::size_t at = 0; at < value.size();) {
    const char32_t c = base::next_code_point(value, at);
    const char next = at < value.size() ? value[at] : '\0';
    if (c == U'\\' && (next == '*' || next == '?' || next == '\\')) {
      out.push_back(static_cast<char32_t>(next));
      ++at;
    } else if (c == U'*') {
      if (!out.ends_with(kAnyRun)) out.push_back(kAnyRun);
    } else {
      out.push_back(c == U'?' ? kAnyOne : c);
    }
  }
  return out;
}

std::vector<TextPiece> split_placeholders(std::string_view value) {
  std::vector<TextPiece> pieces(1);
  for (std::size_t at = 0; at < value.size();) {
    if (value.substr(at).starts_with("\\%")) {
      pieces.back().text += '%';
      at += 2;
      continue;
    }
    const std::size_t end = value[at] == '%' ? value.find('%', at + 1) : std::string_view::npos;
    if (end != std::string_view::npos && is_placeholder_name(value.substr(at + 1, end - at - 1))) {
      pieces.push_back({.text = {}, .name = std::string(value.substr(at + 1, end - at - 1))});
      pieces.emplace_back();
      at = end + 1;
      continue;
    }
    pieces.back().text += value[at++];
  }
  std::erase_if(pieces, [](const TextPiece& piece) { return piece.text.empty() && piece.name.empty(); });
  return pieces;
}

bool has_wildcard(std::u32string_view pattern) {
  return pattern.find(kAnyOne) != std::u32string_view::npos || pattern.find(kAnyRun) != std::u32string_view::npos;
}

std::u32string with_any_dash(std::u32string_view pattern) {
  std::u32string out(pattern);
  for (std::size_t i = 0; i + 1 < pattern.size(); ++i) {
    if (pattern[i] != U'-' && pattern[i] != U'/') continue;
    const bool word_before = i > 0 && is_word(pattern[i - 1]);
    if (!word_before && is_word(pattern[i + 1])) out[i] = kAnyDash;
  }
  return out;
}

std::vector<std::u32string> spell_dashes(const std::u32string& pattern, std::size_t most) {
  std::vector<std::u32string> forms{pattern};
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != kAnyDash) continue;
    if (forms.size() * kDashes.size() > most) return {};
    std::vector<std::u32string> more;
    for (const std::u32string& form : forms) {
      for (const char32_t dash : kDashes) {
        more.push_back(form);
        more.back()[i] = dash;
      }
    }
    forms = std::move(more);
  }
  return forms;
}

std::u32string to_utf16(std::u32string_view text, bool big_endian, bool byte_order_mark) {
  std::string bytes;
  const auto unit = [&](std::uint32_t value) {
    const char high = static_cast<char>(value >> 8U);
    const char low = static_cast<char>(value & 0xFFU);
    bytes.push_back(big_endian ? high : low);
    bytes.push_back(big_endian ? low : high);
  };
  if (byte_order_mark) unit(0xFEFF);
  for (const char32_t c : text) {
    if (c >= kInvalidByte) {
      bytes.push_back(static_cast<char>(c - kInvalidByte));
    } else if (c >= 0x10000) {
      unit(0xD800 + ((c - 0x10000) >> 10U));
      unit(0xDC00 + ((c - 0x10000) & 0x3FFU));
    } else {
      unit(c);
    }
  }
  return match::to_code_points(bytes);
}

std::u32string to_base64(std::u32string_view text) {
  return match::to_code_points(encode_base64(to_bytes(text)));
}

std::array<std::u32string, 3> to_base64_offsets(std::u32string_view text) {
  constexpr std::array<std::size_t, 3> kStart{0, 2, 3};
  constexpr std::array<std::size_t, 3> kCut{0, 3, 2};
  const std::string bytes = to_bytes(text);
  std::array<std::u32string, 3> forms;
  for (std::size_t i = 0; i < forms.size(); ++i) {
    const std::string encoded = encode_base64(std::string(i, ' ') + bytes);
    const std::size_t end = encoded.size() - std::min(encoded.size(), kCut[(bytes.size() + i) % 3]);
    const std::size_t start = std::min(kStart[i], end);
    forms[i] = match::to_code_points(encoded.substr(start, end - start));
  }
  return forms;
}

}  // namespace tocsin::sigma
