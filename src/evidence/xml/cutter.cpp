#include "evidence/xml/cutter.hpp"

#include <algorithm>
#include <utility>

#include "evidence/json/units.hpp"
#include "evidence/xml/trouble.hpp"
#include "evidence/xml/units.hpp"

namespace tocsin::evidence::xml {
namespace {

constexpr std::size_t kCompactAt = 65536;

}  // namespace

EventCutter::EventCutter(const json::EncodingGuess& encoding, std::size_t unit_bytes)
    : unit_bytes_(unit_bytes == 0 ? kDefaultUnitBytes : unit_bytes),
      encoding_(encoding.encoding),
      decoder_(encoding.encoding == json::Encoding::utf16be),
      mark_(encoding.mark),
      mark_left_(encoding.mark),
      offset_(encoding.mark) {}

bool EventCutter::feed(ByteView block, UnitSink& sink) {
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

void EventCutter::finish(UnitSink& sink) {
  decoder_.finish(buffer_);
  run(sink, true);
  emit(sink);
  if (decoder_.lone_surrogates() > 0) {
    sink.on_anomaly(lone_surrogates(decoder_.lone_surrogates(), mark_ + decoder_.first_lone()));
  }
  if (decoder_.odd_byte()) sink.on_anomaly(half_unit(offset_ + length_of(text().substr(head_))));
}

void EventCutter::run(UnitSink& sink, bool last) {
  using Status = EventScanner::Status;
  while (!stopped_) {
    const Status status = scanner_.next(text(), last);
    if (status == Status::more) break;
    if (status == Status::event) {
      take_event(sink);
    } else if (status == Status::filler) {
      const std::string_view filler = text().substr(scanner_.begin(), scanner_.end() - scanner_.begin());
      if (!is_filler(filler)) {
        const std::uint64_t at = offset_ + length_of(text().substr(head_, scanner_.begin() - head_));
        sink.on_anomaly(stray_text(at, length_of(filler)));
      }
      if (unit_records_ == 0) advance(scanner_.end());
    } else {
      take_damage(sink, status == Status::too_large);
    }
    if (last && scanner_.end() == buffer_.size()) break;
  }
  compact();
}

void EventCutter::take_event(UnitSink& sink) {
  if (unit_records_ == 0) advance(scanner_.begin());
  ++unit_records_;
  sound_ = scanner_.end();
  if (sound_ - head_ >= unit_bytes_) emit(sink);
}

void EventCutter::take_damage(UnitSink& sink, bool too_large) {
  emit(sink);
  advance(scanner_.begin());
  const std::uint64_t size = length_of(text().substr(scanner_.begin(), scanner_.end() - scanner_.begin()));
  sink.on_anomaly(too_large ? event_too_large(offset_, size) : event_truncated(offset_, size));
  ++records_;
  advance(scanner_.end());
}

void EventCutter::emit(UnitSink& sink) {
  if (unit_records_ == 0) return;
  Unit unit;
  unit.offset = offset_;
  unit.number = units_++;
  unit.first_line = line_;
  unit.first_record = records_ + 1;
  unit.flags = encoding_ != json::Encoding::utf8 ? kUnitUtf16 : 0;
  unit.bytes.assign(buffer_.begin() + static_cast<std::ptrdiff_t>(head_),
                    buffer_.begin() + static_cast<std::ptrdiff_t>(sound_));
  records_ += std::exchange(unit_records_, 0);
  advance(sound_);
  stopped_ |= !sink.on_unit(std::move(unit));
}

void EventCutter::advance(std::size_t end) {
  if (end <= head_) return;
  const std::string_view passed = text().substr(head_, end - head_);
  offset_ += length_of(passed);
  line_ += static_cast<std::uint64_t>(std::ranges::count(passed, '\n'));
  head_ = end;
}

void EventCutter::compact() {
  const std::size_t done = std::min(head_, scanner_.needed());
  if (done < kCompactAt && done < buffer_.size()) return;
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(done));
  scanner_.cut_front(done);
  head_ -= done;
  sound_ -= std::min(sound_, done);
}

std::uint64_t EventCutter::length_of(std::string_view text) const {
  return encoding_ == json::Encoding::utf8 ? text.size() : json::utf16_length(text);
}

}  // namespace tocsin::evidence::xml
