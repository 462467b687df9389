// The value modifiers of Sigma 2.1.0 (sigma-appendix-modifiers.md) and which of them go together.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "detect/sigma/rule.hpp"

namespace tocsin::sigma {

enum class Modifier : std::uint8_t {
  all,
  cased,
  neq,
  expand,
  contains,
  startswith,
  endswith,
  windash,
  utf16le,
  utf16be,
  utf16,
  base64,
  base64offset,
  re,
  ignore_case,
  multi_line,
  dot_all,
  cidr,
  fieldref,
  exists,
  lt,
  lte,
  gt,
  gte,
  minute,
  hour,
  day,
  week,
  month,
  year,
};

[[nodiscard]] std::optional<Modifier> parse_modifier(std::string_view name);
[[nodiscard]] std::span<const std::string_view> modifier_names();

// What kind of comparison an item asks for.
enum class ItemKind : std::uint8_t { text, regex, network, field_ref, exists, compare, time };
[[nodiscard]] std::string_view to_string(ItemKind kind);  // for messages: "regular expression", …

struct ModifierSet {
  std::vector<Modifier> list;  // in the rule's order
  ItemKind kind = ItemKind::text;
  [[nodiscard]] bool has(Modifier modifier) const;
};

// Something wrong with one item; the parser knows where its parts are in the file.
struct ItemProblem {
  enum class Target : std::uint8_t { key, modifier, value };
  std::string_view code;
  bool warning = false;
  Target target = Target::key;
  std::size_t index = 0;           // of the modifier, of the value
  std::size_t begin = 0, end = 0;  // bytes of the value's text; equal: all of it
  std::string message{}, label{}, help{};
};

// Reads an item's modifiers; unknown and contradictory ones are added to `problems` (and then the set means nothing).
[[nodiscard]] ModifierSet read_modifiers(const FieldItem& item, std::vector<ItemProblem>& problems);

}  // namespace tocsin::sigma
