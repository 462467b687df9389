// Conditions, for a rule with these selections.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "detect/sigma/condition_parser.hpp"

namespace {
constexpr std::string_view kSelections[] = {
    "selection", "selection_img", "filter", "filter_main_1", "filter_main_2", "a", "b", "c", "_hidden"};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view condition(reinterpret_cast<const char*>(data), size);
  std::vector<tocsin::sigma::ConditionNode> nodes;
  std::vector<tocsin::sigma::ConditionProblem> problems;
  const auto root = tocsin::sigma::parse_condition(condition, kSelections, nodes, problems);
  if (!root) {
    if (problems.empty()) __builtin_trap();  // refused without a word
    for (const auto& problem : problems) {
      if (problem.begin > problem.end || problem.end > condition.size()) __builtin_trap();
    }
    return 0;
  }
  if (*root + 1 != nodes.size()) __builtin_trap();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (const std::uint32_t child : nodes[i].children) {
      if (child >= i) __builtin_trap();  // children come first
    }
  }
  return 0;
}
