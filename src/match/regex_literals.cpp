#include "match/regex_literals.hpp"

#include <algorithm>
#include <utility>

#include <re2/filtered_re2.h>

#include "match/regex_options.hpp"

namespace tocsin::match {

namespace {

constexpr int kShortest = 2;               // one character is in nearly every text
constexpr std::size_t kMostLiterals = 64;  // more would cost more than they spare
constexpr std::size_t kMostSets = 3, kMostInSet = 8;

bool is_ascii(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// True where a text that holds none but the literals left out of `kept` could match.
bool could_match_without(const re2::FilteredRE2& filter, const std::vector<bool>& kept) {
  std::vector<int> others, potential;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (!kept[i]) others.push_back(static_cast<int>(i));
  }
  filter.AllPotentials(others, &potential);
  return !potential.empty();
}

// The literals of an expression, and which of them a match needs.
class Needs {
 public:
  Needs(std::string_view pattern, RegexFlags flags, int shortest) : filter_(shortest) {
    int id = 0;
    if (filter_.Add(regex_text(pattern, flags), regex_options(flags), &id) != RE2::NoError) return;
    filter_.Compile(&literals_);
    const std::vector<bool> all(literals_.size(), true);
    if (literals_.size() > kMostLiterals || could_match_without(filter_, all)) literals_.clear();
    used_.resize(literals_.size());
  }

  // As few literals as can be, one of which every match holds: what is hard to find or common is left out first, and
  // what an earlier call gave even before. What is left out must not be enough for a match. Empty: nothing is known.
  std::vector<std::string> next_set() {
    std::vector<bool> kept(literals_.size(), true);
    std::vector<std::size_t> order(literals_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::stable_sort(order, {}, [&](std::size_t i) {
      return std::pair(!used_[i], is_ascii(literals_[i]) ? literals_[i].size() : 0);
    });
    for (const std::size_t i : order) {
      kept[i] = false;
      if (could_match_without(filter_, kept)) kept[i] = true;
    }
    std::vector<std::string> required;
    for (std::size_t i = 0; i < literals_.size(); ++i) {
      if (!kept[i]) continue;
      if (!is_ascii(literals_[i])) return {};  // case is folded in another way than RE2's
      required.push_back(literals_[i]);
      used_[i] = true;
    }
    std::ranges::sort(required);
    return required;
  }

 private:
  re2::FilteredRE2 filter_;
  std::vector<std::string> literals_;
  std::vector<bool> used_;  // given by an earlier call
};

}  // namespace

std::optional<std::vector<std::string>> required_literals(std::string_view pattern, RegexFlags flags) {
  std::vector<std::string> literals = Needs(pattern, flags, kShortest).next_set();
  if (literals.empty()) return std::nullopt;
  return literals;
}

std::vector<std::vector<std::string>> required_sets(std::string_view pattern, RegexFlags flags) {
  Needs needs(pattern, flags, 1);
  std::vector<std::vector<std::string>> sets;
  for (std::size_t i = 0; i < kMostSets; ++i) {
    std::vector<std::string> set = needs.next_set();
    if (set.empty() || std::ranges::find(sets, set) != sets.end()) break;
    if (set.size() <= kMostInSet) sets.push_back(std::move(set));
  }
  return sets;
}

}  // namespace tocsin::match
