// Compiled rule sets between runs: which file, whether it still holds, and keeping a new one (decision 0019).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tocsin/ruleset.hpp"

#include "detect/sigma/set_file.hpp"

namespace tocsin {

inline constexpr std::size_t kMaxCacheFile = std::size_t{256} << 20;  // larger sets are compiled each time
inline constexpr std::size_t kMaxCacheFiles = 16;
inline constexpr std::uint64_t kMaxCacheBytes = 2 * kMaxCacheFile;  // the largest set must not throw itself out

// One load's view of the cache.
class RuleCacheFile {
 public:
  explicit RuleCacheFile(const RuleSetOptions& options);

  // The set that was kept, where everything it was made from is as it was.
  [[nodiscard]] std::optional<sigma::LoadedSet> take();
  // Keeps the set. Nothing is kept where `sources` are not complete: a pipe, a folder that cannot be read.
  void keep(const sigma::LoadedSet& set, const sigma::SetSources& sources, bool complete);
  // What became of it; nobody keeps anything from here on.
  [[nodiscard]] RuleCacheUse finish();

 private:
  std::optional<sigma::LoadedSet> read();
  void write(std::string_view bytes);

  const RuleSetOptions& options_;
  sigma::SetKey key_;
  RuleCacheUse use_;
  bool told_ = false;  // RuleCache::keep was called
};

}  // namespace tocsin
