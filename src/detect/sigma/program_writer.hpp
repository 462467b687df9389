// Writes a rule's condition as a program (program.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "detect/sigma/rule.hpp"

namespace tocsin::sigma {

inline constexpr std::size_t kMaxProgramWords = std::size_t{1} << 20;

// `items` are the numbers of the items of the rule's slots: all items of all alternatives of all selections, in order.
// Nothing where the program would be too long.
[[nodiscard]] std::optional<std::vector<std::uint32_t>> write_program(const Rule& rule,
                                                                      const std::vector<std::uint32_t>& items);

}  // namespace tocsin::sigma
