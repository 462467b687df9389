// Texts that are looked up whole. Tables are plain words in one pool, as those of literal_set.hpp. Pure, thread-safe.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/quick_hash.hpp"
#include "match/literal_set.hpp"

namespace tocsin::match {

struct ExactSet {
  std::uint32_t buckets = 0, bucket_bits = 0;  // as GramTable
  std::uint32_t first = 0, count = 0;
};

// Appends the set to the pools. Texts may be empty.
[[nodiscard]] ExactSet add_exact_set(std::vector<Literal> texts, std::string_view chars,
                                     std::vector<std::uint32_t>& words, std::vector<Literal>& pool);

// Calls `found(owner)` for each that equals the text.
template <class Found>
void find_exact(const ExactSet& set, const LiteralPools& pools, std::string_view text, Found found) {
  if (set.count == 0) return;
  const std::uint64_t bucket = base::key_hash(text) >> (64 - set.bucket_bits);
  const std::uint32_t end = pools.words[set.buckets + bucket + 1];
  for (std::uint32_t i = pools.words[set.buckets + bucket]; i < end; ++i) {
    const Literal& literal = pools.literals[set.first + i];
    if (pools.chars.substr(literal.offset, literal.length) == text) found(literal.owner);
  }
}

}  // namespace tocsin::match
