// The keys of all objects of one record, to find keys that an object has twice. Reused from record to record.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace tocsin::evidence::json {

class KeySet {
 public:
  // Forgets everything. `text` is the record that later positions are of; it must outlive their use.
  void begin(std::string_view text);
  // False: object `object` already has this key. `begin`, `end`: the key's inside in the text, before unescaping.
  // `hash`: of the unescaped key.
  [[nodiscard]] bool add(std::uint32_t object, std::size_t begin, std::size_t end, bool escaped, std::uint64_t hash);

 private:
  // Keys that collide more often than this (only a hostile record's do) are not compared any further.
  static constexpr std::size_t kMaxProbes = 64;
  static constexpr std::size_t kKeptSize = std::size_t{1} << 16;
  struct Entry {
    std::uint64_t tag = 0;
    std::uint32_t round = 0, object = 0;
    std::uint32_t begin = 0, end = 0;
    bool escaped = false;
  };
  [[nodiscard]] bool equal(const Entry& entry, std::uint32_t object, std::size_t begin, std::size_t end, bool escaped);
  void grow();
  std::string_view text_;
  std::vector<Entry> entries_;
  std::size_t count_ = 0;
  std::uint32_t round_ = 0;
};

}  // namespace tocsin::evidence::json
