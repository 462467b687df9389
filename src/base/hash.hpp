// SHA-256 (FIPS 180-4, through OpenSSL), CRC-32 (zlib's) and a fast hash for tables.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "tocsin/bytes.hpp"

namespace tocsin::base {

class Sha256 {
 public:
  using Digest = std::array<std::byte, 32>;
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(ByteView bytes);
  void update(std::string_view text) { update(as_bytes(text)); }
  // Of all bytes so far; more may follow.
  [[nodiscard]] Digest digest() const;
  [[nodiscard]] std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};
[[nodiscard]] Sha256::Digest sha256(ByteView bytes);
[[nodiscard]] std::string sha256_hex(std::string_view text);

[[nodiscard]] std::uint32_t crc32(ByteView bytes, std::uint32_t seed = 0);
// FNV-1a, 64 bits. For tables in memory only: an attacker can make collisions.
[[nodiscard]] std::uint64_t fnv1a(std::string_view text);

}  // namespace tocsin::base
