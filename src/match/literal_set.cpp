#include "match/literal_set.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace tocsin::match {

namespace {

// Bits of the bitmap for each literal: about one in this many other grams then looks like one that is there. Small
// tables can have more.
constexpr std::uint32_t kBitsPerLiteral = 16, kBitsPerFew = 64, kSmallBits = 14;
constexpr std::uint32_t kMinBits = 6, kMaxBits = 24;

std::uint32_t table_of(const Literal& literal) {
  return literal.length >= kLongLiteral ? kLongTable : std::min(literal.length, kGramWidth) - 1;
}

std::uint32_t width_of(std::uint32_t table) {
  return std::min(table + 1, kGramWidth);
}

std::uint32_t bits_for(std::size_t count, std::uint32_t most = kMaxBits) {
  return std::clamp(static_cast<std::uint32_t>(std::bit_width(count)), kMinBits, most);
}

// How many literals have each gram, for choosing those that few have. Grams that fall on one counter are taken for one:
// the choice is then a little worse, and as right.
class GramUses {
 public:
  GramUses(const std::vector<Literal>& literals, std::string_view chars) : chars_(chars) {
    std::size_t grams = 0;
    for (const Literal& literal : literals) grams += literal.length;
    bits_ = std::clamp(static_cast<std::uint32_t>(std::bit_width(grams)) + 1, kMinBits, kMaxBits);
    uses_.resize(std::size_t{1} << bits_);
    for (const Literal& literal : literals) {
      const std::uint32_t width = width_of(table_of(literal));
      for (std::uint32_t at = 0; at + width <= literal.length; ++at) ++uses_[counter(literal, at, width)];
    }
  }

  // Where `count` grams in a row begin that the fewest literals have; the first of equals.
  [[nodiscard]] std::uint32_t rarest(const Literal& literal, std::uint32_t count) const {
    const std::uint32_t width = width_of(table_of(literal));
    std::uint64_t fewest = ~std::uint64_t{0};
    std::uint32_t best = 0;
    for (std::uint32_t at = 0; at + count - 1 + width <= literal.length; ++at) {
      std::uint64_t sum = 0;
      for (std::uint32_t i = 0; i < count; ++i) sum += uses_[counter(literal, at + i, width)];
      if (sum >= fewest) continue;
      fewest = sum;
      best = at;
    }
    return best;
  }

 private:
  [[nodiscard]] std::size_t counter(const Literal& literal, std::uint32_t at, std::uint32_t width) const {
    const std::uint64_t gram = std::uint64_t{gram_at(chars_.data() + literal.offset + at, width)} << 8U | width;
    return gram * kGramSpread >> (64 - bits_);
  }
  static constexpr std::uint64_t kGramSpread = 0x9E3779B97F4A7C15;

  std::string_view chars_;
  std::uint32_t bits_ = 0;
  std::vector<std::uint32_t> uses_;
};

GramTable add_table(std::vector<Literal>& literals, std::uint32_t width, std::string_view chars,
                    std::vector<std::uint32_t>& words, std::vector<Literal>& pool) {
  GramTable table;
  table.first = static_cast<std::uint32_t>(pool.size());
  table.count = static_cast<std::uint32_t>(literals.size());
  if (literals.empty()) return table;
  table.bitmap_bits =
      std::max(bits_for(literals.size() * kBitsPerLiteral), bits_for(literals.size() * kBitsPerFew, kSmallBits));
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

LiteralSet add_literal_set(const std::vector<Literal>& literals, std::string_view chars,
                           std::vector<std::uint32_t>& words, std::vector<Literal>& pool) {
  const GramUses uses(literals, chars);
  std::array<std::vector<Literal>, kGramTables> tables;
  for (Literal literal : literals) {
    const std::uint32_t table = table_of(literal);
    const std::uint32_t count = table == kLongTable ? kStride : 1;
    const std::uint32_t first = uses.rarest(literal, count);
    for (std::uint32_t i = 0; i < count; ++i) {
      literal.gram_at = first + i;
      tables[table].push_back(literal);
    }
  }
  LiteralSet set;
  for (std::uint32_t i = 0; i < kGramTables; ++i) {
    set.tables[i] = add_table(tables[i], width_of(i), chars, words, pool);
  }
  return set;
}

}  // namespace tocsin::match
