#include "match/literal_scan.hpp"

#if defined(__SSE4_1__)
#include <smmintrin.h>
#endif

#include "base/cpu.hpp"
#include "base/text.hpp"

namespace tocsin::match {

#if defined(__SSE4_1__)

namespace {

constexpr std::size_t kBlock = 16;

class LongScan {
 public:
  LongScan(const GramTable& table, const LiteralPools& pools, std::string_view text)
      : table_(table), pools_(pools), text_(text), bitmap_(pools.words.data() + table.bitmap) {}

  // As find_in_table does it, four grams at a time.
  [[nodiscard]] std::optional<bool> run() const {
    std::size_t at = 0;
    for (; at + kBlock <= text_.size(); at += kBlock) {
      const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text_.data() + at));
      if (_mm_movemask_epi8(bytes) != 0) return std::nullopt;
      if (may_begin(bytes) && begins_one(at, at + kBlock)) return true;
    }
    if (!base::is_ascii(text_.substr(at))) return std::nullopt;
    return begins_one(at, text_.size());
  }

 private:
  // False: none of the block's four grams is that of a literal.
  [[nodiscard]] bool may_begin(__m128i bytes) const {
    const __m128i upper =
        _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8('A' - 1)), _mm_cmplt_epi8(bytes, _mm_set1_epi8('Z' + 1)));
    const __m128i folded = _mm_or_si128(bytes, _mm_and_si128(upper, _mm_set1_epi8('a' - 'A')));
    const __m128i hashes = _mm_mullo_epi32(folded, _mm_set1_epi32(static_cast<int>(gram_hash(1))));
    const __m128i bits = _mm_srl_epi32(hashes, _mm_cvtsi32_si128(static_cast<int>(32 - table_.bitmap_bits)));
    const auto low = static_cast<std::uint64_t>(_mm_cvtsi128_si64(bits));
    const auto high = static_cast<std::uint64_t>(_mm_extract_epi64(bits, 1));
    const auto is_set = [this](std::uint64_t bit) { return bitmap_[bit >> 5U] >> (bit & 31U); };
    return ((is_set(low & 0xFFFFFFFFU) | is_set(low >> 32U) | is_set(high & 0xFFFFFFFFU) | is_set(high >> 32U)) & 1U) !=
           0;
  }

  // True where a gram in [at, end) belongs to a literal that is there.
  [[nodiscard]] bool begins_one(std::size_t at, std::size_t end) const {
    for (; at < end && at + kGramWidth <= text_.size(); at += kStride) {
      char gram[kGramWidth];
      for (std::uint32_t i = 0; i < kGramWidth; ++i) gram[i] = base::fold_ascii(text_[at + i]);
      const std::uint32_t hash = gram_hash(gram_at(gram, kGramWidth));
      const std::uint32_t bit = hash >> (32 - table_.bitmap_bits);
      if ((bitmap_[bit >> 5U] >> (bit & 31U) & 1U) == 0) continue;
      const std::uint32_t bucket = hash >> (32 - table_.bucket_bits);
      const std::uint32_t last = pools_.words[table_.buckets + bucket + 1];
      for (std::uint32_t i = pools_.words[table_.buckets + bucket]; i < last; ++i) {
        if (stands_at(pools_.literals[table_.first + i], at)) return true;
      }
    }
    return false;
  }
  [[nodiscard]] bool stands_at(const Literal& literal, std::size_t at) const {
    if (at < literal.gram_at || text_.size() - (at - literal.gram_at) < literal.length) return false;
    const std::string_view wanted = pools_.chars.substr(literal.offset, literal.length);
    return std::ranges::equal(text_.substr(at - literal.gram_at, literal.length), wanted, {}, base::fold_ascii);
  }

  const GramTable& table_;
  const LiteralPools& pools_;
  std::string_view text_;
  const std::uint32_t* bitmap_;
};

}  // namespace

std::optional<bool> holds_literal(const LiteralSet& set, const LiteralPools& pools, std::string_view text) {
  const bool all_long = std::all_of(set.tables.begin(), set.tables.begin() + kLongTable,
                                    [](const auto& table) { return table.count == 0; });
  if (base::scalar_kernels() || !all_long) return std::nullopt;
  if (set.tables[kLongTable].count == 0) return false;
  return LongScan(set.tables[kLongTable], pools, text).run();
}

#else

std::optional<bool> holds_literal(const LiteralSet&, const LiteralPools&, std::string_view) {
  return std::nullopt;
}

#endif

}  // namespace tocsin::match
