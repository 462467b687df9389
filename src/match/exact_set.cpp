#include "match/exact_set.hpp"

#include <algorithm>
#include <bit>

namespace tocsin::match {

ExactSet add_exact_set(std::vector<Literal> texts, std::string_view chars, std::vector<std::uint32_t>& words,
                       std::vector<Literal>& pool) {
  ExactSet set;
  set.first = static_cast<std::uint32_t>(pool.size());
  set.count = static_cast<std::uint32_t>(texts.size());
  if (texts.empty()) return set;
  set.bucket_bits = static_cast<std::uint32_t>(std::bit_width(texts.size()));
  const auto bucket_of = [&](const Literal& text) {
    return base::key_hash(chars.substr(text.offset, text.length)) >> (64 - set.bucket_bits);
  };
  std::ranges::stable_sort(texts, {}, bucket_of);
  set.buckets = static_cast<std::uint32_t>(words.size());
  std::uint32_t next = 0;
  for (std::uint64_t bucket = 0; bucket <= std::uint64_t{1} << set.bucket_bits; ++bucket) {
    while (next < set.count && bucket_of(texts[next]) < bucket) ++next;
    words.push_back(next);
  }
  pool.insert(pool.end(), texts.begin(), texts.end());
  return set;
}

}  // namespace tocsin::match
