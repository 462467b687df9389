// The keys of all objects of one record, to find keys that an object has twice. Reused from record to record.
//
// A hash table, quick for the keys of real events. Whoever knows the hash can make keys that meet in one place of it;
// those go to an ordered set, so that none is missed and n keys cost n log n comparisons, never n².
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string_view>
#include <vector>

namespace tocsin::evidence::json {

class KeySet {
 public:
  KeySet() = default;
  KeySet(const KeySet&) = delete;
  KeySet& operator=(const KeySet&) = delete;
  // Forgets everything. `text` is the record that later positions are of; it must outlive their use.
  void begin(std::string_view text);
  // False: object `object` already has this key. `begin`, `end`: the key's inside in the text, before unescaping.
  // `hash`: of the unescaped key.
  [[nodiscard]] bool add(std::uint32_t object, std::size_t begin, std::size_t end, bool escaped, std::uint64_t hash);

 private:
  static constexpr std::size_t kMaxProbes = 64;    // a good hash needs more for one key in 100,000
  static constexpr std::size_t kMaxEqualTags = 4;  // 64 bits: different keys of real events do not even share one
  static constexpr std::size_t kKeptSize = std::size_t{1} << 16;
  struct Entry {
    std::uint64_t tag = 0;
    std::uint32_t round = 0, object = 0;
    std::uint32_t begin = 0, end = 0;
    bool escaped = false;
  };
  // By object, then by the bytes of the unescaped key.
  struct Order {
    const std::string_view* text;
    bool operator()(const Entry& a, const Entry& b) const;
  };
  bool place(const Entry& entry);
  [[nodiscard]] bool same_key(const Entry& a, const Entry& b) const;
  void grow();

  std::string_view text_;
  std::vector<Entry> entries_;
  std::size_t count_ = 0;
  std::uint32_t round_ = 0;
  std::set<Entry, Order> crowd_{Order{&text_}};  // what found no room near its place in the table
};

}  // namespace tocsin::evidence::json
