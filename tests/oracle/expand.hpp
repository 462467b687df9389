// Placeholders under `expand` (docs/formats/sigma.md D19).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/sigma/value_forms.hpp"

namespace tocsin::oracle {

// Every text that the value stands for; nothing where a placeholder has no values.
[[nodiscard]] std::optional<std::vector<std::string>> expand(std::string_view value,
                                                             const sigma::Placeholders& placeholders);
// The expression with each placeholder as an alternative of its values, taken as text.
[[nodiscard]] std::optional<std::string> expand_in_expression(std::string_view value,
                                                              const sigma::Placeholders& placeholders);

}  // namespace tocsin::oracle
