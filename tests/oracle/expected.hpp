// What one value of a rule asks for, read from the parsed rule (docs/formats/sigma.md D3 to D6, D11 to D19).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/sigma/rule.hpp"
#include "detect/sigma/value_forms.hpp"
#include "tests/oracle/glob.hpp"
#include "tests/oracle/scalar.hpp"

namespace re2 {
class RE2;
}

namespace tocsin::oracle {

struct Expected {
  enum class Kind : std::uint8_t { text, number, boolean, null, regex, network, presence, order, time, other_field };
  Kind kind = Kind::text;
  std::string written;      // as the rule has it
  std::vector<Glob> globs;  // text: any of them
  std::shared_ptr<re2::RE2> regex;
  std::vector<Network> networks;                // any of them
  bool wanted = true;                           // presence
  std::string word;                             // order: gt, gte, lt, lte; time: the part
  bool any_before = false, any_behind = false;  // other_field: contains, startswith, endswith
};

[[nodiscard]] bool has_modifier(const sigma::FieldItem& item, std::string_view modifier);
// Nothing where the oracle cannot judge by it.
[[nodiscard]] std::optional<Expected> read_value(const sigma::FieldItem& item, const sigma::RuleValue& value,
                                                 const sigma::Placeholders& placeholders);

}  // namespace tocsin::oracle
