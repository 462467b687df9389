// Cuts a source of separated values into units of whole rows while it streams by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "evidence/csv/table.hpp"
#include "evidence/json/text_window.hpp"
#include "evidence/reader.hpp"

namespace tocsin::evidence::csv {

class RowCutter final : public Cutter {
 public:
  // `header` is of the source's text behind the byte order mark.
  RowCutter(const json::EncodingGuess& encoding, const Header& header, std::string_view header_row,
            std::size_t unit_bytes);
  [[nodiscard]] bool feed(ByteView block, UnitSink& sink) override;
  [[nodiscard]] bool flush(UnitSink& sink) override;
  void finish(UnitSink& sink) override;

 private:
  void run(UnitSink& sink, bool last);
  void take_row(UnitSink& sink);
  void take_damage(UnitSink& sink, RowScanner::Status status);
  void emit(UnitSink& sink);
  void compact();

  std::size_t unit_bytes_;
  char separator_;
  std::string header_;
  std::size_t header_left_;  // bytes of the text up to the first row behind the header
  RowScanner scanner_;
  json::TextWindow window_;                             // its head: the unit being gathered
  std::size_t sound_ = 0;                               // behind the unit's last row
  std::uint64_t rows_ = 1, unit_rows_ = 0, units_ = 0;  // the header is row 1
  bool stopped_ = false;
};

}  // namespace tocsin::evidence::csv
