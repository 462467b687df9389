// Many literals sought in a text in one pass. Each literal is found by one of its grams (its first four bytes that few
// other literals have; shorter literals by all they have): the text's grams are looked up in a bitmap, and where a bit
// is set the literals of that bucket are compared in full. Building costs microseconds a literal.
//
// The tables are plain words in one pool, so that thousands of sets lie in one block of bytes and can be kept on disk.
// Pure, thread-safe, no allocation in `find_literals`. Time: length of text, plus comparisons where grams agree.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace tocsin::match {

inline constexpr std::uint32_t kGramWidths = 4;  // 1 to 4 bytes

// Bytes [offset, offset + length) of the pool `chars`, and whose literal it is.
struct Literal {
  std::uint32_t offset = 0, length = 0;
  std::uint32_t owner = 0;
  std::uint32_t gram_at = 0;  // set by add_literal_set
};

// All literals whose gram has one width. A pool of words holds the bitmap, then the beginning of each bucket.
struct GramTable {
  std::uint32_t bitmap = 0, bitmap_bits = 0;  // first word; log2 of its bits
  std::uint32_t buckets = 0,
                bucket_bits = 0;       // first word; log2 of their number. One word more says where the last ends
  std::uint32_t first = 0, count = 0;  // in the pool of literals, ordered by bucket
};
struct LiteralSet {
  std::array<GramTable, kGramWidths> tables;  // by width - 1
};

// Appends the set to the pools. REQUIRES: no literal is empty.
[[nodiscard]] LiteralSet add_literal_set(std::vector<Literal> literals, std::string_view chars,
                                         std::vector<std::uint32_t>& words, std::vector<Literal>& pool);

struct LiteralPools {
  std::span<const std::uint32_t> words;
  std::span<const Literal> literals;
  std::string_view chars;
};

constexpr std::uint32_t gram_hash(std::uint32_t gram) {
  return gram * 0x9E3779B1U;
}

// The gram of `width` bytes at `at`. REQUIRES: it lies in the text.
inline std::uint32_t gram_at(const char* at, std::uint32_t width) {
  std::uint32_t gram = 0;
  std::memcpy(&gram, at, width);
  return gram;
}

template <std::uint32_t width, class Found>
void find_in_table(const GramTable& table, const LiteralPools& pools, std::string_view text, Found& found) {
  if (table.count == 0 || text.size() < width) return;
  const std::uint32_t* bitmap = pools.words.data() + table.bitmap;
  const std::uint32_t* buckets = pools.words.data() + table.buckets;
  const Literal* literals = pools.literals.data() + table.first;
  const char* const begin = text.data();
  const std::size_t last = text.size() - width;
  for (std::size_t at = 0; at <= last; ++at) {
    const std::uint32_t hash = gram_hash(gram_at(begin + at, width));
    const std::uint32_t bit = hash >> (32 - table.bitmap_bits);
    if ((bitmap[bit >> 5U] >> (bit & 31U) & 1U) == 0) [[likely]]
      continue;
    const std::uint32_t bucket = hash >> (32 - table.bucket_bits);
    for (std::uint32_t i = buckets[bucket]; i < buckets[bucket + 1]; ++i) {
      const Literal& literal = literals[i];
      if (at < literal.gram_at || text.size() - (at - literal.gram_at) < literal.length) continue;
      const char* const place = begin + at - literal.gram_at;
      if (std::memcmp(place, pools.chars.data() + literal.offset, literal.length) == 0) found(literal.owner);
    }
  }
}

// Calls `found(owner)` for each literal that occurs in the text, once for each place of its gram.
template <class Found>
void find_literals(const LiteralSet& set, const LiteralPools& pools, std::string_view text, Found found) {
  find_in_table<4>(set.tables[3], pools, text, found);
  find_in_table<3>(set.tables[2], pools, text, found);
  find_in_table<2>(set.tables[1], pools, text, found);
  find_in_table<1>(set.tables[0], pools, text, found);
}

}  // namespace tocsin::match
