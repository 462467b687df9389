#include "evidence/csv/cutter.hpp"

#include <algorithm>
#include <utility>

#include "evidence/csv/trouble.hpp"
#include "evidence/csv/units.hpp"
#include "evidence/json/units.hpp"

namespace tocsin::evidence::csv {
namespace {

constexpr std::size_t kCompactAt = 65536;

}  // namespace

RowCutter::RowCutter(const json::EncodingGuess& encoding, const Header& header, std::string_view header_row,
                     std::size_t unit_bytes)
    : unit_bytes_(unit_bytes == 0 ? kDefaultUnitBytes : unit_bytes),
      encoding_(encoding.encoding),
      decoder_(encoding.encoding == json::Encoding::utf16be),
      mark_(encoding.mark),
      mark_left_(encoding.mark),
      separator_(header.separator),
      header_(header_row),
      header_left_(header.next),
      scanner_(header.separator),
      offset_(encoding.mark) {
  header_.push_back('\n');
}

bool RowCutter::feed(ByteView block, UnitSink& sink) {
  const std::size_t skip = std::min(mark_left_, block.size());
  mark_left_ -= skip;
  block = block.subspan(skip);
  if (encoding_ == json::Encoding::utf8) {
    buffer_.insert(buffer_.end(), block.begin(), block.end());
  } else {
    decoder_.feed(block, buffer_);
  }
  run(sink, false);
  return !stopped_;
}

void RowCutter::finish(UnitSink& sink) {
  decoder_.finish(buffer_);
  run(sink, true);
  emit(sink);
  if (decoder_.lone_surrogates() > 0) {
    sink.on_anomaly(lone_surrogates(decoder_.lone_surrogates(), mark_ + decoder_.first_lone()));
  }
  if (decoder_.odd_byte()) sink.on_anomaly(half_unit(offset_ + length_of(text().substr(head_))));
}

void RowCutter::run(UnitSink& sink, bool last) {
  using Status = RowScanner::Status;
  if (header_left_ > 0) {
    if (buffer_.size() < header_left_) return;
    const std::size_t passed = std::exchange(header_left_, 0);
    advance(passed);
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(passed));
    head_ = sound_ = 0;
  }
  while (!stopped_) {
    const Status status = scanner_.next(text(), last);
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
  if (unit_rows_ == 0) advance(scanner_.begin());
  ++unit_rows_;
  sound_ = scanner_.next_row();
  if (sound_ - head_ >= unit_bytes_) emit(sink);
}

void RowCutter::take_damage(UnitSink& sink, RowScanner::Status status) {
  emit(sink);
  advance(scanner_.begin());
  const std::uint64_t size = length_of(text().substr(scanner_.begin(), scanner_.end() - scanner_.begin()));
  sink.on_anomaly(status == RowScanner::Status::too_large ? row_too_large(offset_, size) : open_quote(offset_, size));
  ++rows_;
  advance(scanner_.next_row());
}

void RowCutter::emit(UnitSink& sink) {
  if (unit_rows_ == 0) return;
  Unit unit;
  unit.offset = offset_;
  unit.number = units_++;
  unit.first_line = line_;
  unit.first_record = rows_ + 1;
  unit.flags = static_cast<unsigned char>(separator_) | (encoding_ != json::Encoding::utf8 ? kUnitUtf16 : 0);
  const ByteView header = as_bytes(header_);
  unit.bytes.reserve(header.size() + sound_ - head_);
  unit.bytes.assign(header.begin(), header.end());
  unit.bytes.insert(unit.bytes.end(), buffer_.begin() + static_cast<std::ptrdiff_t>(head_),
                    buffer_.begin() + static_cast<std::ptrdiff_t>(sound_));
  rows_ += std::exchange(unit_rows_, 0);
  advance(sound_);
  stopped_ |= !sink.on_unit(std::move(unit));
}

void RowCutter::advance(std::size_t end) {
  if (end <= head_) return;
  const std::string_view passed = text().substr(head_, end - head_);
  offset_ += length_of(passed);
  line_ += static_cast<std::uint64_t>(std::ranges::count(passed, '\n'));
  head_ = end;
}

void RowCutter::compact() {
  const std::size_t done = std::min(head_, scanner_.next_row());
  if (done < kCompactAt && done < buffer_.size()) return;
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(done));
  scanner_.cut_front(done);
  head_ -= done;
  sound_ -= std::min(sound_, done);
}

std::uint64_t RowCutter::length_of(std::string_view text) const {
  return encoding_ == json::Encoding::utf8 ? text.size() : json::utf16_length(text);
}

}  // namespace tocsin::evidence::csv
