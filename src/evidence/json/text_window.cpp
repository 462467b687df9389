#include "evidence/json/text_window.hpp"

#include <algorithm>
#include <cassert>

#include "base/text.hpp"

namespace tocsin::evidence::json {
namespace {

constexpr std::size_t kCompactAt = 65536;  // moving what is left costs more than it saves before

}  // namespace

TextWindow::TextWindow(const EncodingGuess& encoding)
    : encoding_(encoding.encoding),
      decoder_(encoding.encoding == Encoding::utf16be),
      mark_(encoding.mark),
      mark_left_(encoding.mark),
      offset_(encoding.mark) {}

void TextWindow::feed(ByteView block) {
  const std::size_t skip = std::min(mark_left_, block.size());
  mark_left_ -= skip;
  block = block.subspan(skip);
  if (is_utf16()) {
    decoder_.feed(block, buffer_);
  } else {
    buffer_.insert(buffer_.end(), block.begin(), block.end());
  }
}

void TextWindow::advance(std::size_t position) {
  if (position <= head_) return;
  const std::string_view passed = text().substr(head_, position - head_);
  offset_ += length_of(passed);
  line_ += base::count_rare(passed, '\n');
  head_ = position;
}

void TextWindow::drop(std::size_t done) {
  assert(done <= head_);
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(done));
  head_ -= done;
}

std::size_t TextWindow::compact(std::size_t done) {
  if (done < kCompactAt && done < buffer_.size()) return 0;
  drop(done);
  return done;
}

}  // namespace tocsin::evidence::json
