// After the specification of XXH64 (xxhash_spec.md, version 0.1.1).
#include "base/checksum.hpp"

#include <bit>
#include <cstring>

namespace tocsin::base {
namespace {

constexpr std::uint64_t kPrime1 = 0x9E3779B185EBCA87ULL, kPrime2 = 0xC2B2AE3D27D4EB4FULL,
                        kPrime3 = 0x165667B19E3779F9ULL, kPrime4 = 0x85EBCA77C2B2AE63ULL,
                        kPrime5 = 0x27D4EB2F165667C5ULL;
constexpr std::size_t kStripe = 32;  // four lanes of eight bytes

template <class Word>
Word load(const char* at) {
  Word word = 0;
  std::memcpy(&word, at, sizeof word);
  if constexpr (std::endian::native == std::endian::big) {
    word = sizeof word == 8 ? static_cast<Word>(__builtin_bswap64(word)) : static_cast<Word>(__builtin_bswap32(word));
  }
  return word;
}

std::uint64_t round_of(std::uint64_t lane, std::uint64_t word) {
  return std::rotl(lane + word * kPrime2, 31) * kPrime1;
}

std::uint64_t merge(std::uint64_t hash, std::uint64_t lane) {
  return (hash ^ round_of(0, lane)) * kPrime1 + kPrime4;
}

// Takes all whole stripes away from the bytes.
std::uint64_t stripes(std::string_view& bytes) {
  // Four variables, no array: each stays in its register, which makes this three times as fast.
  std::uint64_t a = kPrime1 + kPrime2, b = kPrime2, c = 0, d = 0 - kPrime1;
  const char* at = bytes.data();
  const char* const end = at + bytes.size() / kStripe * kStripe;
  for (; at != end; at += kStripe) {
    a = round_of(a, load<std::uint64_t>(at));
    b = round_of(b, load<std::uint64_t>(at + 8));
    c = round_of(c, load<std::uint64_t>(at + 16));
    d = round_of(d, load<std::uint64_t>(at + 24));
  }
  bytes.remove_prefix(bytes.size() / kStripe * kStripe);
  const std::uint64_t hash = std::rotl(a, 1) + std::rotl(b, 7) + std::rotl(c, 12) + std::rotl(d, 18);
  return merge(merge(merge(merge(hash, a), b), c), d);
}

}  // namespace

std::uint64_t xxh64(std::string_view bytes) {
  const std::uint64_t size = bytes.size();
  std::uint64_t hash = size >= kStripe ? stripes(bytes) : kPrime5;
  hash += size;
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    hash = std::rotl(hash ^ round_of(0, load<std::uint64_t>(&bytes.front())), 27) * kPrime1 + kPrime4;
  }
  if (bytes.size() >= 4) {
    hash = std::rotl(hash ^ load<std::uint32_t>(&bytes.front()) * kPrime1, 23) * kPrime2 + kPrime3;
    bytes.remove_prefix(4);
  }
  for (const char byte : bytes) hash = std::rotl(hash ^ static_cast<unsigned char>(byte) * kPrime5, 11) * kPrime1;
  hash = (hash ^ (hash >> 33U)) * kPrime2;
  hash = (hash ^ (hash >> 29U)) * kPrime3;
  return hash ^ (hash >> 32U);
}

}  // namespace tocsin::base
