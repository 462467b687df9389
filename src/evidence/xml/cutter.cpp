#include "evidence/xml/cutter.hpp"

#include <algorithm>
#include <utility>

#include "evidence/trouble.hpp"
#include "evidence/xml/trouble.hpp"
#include "evidence/xml/units.hpp"

namespace tocsin::evidence::xml {

EventCutter::EventCutter(const json::EncodingGuess& encoding, std::size_t unit_bytes)
    : unit_bytes_(unit_bytes == 0 ? kDefaultUnitBytes : unit_bytes), window_(encoding) {}

bool EventCutter::feed(ByteView block, UnitSink& sink) {
  window_.feed(block);
  run(sink, false);
  return !stopped_;
}

bool EventCutter::flush(UnitSink& sink) {
  emit(sink);
  compact();
  return !stopped_;
}

void EventCutter::finish(UnitSink& sink) {
  window_.finish();
  run(sink, true);
  emit(sink);
  if (window_.lone_surrogates() > 0) {
    sink.on_anomaly(lone_surrogates("xml_lone_surrogate", window_.lone_surrogates(), window_.first_lone()));
  }
  if (window_.odd_byte()) sink.on_anomaly(half_unit("xml_truncated", window_.end_offset()));
}

void EventCutter::run(UnitSink& sink, bool last) {
  using Status = EventScanner::Status;
  while (!stopped_) {
    const Status status = scanner_.next(window_.text(), last);
    if (status == Status::more) break;
    if (status == Status::event) {
      take_event(sink);
    } else if (status == Status::filler) {
      const std::string_view filler = window_.text().substr(scanner_.begin(), scanner_.end() - scanner_.begin());
      if (!is_filler(filler)) {
        const std::string_view before = window_.text().substr(window_.head(), scanner_.begin() - window_.head());
        const std::uint64_t at = window_.offset() + window_.length_of(before);
        sink.on_anomaly(stray_text(at, window_.length_of(filler)));
      }
      if (unit_records_ == 0) window_.advance(scanner_.end());
    } else {
      take_damage(sink, status == Status::too_large);
    }
    if (last && scanner_.end() == window_.size()) break;
  }
  compact();
}

void EventCutter::take_event(UnitSink& sink) {
  if (unit_records_ == 0) window_.advance(scanner_.begin());
  ++unit_records_;
  sound_ = scanner_.end();
  if (sound_ - window_.head() >= unit_bytes_) emit(sink);
}

void EventCutter::take_damage(UnitSink& sink, bool too_large) {
  emit(sink);
  window_.advance(scanner_.begin());
  const std::uint64_t size =
      window_.length_of(window_.text().substr(scanner_.begin(), scanner_.end() - scanner_.begin()));
  sink.on_anomaly(too_large ? event_too_large(window_.offset(), size) : event_truncated(window_.offset(), size));
  ++records_;
  window_.advance(scanner_.end());
}

void EventCutter::emit(UnitSink& sink) {
  if (unit_records_ == 0) return;
  Unit unit;
  unit.offset = window_.offset();
  unit.number = units_++;
  unit.first_line = window_.line();
  unit.first_record = records_ + 1;
  unit.flags = window_.is_utf16() ? kUnitUtf16 : 0;
  const ByteView events = window_.bytes(window_.head(), sound_);
  unit.bytes.assign(events.begin(), events.end());
  records_ += std::exchange(unit_records_, 0);
  window_.advance(sound_);
  stopped_ |= !sink.on_unit(std::move(unit));
}

void EventCutter::compact() {
  const std::size_t done = window_.compact(std::min(window_.head(), scanner_.needed()));
  scanner_.cut_front(done);
  sound_ -= std::min(sound_, done);
}

}  // namespace tocsin::evidence::xml
