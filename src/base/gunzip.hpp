// gzip (RFC 1952) decompression through zlib: one stream, or several one behind the other, with their checksums. Keeps
// every byte that comes out before damage. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "tocsin/bytes.hpp"

namespace tocsin::base {

class Gunzip {
 public:
  enum class State : std::uint8_t {
    more,     // goes on with more input or more room
    between,  // behind the end of a stream: this may be the end, or another stream follows
    damaged,  // message() says how; nothing more comes
  };
  struct Step {
    std::size_t consumed = 0, produced = 0;
    State state = State::more;
  };
  Gunzip();
  ~Gunzip();
  Gunzip(Gunzip&&) noexcept;
  Gunzip& operator=(Gunzip&&) noexcept;

  // Decompresses from `in` into `out` as far as either lasts. Ends at each stream's end, so that the caller can look
  // at what follows before it calls again.
  [[nodiscard]] Step step(ByteView in, std::span<std::byte> out);
  [[nodiscard]] std::string_view message() const;  // zlib's, in English; static

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::base
