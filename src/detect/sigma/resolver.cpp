// The evaluator's way from a value to the predicates that it meets.
#include "detect/sigma/evaluator.hpp"
#include "match/literal_scan.hpp"
#include "match/number.hpp"

namespace tocsin::sigma {

using model::Value;

namespace {

constexpr std::size_t kFoldedGrowth = 2;  // no character's folded form has more than twice its bytes

}  // namespace

void Evaluator::resolve(std::uint32_t index) {
  if (operands_[index].resolved_epoch == epoch_) return;
  operands_[index].resolved_epoch = epoch_;
  if (!blob_.value_indexes[index].raw.empty() && !keywords_possible(index)) return;
  const Operand& operand = fetch(index);
  const std::size_t shortest = blob_.value_indexes[index].shortest;
  for (std::size_t i = 0; i < operand.values.size(); ++i) {
    const Value& value = operand.values[i];
    if (value.kind == Value::Kind::null || value.text.size() * kFoldedGrowth < shortest) continue;
    for (const std::uint32_t predicate : value_meets(index, i)) {
      std::uint32_t& memo = predicates_[predicate];
      if (memo >> 1U == epoch_) continue;
      memo = epoch_ << 1U | 1U;
      met_.push_back(predicate);
    }
  }
}

bool Evaluator::keywords_possible(std::uint32_t operand) {
  if (raw_epoch_ != epoch_) {
    raw_epoch_ = epoch_;
    raw_folded_.clear();
    raw_ = event_->raw_text();
    if (raw_.empty()) {
      static_cast<void>(keyword_values());
      raw_ = keywords_;
    }
  }
  const match::LiteralSet& literals = blob_.value_indexes[operand].raw;
  if (const auto held = match::holds_literal(literals, blob_.literal_pools(), raw_)) return *held;
  if (raw_folded_.empty()) match::append_folded(raw_folded_, raw_);
  bool found = false;
  match::find_literals(literals, blob_.literal_pools(), raw_folded_, [&found](std::uint32_t) { found = true; });
  return found;
}

// True where a folded value meets the pattern just where it holds the literal that the index has of it.
bool Evaluator::is_one_literal(const PatternRecord& pattern) const {
  if (static_cast<PatternKind>(pattern.kind) != PatternKind::text || (pattern.flags & kCased) != 0) return false;
  if (pattern.forms.count != 1) return false;
  const FormRecord& form = blob_.forms[pattern.forms.first];
  return form.open_begin != 0 && form.open_end != 0 && form.parts.count == 1 && blob_.parts[form.parts.first].wild == 0;
}

std::span<const std::uint32_t> Evaluator::value_meets(std::uint32_t operand, std::size_t value) {
  const std::string_view text = operands_[operand].values[value].text;
  if (const auto known = cache_.find(operand, text)) return *known;
  find_met(operand, value);
  cache_.keep(operand, text, meets_);
  return meets_;
}

// What the index gives is tried where there is more to it than what was found: an index can only leave out what is
// false.
void Evaluator::find_met(std::uint32_t operand, std::size_t value) {
  if (++attempt_ == 0) {
    tried_.assign(tried_.size(), 0);
    attempt_ = 1;
  }
  candidates_.clear();
  const auto found = [this](std::uint32_t predicate) {
    if (tried_[predicate] == attempt_) return;
    tried_[predicate] = attempt_;
    candidates_.push_back(predicate);
  };
  const ValueIndexRecord& index = blob_.value_indexes[operand];
  const match::LiteralPools pools = blob_.literal_pools();
  for (const std::uint32_t predicate : blob_.list(index.always)) found(predicate);
  if (index.numbers.count != 0) {
    if (const auto number = match::parse_number(operands_[operand].values[value].text)) {
      match::find_exact(index.numbers, pools, number->digits, found);
      for (const std::uint32_t predicate : blob_.list(number->integer ? Range() : index.uncommon_numbers)) {
        found(predicate);
      }
    }
  }
  const std::string_view text = folded(operand, value);
  match::find_exact(index.texts, pools, text, found);
  match::find_literals(index.literals, pools, text, found);
  meets_.clear();
  for (const std::uint32_t predicate : candidates_) {
    const PatternRecord& pattern = blob_.patterns[blob_.predicates[predicate].pattern];
    const bool regex = static_cast<PatternKind>(pattern.kind) == PatternKind::regex;
    if (regex &&
        !set_.regexes.possible(pattern.regex, blob_.text(pattern.text), regex_flags(pattern), folded(operand, value))) {
      continue;
    }
    if (is_one_literal(pattern) || test(pattern, operand, value)) meets_.push_back(predicate);
  }
}

}  // namespace tocsin::sigma
