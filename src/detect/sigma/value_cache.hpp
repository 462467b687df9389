// What values have met before: from an operand and a text to the predicates that are true for it. Values repeat by the
// thousand (images, users, parents), so that most are never looked at again. Bounded; when full it begins anew.
//
// Owned by one judge, one thread at a time. A hit compares the whole text, so that nothing depends on the hash.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace tocsin::sigma {

class ValueCache {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{4} << 20;    // of texts
  static constexpr std::size_t kMaxNumbers = std::size_t{1} << 18;  // of predicates
  static constexpr std::size_t kMaxText = 2048;                     // longer texts hardly repeat

  // All memory is taken here. `entries` is a power of two, or 0: remembers nothing.
  explicit ValueCache(std::size_t entries);

  // Good until the next call of `keep`.
  [[nodiscard]] std::optional<std::span<const std::uint32_t>> find(std::uint32_t operand, std::string_view text);
  // REQUIRES: the last `find` was of the same, and found nothing.
  void keep(std::uint32_t operand, std::string_view text, std::span<const std::uint32_t> predicates);

 private:
  struct Entry {
    std::uint64_t hash = 0;
    std::uint32_t operand = 0;
    std::uint32_t text = 0, length = 0;  // in `texts_`
    std::uint32_t first = 0, count = 0;  // in `numbers_`
  };
  static constexpr std::uint32_t kFree = 0xFFFFFFFF;
  void clear();

  std::size_t most_, mask_ = 0;
  std::uint64_t seed_ = 0;            // another one each time: evidence must not be made to collide
  std::uint64_t hash_ = 0;            // of the last `find`
  std::size_t slot_ = 0;              // where it ended
  std::vector<std::uint32_t> table_;  // open addressing; indexes of entries
  std::vector<Entry> entries_;
  std::vector<char> texts_;
  std::vector<std::uint32_t> numbers_;
};

}  // namespace tocsin::sigma
