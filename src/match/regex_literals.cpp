#include "match/regex_literals.hpp"

#include <algorithm>

#include <re2/filtered_re2.h>

#include "match/regex_options.hpp"

namespace tocsin::match {

namespace {

constexpr int kShortest = 2;               // one character is in nearly every text
constexpr std::size_t kMostLiterals = 64;  // more would cost more than they spare

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

}  // namespace

std::optional<std::vector<std::string>> required_literals(std::string_view pattern, RegexFlags flags) {
  re2::FilteredRE2 filter(kShortest);
  int id = 0;
  if (filter.Add(regex_text(pattern, flags), regex_options(flags), &id) != RE2::NoError) return std::nullopt;
  std::vector<std::string> literals;
  filter.Compile(&literals);
  std::vector<bool> kept(literals.size(), true);
  if (literals.size() > kMostLiterals || could_match_without(filter, kept)) return std::nullopt;
  // As few as can be: what is hard to find or common is tried first. What is left out must not be enough for a match.
  std::vector<std::size_t> order(literals.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return is_ascii(literals[i]) ? literals[i].size() : 0; });
  for (const std::size_t i : order) {
    kept[i] = false;
    if (could_match_without(filter, kept)) kept[i] = true;
  }
  std::vector<std::string> required;
  for (std::size_t i = 0; i < literals.size(); ++i) {
    if (!kept[i]) continue;
    if (!is_ascii(literals[i])) return std::nullopt;  // case is folded in another way than RE2's
    required.push_back(literals[i]);
  }
  std::ranges::sort(required);
  return required;
}

}  // namespace tocsin::match
