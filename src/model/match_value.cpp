#include "model/match_value.hpp"

#include <algorithm>

namespace tocsin::model {
namespace {

bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

}  // namespace

void set_match_value(Match& match, std::string_view value, std::size_t begin, std::size_t end, std::size_t longest) {
  std::size_t from = 0, to = value.size();
  if (value.size() > longest) {
    from = std::min(begin - std::min(begin, longest / 4), value.size() - longest);
    to = from + longest;
    while (from < begin && continues(value, from)) ++from;
    while (to > from && continues(value, to)) --to;
    match.value_from = from;
    match.value_size = value.size();
  }
  match.value = value.substr(from, to - from);
  match.span = {static_cast<std::uint32_t>(begin - from), static_cast<std::uint32_t>(std::min(end, to) - from)};
}

}  // namespace tocsin::model
