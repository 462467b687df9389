#include "match/literal_set.hpp"

#include <algorithm>
#include <bit>
#include <unordered_map>
#include <utility>

namespace tocsin::match {

namespace {

// Bits of the bitmap for each literal: about one in this many other grams then looks like one that is there.
constexpr std::uint32_t kBitsPerLiteral = 16;
constexpr std::uint32_t kMinBits = 6, kMaxBits = 24;

std::uint32_t width_of(const Literal& literal) {
  return std::min(literal.length, kGramWidths);
}

std::uint32_t bits_for(std::size_t count) {
  return std::clamp(static_cast<std::uint32_t>(std::bit_width(count)), kMinBits, kMaxBits);
}

// Takes for each literal the gram that the fewest literals have, the first of equals.
void choose_grams(std::vector<Literal>& literals, std::string_view chars) {
  std::unordered_map<std::uint32_t, std::uint32_t> uses;
  for (const Literal& literal : literals) {
    const std::uint32_t width = width_of(literal);
    for (std::uint32_t at = 0; at + width <= literal.length; ++at) {
      ++uses[gram_hash(gram_at(chars.data() + literal.offset + at, width)) ^ width];
    }
  }
  for (Literal& literal : literals) {
    const std::uint32_t width = width_of(literal);
    std::uint32_t fewest = 0xFFFFFFFF;
    for (std::uint32_t at = 0; at + width <= literal.length; ++at) {
      const std::uint32_t count = uses[gram_hash(gram_at(chars.data() + literal.offset + at, width)) ^ width];
      if (count >= fewest) continue;
      fewest = count;
      literal.gram_at = at;
    }
  }
}

GramTable add_table(std::vector<Literal>& literals, std::uint32_t width, std::string_view chars,
                    std::vector<std::uint32_t>& words, std::vector<Literal>& pool) {
  GramTable table;
  table.first = static_cast<std::uint32_t>(pool.size());
  table.count = static_cast<std::uint32_t>(literals.size());
  if (literals.empty()) return table;
  table.bitmap_bits = bits_for(literals.size() * kBitsPerLiteral);
  table.bucket_bits = bits_for(literals.size());
  const auto hash = [&](const Literal& literal) {
    return gram_hash(gram_at(chars.data() + literal.offset + literal.gram_at, width));
  };
  std::ranges::stable_sort(literals, {}, hash);
  table.bitmap = static_cast<std::uint32_t>(words.size());
  words.resize(words.size() + (std::size_t{1} << table.bitmap_bits) / 32);
  for (const Literal& literal : literals) {
    const std::uint32_t bit = hash(literal) >> (32 - table.bitmap_bits);
    words[table.bitmap + (bit >> 5U)] |= std::uint32_t{1} << (bit & 31U);
  }
  table.buckets = static_cast<std::uint32_t>(words.size());
  const std::uint32_t buckets = std::uint32_t{1} << table.bucket_bits;
  std::uint32_t next = 0;
  for (std::uint32_t bucket = 0; bucket <= buckets; ++bucket) {
    while (next < table.count && hash(literals[next]) >> (32 - table.bucket_bits) < bucket) ++next;
    words.push_back(next);
  }
  pool.insert(pool.end(), literals.begin(), literals.end());
  return table;
}

}  // namespace

LiteralSet add_literal_set(std::vector<Literal> literals, std::string_view chars, std::vector<std::uint32_t>& words,
                           std::vector<Literal>& pool) {
  choose_grams(literals, chars);
  LiteralSet set;
  for (std::uint32_t width = 1; width <= kGramWidths; ++width) {
    std::vector<Literal> same;
    for (const Literal& literal : literals) {
      if (width_of(literal) == width) same.push_back(literal);
    }
    set.tables[width - 1] = add_table(same, width, chars, words, pool);
  }
  return set;
}

}  // namespace tocsin::match
