// Which predicates an instance cannot be true without: of the conditions that it must meet, the one that the fewest
// values do. Only instances woken by such a predicate are judged for an event (docs/formats/compiled-rules.md).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "detect/sigma/rule.hpp"
#include "detect/sigma/value_index.hpp"

namespace tocsin::sigma {

class WakePlan {
 public:
  // REQUIRES: all instances are in the tables, and live as long as this.
  WakePlan(const BlobTables& tables, std::span<const ValueIndexBuilder::Kept> fits);

  enum class Among : std::uint8_t { all, keys };  // which operands' predicates are taken
  // At least one of them is true wherever the rule with these items is; nothing where there is no such list.
  [[nodiscard]] std::optional<std::vector<std::uint32_t>> needed(const Rule& rule, std::span<const std::uint32_t> items,
                                                                 Among among) const;

 private:
  struct Clause {
    std::vector<std::uint32_t> predicates;
    double cost = 0;  // about how many values of a thousand meet it; only for comparing
  };
  using MaybeClause = std::optional<Clause>;
  [[nodiscard]] double cost_of(std::uint32_t predicate) const;
  [[nodiscard]] MaybeClause of_item(std::uint32_t item, Among among) const;
  [[nodiscard]] MaybeClause of_selection(const Selection& selection, std::span<const std::uint32_t> items,
                                         Among among) const;
  [[nodiscard]] static MaybeClause of_node(const ConditionNode& node, std::vector<MaybeClause>& below);

  const BlobTables& tables_;
  std::span<const ValueIndexBuilder::Kept> fits_;
  std::vector<std::uint32_t> uses_;  // of each predicate, by instances
};

// Fills the tables of wakes and the values' indexes. `rules` by RuleRecord. REQUIRES: all instances are there.
void plan_wakes(TableBuilder& builder, std::span<const Rule* const> rules);

}  // namespace tocsin::sigma
