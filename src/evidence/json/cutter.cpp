#include "evidence/json/cutter.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/text.hpp"
#include "evidence/json/trouble.hpp"
#include "evidence/trouble.hpp"

namespace tocsin::evidence::json {
namespace {

constexpr std::size_t kCompactAt = 65536;

}  // namespace

JsonCutter::JsonCutter(const Structure& structure, const ShapeSet& shapes, std::size_t unit_bytes)
    : envelopes_(shapes.envelopes()),
      unit_bytes_(unit_bytes == 0 ? kDefaultUnitBytes : unit_bytes),
      layout_(structure.layout),
      encoding_(structure.encoding),
      decoder_(structure.encoding == Encoding::utf16be),
      mark_(structure.mark),
      mark_left_(structure.mark),
      offset_(structure.mark) {}

bool JsonCutter::feed(ByteView block, UnitSink& sink) {
  const std::size_t skip = std::min(mark_left_, block.size());
  mark_left_ -= skip;
  block = block.subspan(skip);
  if (encoding_ == Encoding::utf8) {
    buffer_.insert(buffer_.end(), block.begin(), block.end());
  } else {
    decoder_.feed(block, buffer_);
  }
  run(sink, false);
  return !stopped_;
}

bool JsonCutter::flush(UnitSink& sink) {
  if (layout_ == Layout::lines) {
    const std::size_t feed = dropping_ ? std::string_view::npos : text().rfind('\n');
    if (feed != std::string_view::npos) emit(sink, feed + 1);
  } else {
    emit(sink, sound_);
  }
  compact();
  return !stopped_;
}

void JsonCutter::finish(UnitSink& sink) {
  decoder_.finish(buffer_);
  run(sink, true);
  if (decoder_.lone_surrogates() > 0) {
    sink.on_anomaly(tolerated(Leniency::lone_surrogate, decoder_.lone_surrogates(), mark_ + decoder_.first_lone()));
  }
  if (decoder_.odd_byte()) {
    sink.on_anomaly(half_unit("json_truncated", offset_));
  }
}

void JsonCutter::run(UnitSink& sink, bool last) {
  if (layout_ != Layout::lines) run_values(sink, last);
  if (layout_ == Layout::lines) run_lines(sink, last);
  compact();
}

void JsonCutter::run_lines(UnitSink& sink, bool last) {
  while (!stopped_) {
    if (dropping_ && !drop_line(sink, last)) return;
    // A unit ends at the first line feed at which it is large enough.
    const std::size_t from = std::max(at_, head_ + unit_bytes_ - 1);
    const std::size_t feed = from < buffer_.size() ? text().find('\n', from) : std::string_view::npos;
    if (feed != std::string_view::npos) {
      emit(sink, feed + 1);
      continue;
    }
    at_ = buffer_.size();
    if (last) return emit(sink, buffer_.size());
    if (buffer_.size() - head_ <= kMaxRecordBytes) return;
    const std::size_t previous = text().rfind('\n');
    if (previous != std::string_view::npos && previous >= head_) emit(sink, previous + 1);
    if (buffer_.size() - head_ <= kMaxRecordBytes) return;
    dropping_ = true;
    drop_offset_ = offset_;
    at_ = head_;
  }
}

// Lets go of a line that is too large. True: its end was found.
bool JsonCutter::drop_line(UnitSink& sink, bool last) {
  const std::size_t feed = text().find('\n', head_);
  advance(std::min(feed, buffer_.size()));
  if (feed == std::string_view::npos && !last) return false;
  sink.on_anomaly(too_large(drop_offset_, offset_ - drop_offset_, kMaxRecordBytes));
  dropping_ = false;
  return true;
}

void JsonCutter::run_values(UnitSink& sink, bool last) {
  while (!stopped_ && layout_ != Layout::lines && step(sink, last)) {
  }
  if (!last || stopped_ || layout_ == Layout::lines) return;
  if (in_envelope_) {
    end_envelope(sink);
  } else if (in_array_) {
    sink.on_anomaly(unclosed_list(offset_of(at_)));
  }
  end_runs(sink);
  if (nuls_ > 0) sink.on_anomaly(nul_bytes(first_nul_, nuls_));
  emit(sink, sound_);
}

bool JsonCutter::step(UnitSink& sink, bool last) {
  switch (state_) {
    case State::between:
      return step_between(sink, last);
    case State::record:
      return step_record(sink, last);
    case State::peek:
      return step_peek(sink, last);
    case State::outer:
      return step_outer(sink, last);
    case State::lost:
      return step_lost(sink, last);
    case State::line_tail:
      return step_line_tail(last);
  }
  return false;
}

// Blanks, commas and the brackets of streamed arrays. True: something else comes, or there is more to do.
bool JsonCutter::step_between(UnitSink& sink, bool last) {
  const std::string_view all = text();
  for (;;) {
    const std::size_t next = skip_filling(all, at_);
    for (; at_ < next; ++at_) {
      pass(all[at_]);
      if (all[at_] == '\0' && nuls_++ == 0) first_nul_ = offset_of(at_);
      if (all[at_] == ',') count_comma();
    }
    // A byte order mark may be cut in two by the block's end.
    if (at_ == all.size() || (!last && std::string_view("\xEF\xBB\xBF").starts_with(all.substr(at_)))) return false;
    if (in_array_ ? all[at_] != ']' : all[at_] != '[') break;
    if (in_array_) {
      close_array(sink);
      return true;
    }
    open_array();
    blank(sink, at_, at_ + 1);
    pass('[');
    ++at_;
  }
  if (in_array_ || all[at_] == '{') {
    if (in_array_) end_gap(sink, false);
    begin_record();
    return true;
  }
  record_ = at_;
  begin_damage(sink, {Fault::Code::syntax, 0, "a record"});
  return true;
}

void JsonCutter::begin_record() {
  record_ = at_;
  record_column_ = line_blank_ ? column_ : kNoColumn;
  scanner().start(!in_array_);
  state_ = State::record;
}

bool JsonCutter::step_record(UnitSink& sink, bool last) {
  switch (scanner().scan(text(), at_)) {
    case RecordScanner::Status::done:
      end_record(sink);
      return true;
    case RecordScanner::Status::array:
      if (!dropping_ && is_envelope()) state_ = State::peek;
      return true;
    case RecordScanner::Status::damaged:
      begin_damage(sink, fault_at(at_));
      return true;
    case RecordScanner::Status::more:
      break;
  }
  if (last && scanner().complete()) {
    end_record(sink);
    return true;
  }
  if (last) {
    begin_damage(sink, fault_at(at_));
    return true;
  }
  if (dropping_) {
    advance(at_);
  } else if (at_ - record_ > kMaxRecordBytes) {
    begin_drop(sink);
  }
  return false;
}

void JsonCutter::begin_drop(UnitSink& sink) {
  emit(sink, record_);
  advance(record_);
  dropping_ = true;
  drop_offset_ = offset_;
  advance(at_);
}

void JsonCutter::end_record(UnitSink& sink) {
  state_ = layout_ == Layout::unknown ? State::line_tail : State::between;
  line_blank_ = false;
  gap_ = Gap::between;
  commas_ = 0;
  if (!dropping_ && at_ - record_ > kMaxRecordBytes) begin_drop(sink);
  if (dropping_) {
    advance(at_);
    dropping_ = false;
    ++records_;
    sink.on_anomaly(too_large(drop_offset_, offset_ - drop_offset_, kMaxRecordBytes));
    return;
  }
  if (in_array_ && take_stray(sink)) return;
  key_ = first_key(text(), record_);
  ++unit_records_;
  sound_ = at_;
  if (state_ == State::between && sound_ - head_ >= unit_bytes_) emit(sink, sound_);
}

// Behind the first record of an unknown layout: if it is alone on its line, the source is one of lines.
bool JsonCutter::step_line_tail(bool last) {
  const std::string_view all = text();
  std::size_t next = at_;
  while (next < all.size() && (all[next] == ' ' || all[next] == '\t' || all[next] == '\r')) ++next;
  if (next == all.size() && !last) return false;
  const bool alone = next == all.size() || all[next] == '\n';
  const bool one_line = all.substr(record_, at_ - record_).find('\n') == std::string_view::npos;
  state_ = State::between;
  layout_ = alone && one_line && unit_records_ == 1 ? Layout::lines : Layout::values;
  if (layout_ == Layout::lines) unit_records_ = 0, at_ = head_;
  return true;
}

void JsonCutter::emit(UnitSink& sink, std::size_t end) {
  if (end <= head_) return;
  if (layout_ != Layout::lines && unit_records_ == 0) return advance(end);
  Unit unit;
  unit.offset = offset_;
  unit.number = units_++;
  unit.first_line = line_;
  unit.first_record = records_ + 1;
  unit.flags = (layout_ == Layout::lines ? kUnitLines : 0) | (encoding_ != Encoding::utf8 ? kUnitUtf16 : 0);
  unit.bytes.assign(buffer_.begin() + static_cast<std::ptrdiff_t>(head_),
                    buffer_.begin() + static_cast<std::ptrdiff_t>(end));
  records_ += unit_records_;
  unit_records_ = 0;
  advance(end);
  stopped_ |= !sink.on_unit(std::move(unit));
}

void JsonCutter::advance(std::size_t end) {
  if (end <= head_) return;
  offset_ = offset_of(end);
  line_ += base::count_rare(text().substr(head_, end - head_), '\n');
  head_ = end;
  sound_ = std::max(sound_, end);
  at_ = std::max(at_, end);
}

std::uint64_t JsonCutter::offset_of(std::size_t at) const {
  if (encoding_ == Encoding::utf8) return offset_ + (at - head_);
  return offset_ + utf16_length(text().substr(head_, at - head_));
}

void JsonCutter::pass(char c) {
  if (c == '\n') {
    line_blank_ = true;
    column_ = 0;
  } else if (c == ' ' || c == '\t') {
    ++column_;
  } else if (c != '\r' && c != '\0') {
    line_blank_ = false;
  }
}

void JsonCutter::compact() {
  if (head_ < kCompactAt && head_ < buffer_.size()) return;
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(head_));
  at_ -= head_;
  sound_ -= std::min(sound_, head_);
  record_ -= std::min(record_, head_);
  head_ = 0;
}

}  // namespace tocsin::evidence::json
