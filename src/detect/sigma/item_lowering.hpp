// From one line of a selection to what is compared: modifiers applied, escapes read, encodings made, networks and
// numbers parsed. Knows no log source. The parser calls it to find mistakes, the compiler to go on from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "detect/sigma/modifiers.hpp"
#include "detect/sigma/rule.hpp"
#include "detect/sigma/value_forms.hpp"
#include "match/network.hpp"
#include "match/regex.hpp"
#include "match/time_part.hpp"

namespace tocsin::sigma {

enum class PatternKind : std::uint8_t { text, number, null, regex, network, compare, time, field_ref, exists };
enum class Comparison : std::uint8_t { equal, less, less_equal, greater, greater_equal };

// One value of the rule, ready to compare. Several forms: any of them.
struct LoweredPattern {
  PatternKind kind = PatternKind::text;
  std::uint32_t value = 0;               // index into FieldItem::values
  std::vector<std::u32string> texts;     // text
  std::vector<match::Network> networks;  // network
  std::string text;                      // number, compare, time: decimal digits; regex: expression; field_ref: field
  bool cased = false;                    // text, field_ref
  bool open_begin = false, open_end = false;  // field_ref: what the other field's value may be surrounded by
  match::RegexFlags flags;
  Comparison comparison = Comparison::equal;  // compare, time
  match::TimePart part = match::TimePart::minute;
  bool exists = true;
};

struct LoweredItem {
  std::vector<LoweredPattern> patterns;  // in the rule's order
  bool all = false;                      // every pattern must be met
  bool negated = false;                  // neq: the item as a whole
  std::vector<std::string> missing_placeholders;
};

// `placeholders` null: it is not known yet which there are, none is missing.
[[nodiscard]] LoweredItem lower_item(const FieldItem& item, const Placeholders* placeholders,
                                     std::vector<ItemProblem>& problems);

}  // namespace tocsin::sigma
