// The text of a source while it streams by, as UTF-8, from a head that moves on: where the head lies in the source, and
// in which line. For cutters of text; UTF-16 is decoded on the way.
//
// Positions are bytes of text(); places are bytes of the source. text() and bytes() are good until the next feed,
// finish, drop or compact. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tocsin/bytes.hpp"

#include "evidence/json/units.hpp"
#include "evidence/json/utf16.hpp"

namespace tocsin::evidence::json {

class TextWindow {
 public:
  explicit TextWindow(const EncodingGuess& encoding);

  void feed(ByteView block);  // from the source's first byte on; the byte order mark is left out
  void finish() { decoder_.finish(buffer_); }

  [[nodiscard]] std::string_view text() const { return as_text(buffer_); }
  [[nodiscard]] ByteView bytes(std::size_t begin, std::size_t end) const {
    return ByteView(buffer_).subspan(begin, end - begin);
  }
  [[nodiscard]] std::size_t size() const { return buffer_.size(); }
  [[nodiscard]] bool is_utf16() const { return encoding_ != Encoding::utf8; }

  [[nodiscard]] std::size_t head() const { return head_; }
  [[nodiscard]] std::uint64_t offset() const { return offset_; }  // of the head in the source
  [[nodiscard]] std::uint64_t line() const { return line_; }      // of the head, from 1
  // Moves the head on to `position`; nothing where it is there already.
  void advance(std::size_t position);
  // Forgets the first `done` bytes of text; positions are less by so many afterwards. REQUIRES: done <= head().
  void drop(std::size_t done);
  // The same once it is worth it; returns how many bytes: 0 or `done`.
  [[nodiscard]] std::size_t compact(std::size_t done);
  // How long a piece of text is in the source.
  [[nodiscard]] std::uint64_t length_of(std::string_view piece) const {
    return is_utf16() ? utf16_length(piece) : piece.size();
  }

  // After finish: half surrogate pairs, the place of the first one, and whether half a code unit was left.
  [[nodiscard]] std::uint64_t lone_surrogates() const { return decoder_.lone_surrogates(); }
  [[nodiscard]] std::uint64_t first_lone() const { return mark_ + decoder_.first_lone(); }
  [[nodiscard]] bool odd_byte() const { return decoder_.odd_byte(); }
  [[nodiscard]] std::uint64_t end_offset() const { return offset_ + length_of(text().substr(head_)); }

 private:
  Encoding encoding_;
  Utf16Decoder decoder_;
  std::size_t mark_, mark_left_;
  std::vector<std::byte> buffer_;
  std::size_t head_ = 0;
  std::uint64_t offset_;
  std::uint64_t line_ = 1;
};

}  // namespace tocsin::evidence::json
