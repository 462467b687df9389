#include "evidence/hashing_stream.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace tocsin::evidence {

// Fills `out` as far as the source goes. The end or an error met on the way is remembered, so that the source is not
// asked again behind it.
Result<std::size_t> HashingStream::fetch(std::span<std::byte> out) {
  std::size_t done = 0;
  while (done < out.size() && !ended_ && !error_) {
    Result<std::size_t> got = source_.read_at(fetched_, out.subspan(done));
    if (!got) {
      error_ = std::move(got).error();
    } else if (*got == 0) {
      ended_ = true;
    } else {
      done += *got;
      fetched_ += *got;
    }
  }
  if (done == 0 && error_) return std::unexpected(*error_);
  return done;
}

ByteView HashingStream::head() {
  assert(position_ == 0);
  if (head_.empty() && !ended_ && !error_) {
    head_.resize(
        static_cast<std::size_t>(std::min<std::uint64_t>(kSampleBytes, source_.size().value_or(kSampleBytes))));
    head_.resize(fetch(head_).value_or(0));
    // A source of exactly this size is whole as well. Asking for one byte more tells, but would put every later read
    // off its alignment, so that is for streams.
    std::byte probe{};
    if (source_.size()) {
      ended_ = ended_ || (!error_ && fetched_ >= *source_.size());
    } else if (head_.size() == kSampleBytes && fetch(std::span(&probe, 1)).value_or(0) == 1) {
      head_.push_back(probe);
    }
  }
  return ByteView(head_).first(std::min(head_.size(), kSampleBytes));
}

Result<std::size_t> HashingStream::read(std::span<std::byte> out) {
  std::size_t count = 0;
  if (head_used_ < head_.size()) {
    count = std::min(out.size(), head_.size() - head_used_);
    std::memcpy(out.data(), head_.data() + head_used_, count);
    head_used_ += count;
  } else {
    head_ = {};
    head_used_ = 0;
    TOCSIN_TRY(count, fetch(out));
  }
  if (hash_) hash_->update(out.first(count));
  position_ += count;
  return count;
}

}  // namespace tocsin::evidence
