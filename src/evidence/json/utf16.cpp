#include "evidence/json/utf16.hpp"

#include "base/text.hpp"

namespace tocsin::evidence::json {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

}  // namespace

EncodingGuess guess_encoding(ByteView head) {
  const auto at = [&](std::size_t i) { return i < head.size() ? std::to_integer<unsigned>(head[i]) : 0x100U; };
  if (at(0) == 0xEF && at(1) == 0xBB && at(2) == 0xBF) return {Encoding::utf8, 3};
  if (at(0) == 0xFF && at(1) == 0xFE) return {Encoding::utf16le, 2};
  if (at(0) == 0xFE && at(1) == 0xFF) return {Encoding::utf16be, 2};
  const auto ascii = [&](std::size_t i) { return at(i) != 0 && at(i) < 0x80; };
  if (ascii(0) && at(1) == 0 && ascii(2) && at(3) == 0) return {Encoding::utf16le, 0};
  if (at(0) == 0 && ascii(1) && at(2) == 0 && ascii(3)) return {Encoding::utf16be, 0};
  return {};
}

void Utf16Decoder::feed(ByteView block, std::vector<std::byte>& out) {
  out.reserve(out.size() + block.size() / 2);
  for (const std::byte byte : block) {
    if (!has_half_) {
      half_ = byte;
      has_half_ = true;
      continue;
    }
    has_half_ = false;
    const auto first = std::to_integer<unsigned>(half_), second = std::to_integer<unsigned>(byte);
    unit(big_endian_ ? first << 8 | second : second << 8 | first, out);
    at_ += 2;
  }
}

void Utf16Decoder::unit(char32_t unit, std::vector<std::byte>& out) {
  if (unit < 0x80 && high_ == 0) {
    out.push_back(static_cast<std::byte>(unit));
    return;
  }
  const bool low = unit >= 0xDC00 && unit < 0xE000;
  if (high_ != 0) {
    if (low) {
      put(0x10000 + ((high_ - 0xD800) << 10) + (unit - 0xDC00), out);
      high_ = 0;
      return;
    }
    lone(at_ - 2, out);
    high_ = 0;
  }
  if (low) {
    lone(at_, out);
  } else if (unit >= 0xD800 && unit < 0xDC00) {
    high_ = unit;
  } else {
    put(unit, out);
  }
}

void Utf16Decoder::put(char32_t code_point, std::vector<std::byte>& out) {
  scratch_.clear();
  base::append_code_point(scratch_, code_point);
  for (const char c : scratch_) out.push_back(static_cast<std::byte>(c));
}

void Utf16Decoder::lone(std::uint64_t at, std::vector<std::byte>& out) {
  if (lone_++ == 0) first_lone_ = at;
  put(kReplacement, out);
}

void Utf16Decoder::finish(std::vector<std::byte>& out) {
  if (high_ != 0) lone(at_ - 2, out);
  high_ = 0;
}

std::string sample_text(ByteView head, EncodingGuess& guess) {
  guess = guess_encoding(head);
  const ByteView body = head.subspan(guess.mark);
  if (guess.encoding == Encoding::utf8) return std::string(as_text(body));
  std::vector<std::byte> bytes;
  Utf16Decoder decoder(guess.encoding == Encoding::utf16be);
  decoder.feed(body, bytes);
  return std::string(as_text(bytes));
}

}  // namespace tocsin::evidence::json
