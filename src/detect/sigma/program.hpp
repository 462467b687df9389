// A condition as straight code with jumps over one truth value, so that nothing is judged that cannot change the
// outcome. Words of 32 bits: 4 bits of operation, 28 bits of argument.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace tocsin::sigma {

enum class Operation : std::uint32_t {
  item,           // truth = truth of item `argument`
  jump_if_false,  // to word `argument` of this program
  jump_if_true,
  negate,
  start_count,    // count = 0
  count,          // if truth: ++count
  jump_if_count,  // next word holds the target: jump with truth = true if count == argument
  set_false,
};

inline constexpr std::uint32_t kArgumentBits = 28;
inline constexpr std::uint32_t kMaxArgument = (std::uint32_t{1} << kArgumentBits) - 1;

constexpr std::uint32_t encode(Operation operation, std::uint32_t argument = 0) {
  return static_cast<std::uint32_t>(operation) << kArgumentBits | argument;
}
constexpr Operation operation_of(std::uint32_t word) {
  return static_cast<Operation>(word >> kArgumentBits);
}
constexpr std::uint32_t argument_of(std::uint32_t word) {
  return word & kMaxArgument;
}

// `item(index)` gives the truth of an item.
template <class Item>
bool run_program(std::span<const std::uint32_t> code, Item item) {
  bool truth = false;
  std::uint32_t count = 0;
  for (std::size_t at = 0; at < code.size();) {
    const std::uint32_t word = code[at++];
    const std::uint32_t argument = argument_of(word);
    switch (operation_of(word)) {
      case Operation::item:
        truth = item(argument);
        break;
      case Operation::jump_if_false:
        if (!truth) at = argument;
        break;
      case Operation::jump_if_true:
        if (truth) at = argument;
        break;
      case Operation::negate:
        truth = !truth;
        break;
      case Operation::start_count:
        count = 0;
        break;
      case Operation::count:
        count += truth ? 1U : 0U;
        break;
      case Operation::jump_if_count: {
        const std::uint32_t target = code[at++];
        if (count == argument) {
          truth = true;
          at = target;
        }
        break;
      }
      case Operation::set_false:
        truth = false;
        break;
    }
  }
  return truth;
}

}  // namespace tocsin::sigma
