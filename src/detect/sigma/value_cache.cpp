#include "detect/sigma/value_cache.hpp"

#include <algorithm>
#include <random>

#include "base/quick_hash.hpp"

namespace tocsin::sigma {

ValueCache::ValueCache(std::size_t entries) : most_(entries) {
  if (entries == 0) return;
  table_.assign(entries * 2, kFree);
  mask_ = table_.size() - 1;
  std::random_device random;
  seed_ = std::uint64_t{random()} << 32U | random();
  entries_.reserve(entries);
  texts_.reserve(kMaxBytes);
  numbers_.reserve(kMaxNumbers);
}

std::optional<std::span<const std::uint32_t>> ValueCache::find(std::uint32_t operand, std::string_view text) {
  if (most_ == 0 || text.size() > kMaxText) return std::nullopt;
  hash_ = base::seeded_hash(text, seed_ + operand);
  slot_ = hash_ & mask_;
  for (; table_[slot_] != kFree; slot_ = (slot_ + 1) & mask_) {
    const Entry& entry = entries_[table_[slot_]];
    if (entry.hash != hash_ || entry.operand != operand) continue;
    if (std::string_view(texts_.data() + entry.text, entry.length) != text) continue;
    return std::span(numbers_).subspan(entry.first, entry.count);
  }
  return std::nullopt;
}

void ValueCache::keep(std::uint32_t operand, std::string_view text, std::span<const std::uint32_t> predicates) {
  if (most_ == 0 || text.size() > kMaxText || predicates.size() > kMaxNumbers) return;
  if (entries_.size() == most_ || texts_.size() + text.size() > kMaxBytes ||
      numbers_.size() + predicates.size() > kMaxNumbers) {
    clear();
    slot_ = hash_ & mask_;
  }
  table_[slot_] = static_cast<std::uint32_t>(entries_.size());
  entries_.push_back({hash_, operand, static_cast<std::uint32_t>(texts_.size()),
                      static_cast<std::uint32_t>(text.size()), static_cast<std::uint32_t>(numbers_.size()),
                      static_cast<std::uint32_t>(predicates.size())});
  texts_.insert(texts_.end(), text.begin(), text.end());
  numbers_.insert(numbers_.end(), predicates.begin(), predicates.end());
}

void ValueCache::clear() {
  std::ranges::fill(table_, kFree);
  entries_.clear();
  texts_.clear();
  numbers_.clear();
}

}  // namespace tocsin::sigma
