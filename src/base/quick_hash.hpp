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

// 16 bytes a step; whoever does not know the seed cannot make collisions.
[[nodiscard]] inline std::uint64_t seeded_hash(std::string_view text, std::uint64_t seed) {
  const auto word = [&](std::size_t at) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + at, 8);
    return bytes;
  };
  __extension__ using Wide = unsigned __int128;
  const auto multiply = [](std::uint64_t a, std::uint64_t b) {
    const auto product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
  };
  constexpr std::uint64_t kOne = 0xA0761D6478BD642FULL, kTwo = 0xE7037ED1A0B428DBULL;
  std::uint64_t hash = multiply(seed ^ kOne, text.size() ^ kTwo);
  std::size_t at = 0;
  for (; at + 16 <= text.size(); at += 16) hash = multiply(word(at) ^ seed ^ kOne, word(at + 8) ^ hash);
  std::uint64_t rest[2] = {};
  if (at < text.size()) std::memcpy(rest, text.data() + at, text.size() - at);
  return multiply(rest[0] ^ seed ^ kTwo, rest[1] ^ hash ^ kOne);
}

}  // namespace tocsin::base
