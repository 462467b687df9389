// A text buffer before a ByteSink: writers append to `text()` and call `spill()` between items, so that a report of any
// length needs one buffer. One thread; the sink outlives it.
#pragma once

#include <cstddef>
#include <string>

#include "tocsin/bytes.hpp"

namespace tocsin::report {

class Output {
 public:
  static constexpr std::size_t kSpillAt = std::size_t{1} << 18;

  explicit Output(ByteSink& sink) : sink_(sink) {}
  [[nodiscard]] std::string& text() { return text_; }
  // Hands the buffer on where it is large enough to be worth a call.
  [[nodiscard]] Result<void> spill() { return text_.size() < kSpillAt ? Result<void>{} : write_out(); }
  // Hands on what is left. A writer that does not end with finish() has lost text.
  [[nodiscard]] Result<void> finish() {
    TOCSIN_CHECK(write_out());
    return sink_.flush();
  }

 private:
  [[nodiscard]] Result<void> write_out() {
    TOCSIN_CHECK(sink_.write(text_));
    text_.clear();
    return {};
  }
  ByteSink& sink_;
  std::string text_;
};

}  // namespace tocsin::report
