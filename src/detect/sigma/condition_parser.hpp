// Conditions (sigma-rules-specification.md, "Condition"; docs/formats/sigma.md, D23 to D25): text in, flat tree out.
// Iterative: nesting costs heap, never stack. Pure, thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "detect/sigma/rule.hpp"

namespace tocsin::sigma {

inline constexpr std::size_t kMaxConditionLength = std::size_t{16} << 10;
inline constexpr std::size_t kMaxConditionNodes = 20'000;
inline constexpr std::size_t kMaxConditionDepth = 256;  // parentheses, and `not`s in a row

struct ConditionProblem {
  std::string_view code;
  bool warning = false;
  std::size_t begin = 0, end = 0;  // bytes of the condition
  std::string message{}, label{}, help{};
};

// Appends the nodes of one condition to `nodes` (children first) and gives the root's index; nothing where it is wrong,
// and then `problems` says why. `selections` are the rule's search identifiers, in its order.
[[nodiscard]] std::optional<std::uint32_t> parse_condition(std::string_view text,
                                                           std::span<const std::string_view> selections,
                                                           std::vector<ConditionNode>& nodes,
                                                           std::vector<ConditionProblem>& problems);

// The legacy aggregation behind a `|`: where it begins, if there is one.
[[nodiscard]] std::size_t find_aggregation(std::string_view condition);

}  // namespace tocsin::sigma
