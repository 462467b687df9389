// Bytes in and bytes out: the two interfaces through which the library touches the outside world.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "tocsin/result.hpp"

namespace tocsin {

// A borrowed view of raw bytes. Whoever hands one out says how long it lives; here: until the next call.
using ByteView = std::span<const std::byte>;

[[nodiscard]] inline ByteView as_bytes(std::string_view text) {
  return std::as_bytes(std::span<const char>(text.data(), text.size()));
}
[[nodiscard]] inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Where evidence comes from: a file, a member of an archive, a stream. Never mapped into memory: a failing disk or a
// file that shrinks is an Error, not a signal. One thread at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Bytes in all, or nothing where that is only known at the end (a pipe, a compressed member).
  [[nodiscard]] virtual std::optional<std::uint64_t> size() const = 0;
  // False: offsets may only grow, and each call must go on where the last one ended.
  [[nodiscard]] virtual bool seekable() const = 0;
  // Fills `out` from `offset`; fewer bytes than asked only at the end, 0 at or behind it.
  [[nodiscard]] virtual Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> out) = 0;
};

// Where results go. One thread at a time.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  [[nodiscard]] virtual Result<void> write(std::string_view bytes) = 0;
  [[nodiscard]] virtual Result<void> flush() = 0;
};

}  // namespace tocsin
