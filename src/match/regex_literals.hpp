// What a text must hold for an expression to match: found out from the expression, so that most texts need no search.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "match/regex.hpp"

namespace tocsin::match {

// Literals in lower-case ASCII: every text that the expression matches holds at least one of them after
// `append_folded`. Nothing where no such set is known. REQUIRES: check_regex had nothing against it.
[[nodiscard]] std::optional<std::vector<std::string>> required_literals(std::string_view pattern, RegexFlags flags);

// Several such sets, of which every text that matches holds one of each: the one above is for finding candidates, these
// are for turning them down. May have literals of one character. None where nothing is known.
[[nodiscard]] std::vector<std::vector<std::string>> required_sets(std::string_view pattern, RegexFlags flags);

}  // namespace tocsin::match
