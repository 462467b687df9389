// A source read once from front to end, hashed as it goes unless nobody wants that, with a look ahead at its first
// block. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tocsin/bytes.hpp"
#include "tocsin/result.hpp"

#include "base/hash.hpp"
#include "evidence/reader.hpp"

namespace tocsin::evidence {

class HashingStream {
 public:
  // REQUIRES: `source` outlives it and nobody else reads a source that is not seekable.
  explicit HashingStream(ByteSource& source, bool hash = true) : source_(source) {
    if (hash) hash_.emplace();
  }

  // The first kSampleBytes, or all there is. May be called before the first read() only; the view lives until then.
  [[nodiscard]] ByteView head();
  [[nodiscard]] bool head_is_whole() const { return ended_; }
  // After head(): why not even its first byte can be read, if so.
  [[nodiscard]] const Error* unreadable() const { return head_.empty() && error_ ? &*error_ : nullptr; }
  // The next bytes, beginning with those of head(). 0: the end. An error is met after all bytes before it.
  [[nodiscard]] Result<std::size_t> read(std::span<std::byte> out);

  [[nodiscard]] std::uint64_t position() const { return position_; }
  [[nodiscard]] bool hashes() const { return hash_.has_value(); }
  // Of what was read. REQUIRES: hashes().
  [[nodiscard]] std::string sha256() const { return hash_->hex(); }
  [[nodiscard]] const ByteSource& source() const { return source_; }

 private:
  [[nodiscard]] Result<std::size_t> fetch(std::span<std::byte> out);

  ByteSource& source_;
  std::optional<base::Sha256> hash_;
  std::vector<std::byte> head_;
  std::size_t head_used_ = 0;
  std::uint64_t fetched_ = 0;   // asked of the source
  std::uint64_t position_ = 0;  // handed out
  bool ended_ = false;
  std::optional<Error> error_;
};

}  // namespace tocsin::evidence
