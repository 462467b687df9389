#include "tests/oracle/expand.hpp"

#include <utility>

#include <re2/re2.h>

#include "tests/oracle/mutation.hpp"

namespace tocsin::oracle {
namespace {

struct Piece {
  std::string text;  // or the placeholder's name
  bool placeholder = false;
};

std::vector<Piece> pieces_of(std::string_view value) {
  static const RE2 kPlaceholder("%([A-Za-z0-9_.-]+)%");
  std::vector<Piece> pieces;
  re2::StringPiece rest(value.data(), value.size());
  std::string text, name;
  while (!rest.empty()) {
    if (rest.starts_with("\\%") && !active(Mutant::expand_ignores_escape)) {
      text += '%';
      rest.remove_prefix(2);
    } else if (!active(Mutant::expand_is_plain_text) && RE2::Consume(&rest, kPlaceholder, &name)) {
      pieces.push_back({std::exchange(text, {}), false});
      pieces.push_back({name, true});
    } else {
      text += rest[0];
      rest.remove_prefix(1);
    }
  }
  pieces.push_back({text, false});
  return pieces;
}

std::optional<std::vector<std::string>> values_of(const Piece& piece, const sigma::Placeholders& placeholders) {
  if (!piece.placeholder) return std::vector<std::string>{piece.text};
  const auto found = placeholders.find(piece.text);
  if (found == placeholders.end()) return std::nullopt;
  if (active(Mutant::expand_first_value_only) && !found->second.empty()) return std::vector{found->second.front()};
  return found->second;
}

}  // namespace

std::optional<std::vector<std::string>> expand(std::string_view value, const sigma::Placeholders& placeholders) {
  std::vector<std::string> texts{""};
  for (const Piece& piece : pieces_of(value)) {
    const auto values = values_of(piece, placeholders);
    if (!values) return std::nullopt;
    std::vector<std::string> longer;
    for (const std::string& text : texts) {
      for (const std::string& one : *values) longer.push_back(text + one);
    }
    texts = std::move(longer);
  }
  return texts;
}

std::optional<std::string> expand_in_expression(std::string_view value, const sigma::Placeholders& placeholders) {
  std::string expression;
  for (const Piece& piece : pieces_of(value)) {
    const auto values = values_of(piece, placeholders);
    if (!values) return std::nullopt;
    if (!piece.placeholder) {
      expression += piece.text;
      continue;
    }
    std::string alternatives;
    for (const std::string& one : *values) alternatives += (alternatives.empty() ? "" : "|") + RE2::QuoteMeta(one);
    expression += "(?:" + alternatives + ")";
  }
  return expression;
}

}  // namespace tocsin::oracle
