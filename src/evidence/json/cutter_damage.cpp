// The cutter behind damage: what was wrong, and where the next record may begin.
#include <algorithm>
#include <utility>

#include "evidence/json/cutter.hpp"
#include "evidence/json/trouble.hpp"

namespace tocsin::evidence::json {

// What the checking walk says of the record up to the byte that the light scan refused.
Fault JsonCutter::fault_at(std::size_t at) const {
  const std::string_view piece = text().substr(record_, std::min(at + 1, buffer_.size()) - record_);
  if (at < buffer_.size() && text()[at] == '\n') return {Fault::Code::syntax, at - record_, "a closing '\"'"};
  NullHandler handler;
  Leniency leniency;
  Walker walker(piece, handler, leniency);
  (void)walker.walk(0);
  if (walker.fault().code != Fault::Code::none) return walker.fault();
  return {Fault::Code::syntax, at - record_, "the end of the record"};
}

// REQUIRES: the piece begins at record_, the byte that cannot be is at_.
void JsonCutter::begin_damage(UnitSink& sink, Fault fault) {
  if (layout_ == Layout::unknown) layout_ = Layout::values;
  gap_ = Gap::unknown;
  const bool whole = !dropping_;
  if (whole) {
    emit(sink, record_);
    advance(record_);
    drop_offset_ = offset_;
    damage_ = damage(text().substr(record_), fault, offset_of(record_ + std::min(fault.at, at_ - record_)), 0);
    const std::string_view key = first_key(text().substr(0, at_), record_);
    if (!key.empty()) key_ = key;
  } else {
    damage_ = too_large(drop_offset_, 0, kMaxRecordBytes);
    dropping_ = false;
  }
  if (state_ == State::record) ++records_;
  previous_ = '\0';
  for (std::size_t i = head_; i < at_; ++i) {
    pass(text()[i]);
    if (!is_blank(text()[i])) previous_ = text()[i];
  }
  advance(at_);
  state_ = State::lost;
}

bool JsonCutter::step_lost(UnitSink& sink, bool last) {
  const std::string_view all = text();
  for (; at_ < all.size(); ++at_) {
    const char c = all[at_];
    if (c == '{') {
      bool wait = false;
      const bool found = may_be_record(last, wait);
      if (wait) break;
      if (found) {
        end_damage(sink);
        return true;
      }
    }
    pass(c);
    if (!is_blank(c)) previous_ = c;
  }
  if (last && at_ == all.size()) {
    end_damage(sink);
    return false;
  }
  advance(at_);
  return false;
}

// The byte at at_ is a '{'. A record may begin there if it stands where records begin on their lines, or if it begins
// with the key that records begin with, where a value may stand.
bool JsonCutter::may_be_record(bool last, bool& wait) const {
  if (line_blank_ && (column_ == 0 || column_ == record_column_)) return true;
  if (key_.empty() || (previous_ != ',' && previous_ != '[' && previous_ != '}' && previous_ != ']')) return false;
  const std::string_view all = text();
  const std::size_t quote = skip_blanks(all, at_ + 1);
  const std::string_view next = all.substr(std::min(quote, all.size()), key_.size() + 2);
  const std::string wanted = '"' + key_ + '"';
  wait = !last && next.size() < wanted.size() && std::string_view(wanted).starts_with(next);
  return next == wanted;
}

void JsonCutter::end_damage(UnitSink& sink) {
  advance(at_);
  damage_.skipped = offset_ - drop_offset_;
  sink.on_anomaly(std::exchange(damage_, {}));
  state_ = State::between;
}

}  // namespace tocsin::evidence::json
