// A fast hash of short texts for tables in memory. Not for anything that others see: it depends on the byte order, and
// an attacker can make collisions.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace tocsin::base {

[[nodiscard]] inline std::uint64_t mix_hash(std::uint64_t a, std::uint64_t b) {
  std::uint64_t x = (a ^ (b * 0x9E3779B97F4A7C15ULL)) * 0xD6E8FEB86659FD93ULL;
  x ^= x >> 32;
  return x * 0xD6E8FEB86659FD93ULL ^ x >> 29;
}

[[nodiscard]] inline std::uint64_t key_hash(std::string_view key) {
  std::uint64_t hash = key.size();
  std::size_t at = 0;
  for (; at + 8 <= key.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, key.data() + at, 8);
    hash = mix_hash(word, hash);
  }
  std::uint64_t rest = 0;
  if (at < key.size()) std::memcpy(&rest, key.data() + at, key.size() - at);
  return mix_hash(rest, hash);
}

}  // namespace tocsin::base
