// Finds where one JSON value ends in text that arrives in pieces: brackets, strings and the order of keys, colons and
// commas are followed, what stands between them is not looked at (the checking walk does that, walker.hpp).
//
// One thread at a time. Positions are of the text given to the call; all state between calls is inside.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/json/walker.hpp"

namespace tocsin::evidence::json {

// True for a byte that cannot belong to a number, true, false or null, sound or not.
[[nodiscard]] inline bool ends_word(char c) {
  return is_blank(c) || c == ',' || c == ':' || c == '{' || c == '}' || c == '[' || c == ']' || c == '"';
}

class RecordScanner {
 public:
  enum class Status : std::uint8_t {
    more,     // the text ended first
    done,     // `at` is behind the value
    damaged,  // `at` is the byte that cannot stand there
    array,    // (watching) `at` is behind a '[' that is an object's member, at most kWatchDepth deep
  };
  static constexpr std::size_t kWatchDepth = 2;  // the deepest envelope known is hits.hits
  static constexpr std::size_t kMaxKey = 64;     // longer keys are no envelope's

  // Begins a new value. `watch`: stop at arrays that may be an envelope's.
  void start(bool watch);
  [[nodiscard]] Status scan(std::string_view text, std::size_t& at);
  // The text ended for good: a number or word at the top level is whole then.
  [[nodiscard]] bool complete() const { return depth_ == 0 && (state_ == State::word || state_ == State::after); }
  // After Status::array: the keys on the way to it, outermost first.
  [[nodiscard]] const std::vector<std::string>& keys() const { return keys_; }
  // After Status::array, when somebody else read the elements: the ']' was met.
  void close_array();

 private:
  enum class State : std::uint8_t { value, value_or_end, key, key_or_end, colon, after, word, string, key_string };
  bool step(std::string_view text, std::size_t& at, Status& status);
  bool step_string(std::string_view text, std::size_t& at, Status& status);
  bool open(bool object, std::size_t& at, Status& status);
  bool close(bool object, std::size_t& at, Status& status);
  void end_of_key();

  State state_ = State::value;
  bool watch_ = false;
  bool escape_ = false;  // the next byte of the string is escaped
  std::size_t depth_ = 0;
  std::bitset<kMaxDepth> objects_;
  std::string key_;  // the key being read, while watching
  std::vector<std::string> keys_;
};

}  // namespace tocsin::evidence::json
