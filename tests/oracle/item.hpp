// One line of a selection, evaluated straight from the parsed rule (docs/formats/sigma.md D5 to D22, D28 to D30).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "detect/sigma/rule.hpp"
#include "tests/oracle/fields.hpp"
#include "tests/oracle/glob.hpp"
#include "tests/oracle/scalar.hpp"

namespace re2 {
class RE2;
}

namespace tocsin::oracle {

// One value of the rule, as what it asks for.
struct Expected {
  enum class Kind : std::uint8_t { text, number, boolean, null, regex, network, presence, order, time, other_field };
  Kind kind = Kind::text;
  std::string written;      // as the rule has it
  std::vector<Glob> globs;  // text: any of them
  std::shared_ptr<re2::RE2> regex;
  std::optional<Network> network;
  bool wanted = true;                           // presence, boolean
  std::string word;                             // order: gt, gte, lt, lte; time: the part
  bool any_before = false, any_behind = false;  // other_field: contains, startswith, endswith
};

class Item {
 public:
  explicit Item(const sigma::FieldItem& source);

  // False where the oracle does not know how to judge it (a modifier it lacks, an expression RE2 refuses).
  [[nodiscard]] bool judgeable() const { return judgeable_; }
  // Appends what proves it where it is true.
  [[nodiscard]] bool evaluate(const EventFields& fields, const sigma::Variant& variant, const std::string& selection,
                              std::vector<Match>& matches) const;

 private:
  struct Met {
    const FieldValue* value = nullptr;  // null: met by absence
    Span span;
  };
  void read(const sigma::RuleValue& value);
  void read_regex(const sigma::RuleValue& value, Expected& out);
  void read_plain(const sigma::RuleValue& value, Expected& out);
  void read_text(const sigma::RuleValue& value, Expected& out);
  [[nodiscard]] bool has(std::string_view modifier) const;
  [[nodiscard]] std::optional<Span> meets(const Expected& expected, const FieldValue& value, const EventFields& fields,
                                          const sigma::Variant& variant) const;
  [[nodiscard]] static std::optional<Span> search(const Expected& expected, const FieldValue& value);
  [[nodiscard]] static bool holds_for(const Expected& expected, const FieldValue& value);
  [[nodiscard]] std::optional<Span> equals_other(const Expected& expected, const FieldValue& value,
                                                 const Field& other) const;
  [[nodiscard]] std::optional<Met> meet(const Expected& expected, const std::vector<FieldValue>& values,
                                        const EventFields& fields, const sigma::Variant& variant) const;

  const sigma::FieldItem& source_;
  std::vector<Expected> expected_;
  bool judgeable_ = true;
};

}  // namespace tocsin::oracle
