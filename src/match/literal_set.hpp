// Many literals sought in a text in one pass. Each literal is found by grams, four of its bytes in a row, those that
// few other literals have: the text's grams are looked up in a bitmap, and where a bit is set the literals of that
// bucket are compared in full. Of a literal of seven bytes or more, four grams in a row are noted: one of them begins
// at a place that four divides, so that only every fourth place of the text is looked at. Shorter literals cost a pass
// each length. Building costs microseconds a literal.
//
// The tables are plain words in one pool, so that thousands of sets lie in one block of bytes and can be kept on disk.
// Pure, thread-safe, no allocation in `find_literals`. Time: length of text, plus comparisons where grams agree.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace tocsin::match {

inline constexpr std::uint32_t kGramWidth = 4, kStride = 4;
inline constexpr std::uint32_t kLongLiteral = kGramWidth + kStride - 1;
// Tables 0 to 3: literals with grams of one to four bytes. Table 4: long literals.
inline constexpr std::uint32_t kGramTables = 5, kLongTable = 4;

// Bytes [offset, offset + length) of the pool `chars`, and whose literal it is.
struct Literal {
  std::uint32_t offset = 0, length = 0;
  std::uint32_t owner = 0;
  std::uint32_t gram_at = 0;  // set by add_literal_set
};

// A pool of words holds the bitmap, then the beginning of each bucket.
struct GramTable {
  std::uint32_t bitmap = 0, bitmap_bits = 0;  // first word; log2 of its bits
  std::uint32_t buckets = 0,
                bucket_bits = 0;       // first word; log2 of their number. One word more says where the last ends
  std::uint32_t first = 0, count = 0;  // in the pool of literals, ordered by bucket
};
struct LiteralSet {
  std::array<GramTable, kGramTables> tables;
  [[nodiscard]] bool empty() const {
    return std::ranges::all_of(tables, [](const GramTable& table) { return table.count == 0; });
  }
};

// Appends the set to the pools. REQUIRES: no literal is empty.
[[nodiscard]] LiteralSet add_literal_set(const std::vector<Literal>& literals, std::string_view chars,
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

template <std::uint32_t width, std::uint32_t stride, class Found>
void find_in_table(const GramTable& table, const LiteralPools& pools, std::string_view text, Found& found) {
  if (table.count == 0 || text.size() < width) return;
  const std::uint32_t* bitmap = pools.words.data() + table.bitmap;
  const std::uint32_t* buckets = pools.words.data() + table.buckets;
  const Literal* literals = pools.literals.data() + table.first;
  const char* const begin = text.data();
  const std::size_t last = text.size() - width;
  for (std::size_t at = 0; at <= last; at += stride) {
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
  find_in_table<kGramWidth, kStride>(set.tables[kLongTable], pools, text, found);
  find_in_table<4, 1>(set.tables[3], pools, text, found);
  find_in_table<3, 1>(set.tables[2], pools, text, found);
  find_in_table<2, 1>(set.tables[1], pools, text, found);
  find_in_table<1, 1>(set.tables[0], pools, text, found);
}

}  // namespace tocsin::match
