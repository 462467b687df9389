// Cuts a source of separated values into units of whole rows while it streams by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/csv/table.hpp"
#include "evidence/json/utf16.hpp"
#include "evidence/reader.hpp"

namespace tocsin::evidence::csv {

class RowCutter final : public Cutter {
 public:
  // `header` is of the source's text behind the byte order mark.
  RowCutter(const json::EncodingGuess& encoding, const Header& header, std::string_view header_row,
            std::size_t unit_bytes);
  [[nodiscard]] bool feed(ByteView block, UnitSink& sink) override;
  void finish(UnitSink& sink) override;

 private:
  [[nodiscard]] std::string_view text() const {
    return {reinterpret_cast<const char*>(buffer_.data()), buffer_.size()};
  }
  void run(UnitSink& sink, bool last);
  void take_row(UnitSink& sink);
  void take_damage(UnitSink& sink, RowScanner::Status status);
  void emit(UnitSink& sink);
  void advance(std::size_t end);
  void compact();
  [[nodiscard]] std::uint64_t length_of(std::string_view text) const;

  std::size_t unit_bytes_;
  json::Encoding encoding_;
  json::Utf16Decoder decoder_;
  std::size_t mark_, mark_left_;
  char separator_;
  std::string header_;
  std::size_t header_left_;  // bytes of the text up to the first row behind the header
  RowScanner scanner_;
  std::vector<std::byte> buffer_;  // UTF-8
  std::size_t head_ = 0, sound_ = 0;
  std::uint64_t offset_;
  std::uint64_t line_ = 1, rows_ = 1, unit_rows_ = 0, units_ = 0;  // the header is row 1
  bool stopped_ = false;
};

}  // namespace tocsin::evidence::csv
