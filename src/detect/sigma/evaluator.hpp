// Judges items and predicates for one event at a time: every operand is fetched, converted and folded at most once an
// event, every predicate and item judged at most once. Nothing is allocated once its buffers have grown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "detect/sigma/compiled_impl.hpp"
#include "model/event.hpp"

namespace tocsin::sigma {

// Where a pattern met a value.
struct Meeting {
  std::size_t value = 0;  // index into the operand's values
  match::TextSpan span;   // in the value
};

class Evaluator {
 public:
  explicit Evaluator(const CompiledSet::Impl& set);

  // Everything known is forgotten. `event` must live until the next call.
  void begin(const model::Event& event);

  bool item(std::uint32_t item);
  bool predicate(std::uint32_t predicate);
  // The first value that meets the predicate's pattern; for patterns of presence and absence nothing, though true.
  std::optional<Meeting> meeting(std::uint32_t predicate);
  std::span<const model::Value> values(std::uint32_t operand);

 private:
  struct Folded {
    std::size_t offset = 0, length = 0;
    bool same = true;  // spans are the same in the value
  };
  struct Operand {
    std::uint32_t epoch = 0, folded_epoch = 0;
    std::span<const model::Value> values;
    std::vector<model::Value> own;
    std::vector<std::string> texts;  // of `own`
    std::vector<Folded> folded;
  };

  Operand& fetch(std::uint32_t operand);
  void fetch_derived(const OperandRecord& record, Operand& out);
  void fetch_keywords(Operand& out);
  void convert_into(const OperandRecord& record, std::string& text) const;
  std::string_view folded(std::uint32_t operand, std::size_t value);
  std::optional<match::TextSpan> test(const PatternRecord& pattern, std::uint32_t operand, std::size_t value);
  std::optional<match::TextSpan> test_text(const PatternRecord& pattern, std::uint32_t operand, std::size_t value);
  std::optional<match::TextSpan> test_field(const PatternRecord& pattern, std::uint32_t operand, std::size_t value);
  bool test_number(const PatternRecord& pattern, std::string_view text) const;
  bool by_presence(const PatternRecord& pattern, std::uint32_t operand);
  bool judge_predicate(const PredicateRecord& record);

  const CompiledSet::Impl& set_;
  const Blob& blob_;
  const model::Event* event_ = nullptr;
  std::uint32_t epoch_ = 0;
  std::vector<std::uint32_t> predicates_, items_;  // epoch * 2 + truth
  std::vector<Operand> operands_;
  std::string folded_;  // folded texts of this event
  std::string keywords_;
};

}  // namespace tocsin::sigma
