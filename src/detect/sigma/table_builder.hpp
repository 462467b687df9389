// Fills the blob's tables; equal texts, operands, patterns, predicates and items are stored once.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/text_hash.hpp"
#include "detect/sigma/blob.hpp"
#include "detect/sigma/item_lowering.hpp"
#include "detect/sigma/log_source.hpp"
#include "model/field_table.hpp"

namespace tocsin::sigma {

class TableBuilder {
 public:
  explicit TableBuilder(model::FieldTable& fields) : fields_(fields) {}

  Text text(std::string_view text);
  Range text_list(const std::vector<std::string>& texts);
  Range words(const std::vector<std::uint32_t>& words);

  std::uint32_t gate(const Variant& variant);
  // The operand for a rule's field in a variant's events; an empty field means keywords.
  std::uint32_t operand(const std::string& field, const Variant& variant);
  std::uint32_t pattern(const LoweredPattern& pattern, const Variant& variant);
  std::uint32_t item(const LoweredItem& item, const std::string& field, const Variant& variant);

  // Notes that the instances of `gate` read the operand's fields.
  void uses(std::uint32_t gate, std::uint32_t item);
  // Fills the gates' fields and instances. REQUIRES: all instances are there.
  void finish();

  [[nodiscard]] BlobTables& tables() { return tables_; }
  // Good until words are added.
  [[nodiscard]] std::span<const std::uint32_t> list(Range range) const {
    return std::span(tables_.words).subspan(range.first, range.count);
  }
  [[nodiscard]] std::size_t regexes() const { return regexes_; }

 private:
  using Index = base::TextMap<std::uint32_t>;
  std::uint32_t derived(const FieldSource& source);
  std::uint32_t add_operand(const std::string& key, const OperandRecord& record);
  Range forms_of(const LoweredPattern& pattern);
  std::uint32_t predicate(std::uint32_t operand, std::uint32_t pattern);

  model::FieldTable& fields_;
  BlobTables tables_;
  Index texts_, gates_, operands_, patterns_, items_;
  std::unordered_map<std::uint64_t, std::uint32_t> predicates_;  // by operand and pattern
  std::vector<std::set<std::uint32_t>> gate_fields_;
  std::size_t regexes_ = 0;
};

}  // namespace tocsin::sigma
