// UTF-16 to UTF-8 while it streams by: pieces may end anywhere, also inside a pair.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tocsin/bytes.hpp"

namespace tocsin::evidence::json {

enum class Encoding : std::uint8_t { utf8, utf16le, utf16be };

// What the first bytes say: a byte order mark (its length), or '{' and '[' with zeros between.
struct EncodingGuess {
  Encoding encoding = Encoding::utf8;
  std::size_t mark = 0;
};
[[nodiscard]] EncodingGuess guess_encoding(ByteView head);

// A source's first bytes as UTF-8, without the byte order mark; `guess` says what they are.
[[nodiscard]] std::string sample_text(ByteView head, EncodingGuess& guess);

class Utf16Decoder {
 public:
  explicit Utf16Decoder(bool big_endian) : big_endian_(big_endian) {}
  // Appends what `block` gives. A lone surrogate becomes U+FFFD and is counted.
  void feed(ByteView block, std::vector<std::byte>& out);
  // The source ended: half a code unit or half a pair may be left.
  void finish(std::vector<std::byte>& out);
  [[nodiscard]] std::uint64_t lone_surrogates() const { return lone_; }
  [[nodiscard]] std::uint64_t first_lone() const { return first_lone_; }  // byte offset behind the mark
  [[nodiscard]] bool odd_byte() const { return has_half_; }

 private:
  void unit(char32_t unit, std::vector<std::byte>& out);
  void put(char32_t code_point, std::vector<std::byte>& out);
  void lone(std::uint64_t at, std::vector<std::byte>& out);
  bool big_endian_;
  bool has_half_ = false;
  std::byte half_{};
  char32_t high_ = 0;  // a high surrogate that waits for its low one
  std::uint64_t at_ = 0, lone_ = 0, first_lone_ = 0;
  std::string scratch_;
};

}  // namespace tocsin::evidence::json
