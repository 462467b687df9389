#include "evidence/csv/cutter.hpp"

#include <algorithm>
#include <utility>

#include "evidence/csv/trouble.hpp"
#include "evidence/csv/units.hpp"
#include "evidence/trouble.hpp"

namespace tocsin::evidence::csv {

RowCutter::RowCutter(const json::EncodingGuess& encoding, const Header& header, std::string_view header_row,
                     std::size_t unit_bytes)
    : unit_bytes_(unit_bytes == 0 ? kDefaultUnitBytes : unit_bytes),
      separator_(header.separator),
      header_(header_row),
      header_left_(header.next),
      scanner_(header.separator),
      window_(encoding) {
  header_.push_back('\n');
}

bool RowCutter::feed(ByteView block, UnitSink& sink) {
  window_.feed(block);
  run(sink, false);
  return !stopped_;
}

bool RowCutter::flush(UnitSink& sink) {
  emit(sink);
  compact();
  return !stopped_;
}

void RowCutter::finish(UnitSink& sink) {
  window_.finish();
  run(sink, true);
  emit(sink);
  if (window_.lone_surrogates() > 0) {
    sink.on_anomaly(lone_surrogates("csv_lone_surrogate", window_.lone_surrogates(), window_.first_lone()));
  }
  if (window_.odd_byte()) sink.on_anomaly(half_unit("csv_open_quote", window_.end_offset()));
}

void RowCutter::run(UnitSink& sink, bool last) {
  using Status = RowScanner::Status;
  if (header_left_ > 0) {
    if (window_.size() < header_left_) return;
    const std::size_t passed = std::exchange(header_left_, 0);
    window_.advance(passed);
    window_.drop(passed);
  }
  while (!stopped_) {
    const Status status = scanner_.next(window_.text(), last);
    if (status == Status::more) break;
    if (status == Status::row) {
      take_row(sink);
    } else {
      take_damage(sink, status);
    }
  }
  compact();
}

void RowCutter::take_row(UnitSink& sink) {
  if (unit_rows_ == 0) window_.advance(scanner_.begin());
  ++unit_rows_;
  sound_ = scanner_.next_row();
  if (sound_ - window_.head() >= unit_bytes_) emit(sink);
}

void RowCutter::take_damage(UnitSink& sink, RowScanner::Status status) {
  emit(sink);
  window_.advance(scanner_.begin());
  const std::uint64_t size =
      window_.length_of(window_.text().substr(scanner_.begin(), scanner_.end() - scanner_.begin()));
  sink.on_anomaly(status == RowScanner::Status::too_large ? row_too_large(window_.offset(), size)
                                                          : open_quote(window_.offset(), size));
  ++rows_;
  window_.advance(scanner_.next_row());
}

void RowCutter::emit(UnitSink& sink) {
  if (unit_rows_ == 0) return;
  Unit unit;
  unit.offset = window_.offset();
  unit.number = units_++;
  unit.first_line = window_.line();
  unit.first_record = rows_ + 1;
  unit.flags = static_cast<unsigned char>(separator_) | (window_.is_utf16() ? kUnitUtf16 : 0);
  const ByteView header = as_bytes(header_), rows = window_.bytes(window_.head(), sound_);
  unit.bytes.reserve(header.size() + rows.size());
  unit.bytes.assign(header.begin(), header.end());
  unit.bytes.insert(unit.bytes.end(), rows.begin(), rows.end());
  rows_ += std::exchange(unit_rows_, 0);
  window_.advance(sound_);
  stopped_ |= !sink.on_unit(std::move(unit));
}

void RowCutter::compact() {
  const std::size_t done = window_.compact(std::min(window_.head(), scanner_.next_row()));
  scanner_.cut_front(done);
  sound_ -= std::min(sound_, done);
}

}  // namespace tocsin::evidence::csv
