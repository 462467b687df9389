// A small deterministic generator (SplitMix64, Steele et al. 2014): the same numbers on every machine and library.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/hash.hpp"

namespace tocsin::makers {

class Random {
 public:
  // Streams with different names are independent of each other.
  Random(std::uint64_t seed, std::string_view stream) : state_(seed ^ base::fnv1a(stream)) { next(); }

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  // In [low, high], both included. REQUIRES: low <= high. The bias of the remainder does not matter here.
  std::uint64_t between(std::uint64_t low, std::uint64_t high) {
    const std::uint64_t range = high - low + 1;
    return low + (range == 0 ? next() : next() % range);
  }

 private:
  std::uint64_t state_;
};

}  // namespace tocsin::makers
