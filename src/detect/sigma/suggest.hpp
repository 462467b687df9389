// "Did you mean": the nearest known word. Pure, thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tocsin::sigma {

// Edits (insert, delete, replace, swap of neighbours) between two words, ignoring ASCII case. Words over 64 bytes are
// cut.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);
// The known word that is near enough to be a slip of `word` (the first of the nearest), else nothing.
[[nodiscard]] std::string_view nearest_word(std::string_view word, std::span<const std::string_view> known);
// "did you mean `x`?", or empty.
[[nodiscard]] std::string did_you_mean(std::string_view word, std::span<const std::string_view> known);

}  // namespace tocsin::sigma
