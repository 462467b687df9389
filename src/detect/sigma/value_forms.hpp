// The spellings that one value of a rule stands for, once its modifiers have been applied: placeholders replaced,
// escapes read, dashes opened, encodings made, wildcards put around. docs/formats/sigma.md, D3, D4, D12, D13, D19.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "detect/sigma/modifiers.hpp"

namespace tocsin::sigma {

inline constexpr std::size_t kMaxForms = 65'536;       // of one value: dashes, offsets, placeholder values
inline constexpr std::size_t kMaxEncodedForms = 625;   // of one spelling under an encoding: four dashes
inline constexpr std::size_t kMaxItemForms = 262'144;  // of all values of one line together

// %name% -> values, from --expand NAME=FILE.
using Placeholders = std::map<std::string, std::vector<std::string>, std::less<>>;

// One value at a time. What is wrong with it goes to `problems`, with the value's number; a placeholder without values
// goes to `missing` once. REQUIRES: everything given outlives it.
class ValueForms {
 public:
  // `placeholders` null: it is not known yet which there are, none is missing.
  ValueForms(const ModifierSet& modifiers, const Placeholders* placeholders, std::vector<ItemProblem>& problems,
             std::vector<std::string>& missing)
      : modifiers_(modifiers), placeholders_(placeholders), problems_(problems), missing_(missing) {}

  // Each false: there are none, and `problems` or `missing` says why (nothing does where placeholders are not known).
  bool texts(std::size_t number, const std::string& value, std::vector<std::u32string>& forms);
  // With placeholders replaced and nothing else done.
  bool spellings(std::size_t number, const std::string& value, std::vector<std::string>& spelled);
  // As a regular expression: placeholders become groups of quoted alternatives, sides become `.*`.
  bool expression(std::size_t number, const std::string& value, std::string& expression);

 private:
  bool refuse(std::string_view code, std::string message, std::string label, std::string help);
  bool too_many();
  const std::vector<std::string>* placeholder(const std::string& name);
  bool replace_in_expression(const std::string& value, std::string& expression);
  bool apply(Modifier modifier, std::vector<std::u32string>& forms);
  bool encode(Modifier modifier, std::vector<std::u32string>& forms);

  const ModifierSet& modifiers_;
  const Placeholders* placeholders_;
  std::vector<ItemProblem>& problems_;
  std::vector<std::string>& missing_;
  std::size_t number_ = 0;
};

// Puts runs at the ends that have none.
void add_runs(std::u32string& text, bool begin, bool end);

}  // namespace tocsin::sigma
