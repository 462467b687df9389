// One line of a selection, evaluated straight from the parsed rule (docs/formats/sigma.md D5 to D22, D28 to D30).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "detect/sigma/rule.hpp"
#include "tests/oracle/expected.hpp"
#include "tests/oracle/fields.hpp"

namespace tocsin::oracle {

class Item {
 public:
  // REQUIRES: `source` outlives the item.
  Item(const sigma::FieldItem& source, const sigma::Placeholders& placeholders);

  // False where the oracle does not know how to judge it (a modifier it lacks, an expression RE2 refuses, a placeholder
  // without values).
  [[nodiscard]] bool judgeable() const { return judgeable_; }
  // Appends what proves it where it is true.
  [[nodiscard]] bool evaluate(const EventFields& fields, const sigma::Variant& variant, const std::string& selection,
                              std::vector<Match>& matches) const;

 private:
  struct Met {
    const FieldValue* value = nullptr;  // null: met by absence
    Span span;
  };
  [[nodiscard]] bool has(std::string_view modifier) const;
  [[nodiscard]] std::optional<Span> meets(const Expected& expected, const FieldValue& value, const EventFields& fields,
                                          const sigma::Variant& variant) const;
  [[nodiscard]] std::optional<Span> meets_field(const Expected& expected, const FieldValue& value,
                                                const EventFields& fields, const sigma::Variant& variant) const;
  [[nodiscard]] bool negation_holds(std::size_t met, const std::vector<FieldValue>& values, const EventFields& fields,
                                    const sigma::Variant& variant, bool truth) const;
  // Is what the item asks for met, with `met` of its values?
  [[nodiscard]] bool together(std::size_t met, const std::vector<FieldValue>& values, const EventFields& fields,
                              const sigma::Variant& variant) const;
  [[nodiscard]] std::optional<Span> equals_other(const Expected& expected, const FieldValue& value,
                                                 const Field& other) const;
  [[nodiscard]] std::optional<Met> meet(const Expected& expected, const std::vector<FieldValue>& values,
                                        const EventFields& fields, const sigma::Variant& variant) const;

  const sigma::FieldItem& source_;
  std::vector<Expected> expected_;
  bool judgeable_ = true;
};

}  // namespace tocsin::oracle
