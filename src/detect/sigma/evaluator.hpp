// Judges items and predicates for one event at a time: every operand is fetched and converted at most once an event,
// every value folded, every predicate and item judged at most once. What an operand's values meet is found through its
// index, and kept for equal values of later events. Nothing is allocated once its buffers have grown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "detect/sigma/compiled_impl.hpp"
#include "detect/sigma/value_cache.hpp"
#include "model/event.hpp"

namespace tocsin::sigma {

// Where a pattern met a value.
struct Meeting {
  std::size_t value = 0;  // index into the operand's values
  match::TextSpan span;   // in the value
};

class Evaluator {
 public:
  Evaluator(const CompiledSet::Impl& set, const JudgeMode& mode);

  // Everything known is forgotten. `event` must live until the next call.
  void begin(const model::Event& event);
  // For what is asked of the event that was begun last, as it still is: what is known stays. Another one is begun.
  void go_on(const model::Event& event) {
    if (event_ != &event) begin(event);
  }

  // Finds all indexed predicates of the operand that are true, and appends them to `met`.
  void resolve(std::uint32_t operand);
  // Predicates of this event found true so far by their index.
  [[nodiscard]] std::span<const std::uint32_t> met() const { return met_; }

  bool item(std::uint32_t item);
  bool predicate(std::uint32_t predicate);
  // The first value that meets the predicate's pattern; for patterns of presence and absence nothing, though true.
  std::optional<Meeting> meeting(std::uint32_t predicate);
  std::span<const model::Value> values(std::uint32_t operand);

 private:
  struct Folded {
    std::size_t offset = 0, length = 0;
    bool same = true;  // spans are the same in the value
    bool done = false;
  };
  struct Operand {
    std::uint32_t epoch = 0, folded_epoch = 0, resolved_epoch = 0;
    std::span<const model::Value> values;
    std::vector<model::Value> own;
    std::vector<std::string> texts;  // of `own`
    std::vector<Folded> folded;
  };

  Operand& fetch(std::uint32_t operand);
  void fetch_derived(const OperandRecord& record, Operand& out);
  std::span<const model::Value> keyword_values();
  void convert_into(const OperandRecord& record, std::string& text) const;
  std::string_view folded(std::uint32_t operand, std::size_t value);
  std::optional<match::TextSpan> test(const PatternRecord& pattern, std::uint32_t operand, std::size_t value);
  std::optional<match::TextSpan> test_text(const PatternRecord& pattern, std::uint32_t operand, std::size_t value);
  std::optional<match::TextSpan> test_field(const PatternRecord& pattern, std::uint32_t operand, std::size_t value);
  bool test_number(const PatternRecord& pattern, std::string_view text) const;
  bool by_presence(const PatternRecord& pattern, std::uint32_t operand);
  // The indexed predicates that one value meets: good until the next call.
  std::span<const std::uint32_t> value_meets(std::uint32_t operand, std::size_t value);
  void find_met(std::uint32_t operand, std::size_t value);
  [[nodiscard]] bool is_one_literal(const PatternRecord& pattern) const;
  // False where the event as a whole shows that no keyword is in it.
  bool keywords_possible(std::uint32_t operand);
  bool judge_predicate(const PredicateRecord& record);

  const CompiledSet::Impl& set_;
  const Blob& blob_;
  const model::Event* event_ = nullptr;
  std::uint32_t epoch_ = 0;
  std::vector<std::uint32_t> predicates_, items_;  // epoch * 2 + truth
  std::vector<Operand> operands_;
  const bool indexed_;  // predicates are found through their indexes
  std::vector<std::uint32_t> met_;
  std::uint32_t attempt_ = 0;                      // counts values looked up
  std::vector<std::uint32_t> tried_;               // by predicate: the attempt that tried it last
  std::vector<std::uint32_t> candidates_, meets_;  // of one value
  ValueCache cache_;
  std::string folded_;  // folded texts of this event
  // Of keywords, the same for all operands: values, their texts one after the other, the event's text, and that folded
  // where it was needed.
  std::uint32_t keywords_epoch_ = 0, raw_epoch_ = 0;
  std::vector<model::Value> keyword_values_;
  std::string keywords_, raw_folded_;
  std::string_view raw_;
};

}  // namespace tocsin::sigma
