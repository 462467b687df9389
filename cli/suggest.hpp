// "Did you mean": the nearest of a list of names.
#pragma once

#include <span>
#include <string_view>

namespace tocsin::cli {

// The name with the fewest typing slips between it and `text` (insert, delete, replace, swap neighbours), or the only
// one that begins with `text`; empty where none is near enough to be meant.
[[nodiscard]] std::string_view nearest(std::string_view text, std::span<const std::string_view> names);

}  // namespace tocsin::cli
