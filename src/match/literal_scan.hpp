// Literal sets and texts that have not been folded: folding is done on the way, without a copy, where a text is ASCII.
#pragma once

#include <optional>
#include <string_view>

#include "match/literal_set.hpp"

namespace tocsin::match {

// Whether the text, once folded by append_folded, holds one of the literals. Nothing where it must be folded to tell:
// it is not all ASCII, or some literals are short. Pure, thread-safe.
[[nodiscard]] std::optional<bool> holds_literal(const LiteralSet& set, const LiteralPools& pools,
                                                std::string_view text);

}  // namespace tocsin::match
