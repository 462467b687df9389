#include "evidence/json/key_set.hpp"

#include <string>
#include <utility>

#include "evidence/json/key_hash.hpp"
#include "evidence/json/lex.hpp"

namespace tocsin::evidence::json {

void KeySet::begin(std::string_view text) {
  text_ = text;
  count_ = 0;
  if (entries_.empty() || entries_.size() > kKeptSize || ++round_ == 0) {
    entries_.assign(256, {});
    round_ = 1;
  }
}

bool KeySet::equal(const Entry& entry, std::uint32_t object, std::size_t begin, std::size_t end, bool escaped) {
  if (entry.object != object) return false;
  const std::string_view a = text_.substr(entry.begin, entry.end - entry.begin), b = text_.substr(begin, end - begin);
  if (!entry.escaped && !escaped) return a == b;
  std::string plain_a, plain_b;
  append_unescaped(plain_a, a);
  append_unescaped(plain_b, b);
  return plain_a == plain_b;
}

bool KeySet::add(std::uint32_t object, std::size_t begin, std::size_t end, bool escaped, std::uint64_t hash) {
  const std::uint64_t tag = mix_hash(hash, object);
  const std::size_t mask = entries_.size() - 1;
  std::size_t slot = tag & mask;
  for (std::size_t probe = 0; probe < kMaxProbes; ++probe, slot = (slot + 1) & mask) {
    Entry& entry = entries_[slot];
    if (entry.round != round_) {
      entry = {tag, round_, object, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), escaped};
      if (++count_ * 2 > entries_.size()) grow();
      return true;
    }
    if (entry.tag == tag && equal(entry, object, begin, end, escaped)) return false;
  }
  return true;
}

void KeySet::grow() {
  std::vector<Entry> old = std::exchange(entries_, std::vector<Entry>(entries_.size() * 4));
  const std::size_t mask = entries_.size() - 1;
  for (const Entry& entry : old) {
    if (entry.round != round_) continue;
    std::size_t slot = entry.tag & mask, probe = 0;
    while (entries_[slot].round == round_ && probe < kMaxProbes) slot = (slot + 1) & mask, ++probe;
    if (probe < kMaxProbes) entries_[slot] = entry;
  }
}

}  // namespace tocsin::evidence::json
