// Which predicates a value can meet, found from the value instead of by trying each: literals that it must hold, texts
// and numbers that it must be. What is found is then judged as ever, so that an index can only leave out what is false.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "detect/sigma/blob.hpp"
#include "detect/sigma/table_builder.hpp"

namespace tocsin::sigma {

class ValueIndexBuilder {
 public:
  explicit ValueIndexBuilder(TableBuilder& builder) : builder_(builder), tables_(builder.tables()) {}

  // How well the index finds a predicate.
  enum class Fit : std::uint8_t {
    never,    // its truth is more than a question to each value: presence, absence, another field
    always,   // every value must be tried: networks, comparisons, texts and expressions without a literal
    literal,  // by one of its literals
    exact,    // by the whole value
  };
  // `shortest` is the length of the shortest literal that may stand for it.
  struct Kept {
    Fit fit = Fit::never;
    std::uint32_t shortest = 0;
  };
  // One per predicate.
  [[nodiscard]] std::vector<Kept> look();
  // Fills value_indexes, and PredicateRecord::indexed. `wanted` says which predicates of Fit::always to take in: they
  // cost each value.
  void build(const std::vector<Kept>& fits, const std::vector<bool>& wanted);

 private:
  // What stands for a predicate.
  struct Keys {
    bool always = false;
    std::vector<match::Literal> literals, texts, numbers;
  };
  [[nodiscard]] Keys keys_of(std::uint32_t predicate);
  void add_text(const PatternRecord& pattern, std::uint32_t predicate, Keys& out);
  void add_regex(const PatternRecord& pattern, std::uint32_t predicate, Keys& out);
  void add_number(const PatternRecord& pattern, std::uint32_t predicate, Keys& out);
  [[nodiscard]] Text literal_of(const FormRecord& form, bool cased);
  [[nodiscard]] Text longest_run(const match::TextPart& part);
  [[nodiscard]] std::vector<Text> dashed_runs(const FormRecord& form);
  // What one operand's index is made from, and what it is, with tables in pools that begin with it.
  struct Operand {
    std::vector<match::Literal> literals, texts, numbers;
    std::vector<std::uint32_t> always, uncommon;
  };
  struct Pools {
    std::vector<std::uint32_t> words;
    std::vector<match::Literal> literals;
  };
  struct Built {
    ValueIndexRecord record;
    Pools pools;
  };
  [[nodiscard]] Built index_of(const OperandRecord& kind, Operand& operand) const;
  void add(Built built);
  [[nodiscard]] match::LiteralSet raw_of(std::span<const match::Literal> literals, Pools& pools) const;
  [[nodiscard]] std::string_view all_chars() const { return {tables_.chars.data(), tables_.chars.size()}; }
  [[nodiscard]] std::string_view view(Text text) const { return {tables_.chars.data() + text.first, text.count}; }

  TableBuilder& builder_;
  BlobTables& tables_;
  std::vector<Keys> keys_;  // by predicate
};

}  // namespace tocsin::sigma
