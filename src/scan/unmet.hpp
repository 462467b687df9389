// Filters and fields that the user named and that no event has: a slip of the pen would otherwise look like "nothing
// found".
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/finding.hpp"
#include "tocsin/scanner.hpp"

#include "base/text_hash.hpp"
#include "model/event.hpp"
#include "scan/search_query.hpp"

namespace tocsin::scanning {

// --channel, --from and --to against all that was read. Nothing where no event was read.
[[nodiscard]] std::vector<UnmetFilter> unmet_filters(const EvidenceOptions& options,
                                                     const std::vector<SourceInfo>& sources);

// The names that a search's patterns use, and whether any event has them. One for each worker, merged when all are
// done; what it ends with does not depend on which worker saw what.
class PatternWatch {
 public:
  static constexpr std::size_t kMaxValues = 5'000;  // of a field of the event's head; beyond, nothing is said of it
  static constexpr std::size_t kMaxSlips = 20'000;  // names that were compared; beyond, they are compared again

  // Which fields any worker saw, so that the others need not look for them any more: as many as there are conditions.
  using Seen = std::vector<std::atomic<bool>>;
  // REQUIRES: `query` and `seen` outlive it.
  PatternWatch(const SearchQuery& query, Seen& seen);
  // Every event inside the filters, whether or not it is a hit.
  void look_at(const model::Event& event);
  void merge(const PatternWatch& other);
  // REQUIRES: some event was looked at.
  [[nodiscard]] std::vector<UnmetFilter> unmet() const;

 private:
  static constexpr std::size_t kNotHead = 4;
  struct Asked {  // a condition with a field
    const SearchCondition* condition = nullptr;
    std::size_t head = kNotHead;  // which of the head's fields it is
    bool seen = false;
    std::size_t slips = 0;
    std::string nearest;  // with so many slips; the least name of equal ones
  };
  void look_for(const model::Event& event);
  void compare(std::string_view name);
  [[nodiscard]] std::optional<UnmetFilter> unmet_value(const Asked& asked) const;

  void note(Asked& asked);

  const SearchQuery& query_;
  Seen& seen_;
  std::vector<Asked> asked_;
  std::array<std::set<std::string, std::less<>>, kNotHead> values_;  // of the head's fields that are asked for
  std::array<bool, kNotHead> wanted_{}, too_many_{};
  std::size_t to_look_for_ = 0;  // fields of no head that were not seen yet
  base::TextSet compared_;
};

}  // namespace tocsin::scanning
