// The cutter around records: lists that are streamed, and envelopes that hold them.
#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "evidence/json/cutter.hpp"
#include "evidence/json/trouble.hpp"

namespace tocsin::evidence::json {

void JsonCutter::open_array() {
  in_array_ = true;
  layout_ = Layout::values;
  gap_ = Gap::first;
  commas_ = 0;
}

void JsonCutter::close_array(UnitSink& sink) {
  end_gap(sink, true);
  in_array_ = false;
  pass(']');
  if (!in_envelope_) {
    blank(sink, at_, at_ + 1);
    ++at_;
    return;
  }
  keep_envelope(sink, at_, at_ + 1);
  ++at_;
  scanner_.close_array();
  record_ = at_;
  state_ = State::outer;
}

// Behind a '[' in a member that may hold records: it does if the first element is an object.
bool JsonCutter::step_peek(UnitSink& sink, bool last) {
  const std::string_view all = text();
  const std::size_t next = skip_blanks(all, at_);
  if (next == all.size() && !last) return false;
  if (next == all.size() || all[next] != '{') {
    state_ = in_envelope_ ? State::outer : State::record;
    return true;
  }
  if (!in_envelope_) {
    skeleton_.clear();
    pieces_.clear();
  }
  keep_envelope(sink, record_, at_);
  in_envelope_ = true;
  open_array();
  line_blank_ = false;
  state_ = State::between;
  return true;
}

bool JsonCutter::is_envelope() const {
  return std::ranges::find(envelopes_, scanner_.keys()) != envelopes_.end();
}

bool JsonCutter::step_outer(UnitSink& sink, bool last) {
  const RecordScanner::Status status = scanner_.scan(text(), at_);
  switch (status) {
    case RecordScanner::Status::array:
      if (is_envelope()) state_ = State::peek;
      return true;
    case RecordScanner::Status::done:
      keep_envelope(sink, record_, at_);
      end_envelope(sink);
      line_blank_ = false;
      state_ = State::between;
      return true;
    case RecordScanner::Status::damaged:
      keep_envelope(sink, record_, at_);
      in_envelope_ = false;
      record_ = at_;
      begin_damage(sink, {Fault::Code::syntax, 0, "the rest of the envelope of records"});
      return true;
    case RecordScanner::Status::more:
      break;
  }
  keep_envelope(sink, record_, at_);
  record_ = at_;
  (void)last;
  return false;
}

// Takes a piece of the envelope's own text out of the buffer, to be checked when the envelope ends.
void JsonCutter::keep_envelope(UnitSink& sink, std::size_t begin, std::size_t end) {
  if (begin == end) return;
  if (skeleton_.size() + (end - begin) <= kMaxRecordBytes) {
    pieces_.push_back({skeleton_.size(), offset_of(begin)});
    skeleton_.append(text().substr(begin, end - begin));
  }
  blank(sink, begin, end);
}

void JsonCutter::end_envelope(UnitSink& sink) {
  in_envelope_ = false;
  Leniency leniency;
  NullHandler handler;
  Walker walker(std::string_view(skeleton_), handler, leniency);
  (void)walker.walk(0);
  const auto source = [&](std::size_t at) {
    const auto after = std::ranges::upper_bound(pieces_, at, {}, &Piece::at);
    const Piece& piece = after == pieces_.begin() ? *after : *std::prev(after);
    return piece.offset + (encoding_ == Encoding::utf8
                               ? at - piece.at
                               : utf16_length(std::string_view(skeleton_).substr(piece.at, at - piece.at)));
  };
  if (pieces_.empty()) return;
  const Fault& fault = walker.fault();
  if (fault.code != Fault::Code::none) sink.on_anomaly(damage(skeleton_, fault, source(fault.at), 0));
  for (std::size_t kind = 0; kind < Leniency::kKinds; ++kind) {
    const Leniency::Entry& entry = leniency.entries[kind];
    if (entry.count > 0) {
      sink.on_anomaly(tolerated(static_cast<Leniency::Kind>(kind), entry.count, source(entry.at)));
    }
  }
}

// Makes [begin, end) filling, so that a unit may span it. Line feeds stay, for they are counted.
void JsonCutter::blank(UnitSink& sink, std::size_t begin, std::size_t end) {
  const std::string_view piece = text().substr(begin, end - begin);
  const bool ascii = std::ranges::all_of(piece, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!ascii) {
    emit(sink, begin);
    advance(end);
    return;
  }
  for (std::size_t i = begin; i < end; ++i) {
    if (buffer_[i] != std::byte{'\n'}) buffer_[i] = std::byte{' '};
  }
  sound_ = end;
}

}  // namespace tocsin::evidence::json
