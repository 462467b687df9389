#include "evidence/json/record_scanner.hpp"

#include <algorithm>

namespace tocsin::evidence::json {

void RecordScanner::start(bool watch) {
  state_ = State::value;
  watch_ = watch;
  escape_ = false;
  depth_ = 0;
  keys_.clear();
}

RecordScanner::Status RecordScanner::scan(std::string_view text, std::size_t& at) {
  Status status = Status::more;
  while (at < text.size()) {
    const bool in_string = state_ == State::string || state_ == State::key_string;
    if (in_string ? step_string(text, at, status) : step(text, at, status)) return status;
  }
  return Status::more;
}

// Inside a string. A line feed cannot stand there: writers that lose the end of a record usually lose the quote too.
bool RecordScanner::step_string(std::string_view text, std::size_t& at, Status& status) {
  const std::size_t first = at;
  if (escape_) {
    escape_ = false;
    if (text[at] != '\n') ++at;
  }
  const std::size_t stop = find_string_stop(text, at);
  const bool key = state_ == State::key_string && watch_ && depth_ <= kWatchDepth;
  if (key && key_.size() <= kMaxKey) key_.append(text.substr(first, stop - first));
  at = stop;
  if (at == text.size()) return false;
  if (text[at] == '\n') {
    status = Status::damaged;
    return true;
  }
  if (text[at] == '\\') {
    if (key) key_.push_back('\\');
    escape_ = true;
    ++at;
    return false;
  }
  ++at;
  if (key) end_of_key();
  state_ = state_ == State::key_string ? State::colon : State::after;
  if (depth_ > 0) return false;
  status = Status::done;
  return true;
}

void RecordScanner::end_of_key() {
  keys_.resize(depth_ - 1);
  keys_.push_back(key_);
}

// Outside strings: one structural character, or a run of a word. True: stop with `status`.
bool RecordScanner::step(std::string_view text, std::size_t& at, Status& status) {
  const char c = text[at];
  if (state_ == State::word) {
    if (!ends_word(c)) return ++at, false;
    state_ = State::after;
    status = Status::done;
    return depth_ == 0;
  }
  if (is_blank(c)) return ++at, false;
  const bool value = state_ == State::value || state_ == State::value_or_end;
  switch (c) {
    case '{':
    case '[':
      if (value) return open(c == '{', at, status);
      break;
    case '}':
      if (state_ == State::key_or_end || state_ == State::after) return close(true, at, status);
      break;
    case ']':
      if (state_ == State::value_or_end || state_ == State::after) return close(false, at, status);
      break;
    case ':':
      if (state_ == State::colon) return state_ = State::value, ++at, false;
      break;
    case ',':
      if (state_ == State::after) return state_ = objects_[depth_ - 1] ? State::key : State::value, ++at, false;
      break;
    case '"':
      if (value) return state_ = State::string, ++at, false;
      if (state_ == State::key || state_ == State::key_or_end) {
        key_.clear();
        return state_ = State::key_string, ++at, false;
      }
      break;
    default:
      if (value) return state_ = State::word, ++at, false;
  }
  status = Status::damaged;
  return true;
}

bool RecordScanner::open(bool object, std::size_t& at, Status& status) {
  if (depth_ == kMaxDepth) {
    status = Status::damaged;
    return true;
  }
  const bool member = depth_ > 0 && depth_ <= kWatchDepth && objects_[depth_ - 1] && keys_.size() == depth_;
  objects_[depth_++] = object;
  state_ = object ? State::key_or_end : State::value_or_end;
  ++at;
  if (object || !watch_ || !member) return false;
  status = Status::array;
  return true;
}

bool RecordScanner::close(bool object, std::size_t& at, Status& status) {
  if (objects_[depth_ - 1] != object) {
    status = Status::damaged;
    return true;
  }
  --depth_;
  keys_.resize(std::min(keys_.size(), depth_));
  state_ = State::after;
  ++at;
  status = Status::done;
  return depth_ == 0;
}

void RecordScanner::close_array() {
  --depth_;
  state_ = State::after;
}

}  // namespace tocsin::evidence::json
