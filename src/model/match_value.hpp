// How a proof keeps a value: whole where it is short, else the part around what matched.
#pragma once

#include <cstddef>
#include <string_view>

#include "tocsin/finding.hpp"

namespace tocsin::model {

// Sets Match::value, ::span, ::value_from and ::value_size for bytes [begin, end) of `value`. A value over `longest`
// bytes is cut to the part around the span, a quarter of it before, whole characters.
void set_match_value(Match& match, std::string_view value, std::size_t begin, std::size_t end, std::size_t longest);

}  // namespace tocsin::model
