#include "evidence/json/key_set.hpp"

#include <string>
#include <utility>

#include "base/quick_hash.hpp"
#include "evidence/json/lex.hpp"

namespace tocsin::evidence::json {
namespace {

// The unescaped key; `scratch` holds it where it had escapes.
std::string_view plain(std::string_view inside, bool escaped, std::string& scratch) {
  if (!escaped) return inside;
  append_unescaped(scratch, inside);
  return scratch;
}

}  // namespace

bool KeySet::Order::operator()(const Entry& a, const Entry& b) const {
  if (a.object != b.object) return a.object < b.object;
  std::string scratch_a, scratch_b;
  return plain(text->substr(a.begin, a.end - a.begin), a.escaped, scratch_a) <
         plain(text->substr(b.begin, b.end - b.begin), b.escaped, scratch_b);
}

void KeySet::begin(std::string_view text) {
  if (!crowd_.empty()) crowd_.clear();
  text_ = text;
  count_ = 0;
  if (entries_.empty() || entries_.size() > kKeptSize || ++round_ == 0) {
    entries_.assign(256, {});
    round_ = 1;
  }
}

bool KeySet::add(std::uint32_t object, std::size_t begin, std::size_t end, bool escaped, std::uint64_t hash) {
  const Entry entry{base::mix_hash(hash, object),    round_, object, static_cast<std::uint32_t>(begin),
                    static_cast<std::uint32_t>(end), escaped};
  if (!place(entry)) return false;
  if (count_ * 2 > entries_.size()) grow();
  return true;
}

// Every key that is in the table lies in front of the first free slot of its chain and behind fewer than kMaxEqualTags
// others of its tag; every other key is in the crowd. REQUIRES: the table has a free slot.
bool KeySet::place(const Entry& entry) {
  const std::size_t mask = entries_.size() - 1;
  std::size_t slot = entry.tag & mask, equal_tags = 0;
  for (std::size_t probe = 0; probe < kMaxProbes && equal_tags < kMaxEqualTags; ++probe, slot = (slot + 1) & mask) {
    Entry& other = entries_[slot];
    if (other.round != round_) {
      if (!crowd_.empty() && crowd_.contains(entry)) return false;
      other = entry;
      ++count_;
      return true;
    }
    if (other.tag != entry.tag) continue;
    if (same_key(other, entry)) return false;
    ++equal_tags;
  }
  return crowd_.insert(entry).second;
}

bool KeySet::same_key(const Entry& a, const Entry& b) const {
  if (a.object != b.object) return false;
  std::string scratch_a, scratch_b;
  return plain(text_.substr(a.begin, a.end - a.begin), a.escaped, scratch_a) ==
         plain(text_.substr(b.begin, b.end - b.begin), b.escaped, scratch_b);
}

void KeySet::grow() {
  const std::vector<Entry> old = std::exchange(entries_, std::vector<Entry>(entries_.size() * 4));
  count_ = 0;
  for (const Entry& entry : old) {
    if (entry.round == round_) (void)place(entry);
  }
}

}  // namespace tocsin::evidence::json
