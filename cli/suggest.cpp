#include "suggest.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace tocsin::cli {
namespace {

constexpr std::size_t kLongest = 64;  // a longer word is no typing slip

// Optimal string alignment distance, three rows.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before = std::exchange(last, std::exchange(now, before));
  }
  return last[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view text, std::span<const std::string_view> names) {
  if (text.empty() || text.size() > kLongest) return {};
  std::string_view best;
  std::size_t least = std::max<std::size_t>(1, text.size() / 3) + 1;
  for (const std::string_view name : names) {
    const std::size_t slips = distance(text, name);
    if (slips < least) least = slips, best = name;
  }
  if (!best.empty()) return best;
  const auto begins = [&](std::string_view name) { return name.starts_with(text); };
  if (text.size() >= 3 && std::ranges::count_if(names, begins) == 1) return *std::ranges::find_if(names, begins);
  return {};
}

}  // namespace tocsin::cli
