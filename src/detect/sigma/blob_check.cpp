#include "detect/sigma/blob_check.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <vector>

#include "tocsin/finding.hpp"

#include "detect/sigma/item_lowering.hpp"
#include "detect/sigma/log_source.hpp"
#include "detect/sigma/program.hpp"
#include "detect/sigma/rule.hpp"
#include "match/regex.hpp"

namespace tocsin::sigma {

namespace {

constexpr std::uint32_t kMaxBucketBits = 31;
// Lists may overlap: a file could name the whole pool in every record. Each word is looked at this often at most.
constexpr std::uint64_t kMostLooks = 4;

class BlobCheck {
 public:
  BlobCheck(const Blob& blob, std::uint32_t fields, std::uint32_t regexes)
      : blob_(blob), fields_(fields), regexes_(regexes), looks_(kMostLooks * (blob.words.size() + blob.texts.size())) {}

  bool run() {
    const auto all = [this](const auto& table, auto check) {
      return std::ranges::all_of(table, [&](const auto& record) { return (this->*check)(record); });
    };
    return sizes() && all(blob_.texts, &BlobCheck::text) && all(blob_.parts, &BlobCheck::part) &&
           all(blob_.networks, &BlobCheck::network) && all(blob_.forms, &BlobCheck::form) &&
           all(blob_.constraints, &BlobCheck::constraint) && all(blob_.operands, &BlobCheck::operand) &&
           all(blob_.patterns, &BlobCheck::pattern) && all(blob_.predicates, &BlobCheck::predicate) &&
           all(blob_.wakes, &BlobCheck::wake) && all(blob_.literals, &BlobCheck::literal) &&
           all(blob_.value_indexes, &BlobCheck::value_index) && all(blob_.items, &BlobCheck::item) &&
           all(blob_.gates, &BlobCheck::gate) && all(blob_.instances, &BlobCheck::instance) &&
           all(blob_.slots, &BlobCheck::slot) && all(blob_.rules, &BlobCheck::rule) && all_owned();
  }

 private:
  static bool within(Range range, std::size_t size) { return range.first <= size && range.count <= size - range.first; }
  template <class Kind>
  static bool is_kind(std::uint32_t value, Kind last) {
    return value <= static_cast<std::uint32_t>(last);
  }

  // Indexes are 32 bits wide; kNone is none.
  bool sizes() const {
    const std::size_t most = kNone - 1;
    return blob_.words.size() < most && blob_.chars.size() < most && blob_.texts.size() < most &&
           blob_.value_indexes.size() == blob_.operands.size();
  }

  // A list in `words` of numbers below `limit`.
  bool list(Range range, std::size_t limit) {
    if (!within(range, blob_.words.size()) || !spend(range.count)) return false;
    return std::ranges::all_of(blob_.list(range), [limit](std::uint32_t word) { return word < limit; });
  }
  bool spend(std::uint64_t looks) {
    if (looks > looks_) return false;
    looks_ -= looks;
    return true;
  }
  bool texts(Range range) { return within(range, blob_.texts.size()) && spend(range.count); }

  // What belongs to one record lies behind what belongs to the one before, so that nothing is used twice.
  static bool take(Range range, std::uint32_t& next, std::size_t size) {
    if (range.first != next || !within(range, size)) return false;
    next += range.count;
    return true;
  }

  bool text(const Text& text) const { return within(text, blob_.chars.size()); }
  bool part(const match::TextPart& part) const {
    if (part.wild == 0) return within({part.offset, part.length}, blob_.chars.size());
    return part.length > 0 && within({part.offset, part.length}, blob_.codes.size());  // the matcher looks at its first
  }
  bool network(const match::Network& network) const {
    std::uint8_t v4 = 0;  // a bool that is neither must not be looked at as one
    std::memcpy(&v4, reinterpret_cast<const char*>(&network) + offsetof(match::Network, v4), sizeof v4);
    return v4 <= 1 && network.prefix <= (v4 == 1 ? 32 : 128);
  }
  bool form(const FormRecord& form) { return take(form.parts, next_part_, blob_.parts.size()); }
  bool constraint(const ConstraintRecord& constraint) { return constraint.field < fields_ && texts(constraint.values); }

  bool operand(const OperandRecord& operand) {
    const bool has_field = operand.kind != OperandRecord::field || operand.fields.count == 1;
    return is_kind(operand.kind, OperandRecord::derived) && has_field && list(operand.fields, fields_) &&
           text(operand.text) && (operand.argument == kNone || operand.argument < fields_) &&
           list(operand.conversions, static_cast<std::size_t>(Conversion::pipe_name) + 1) && texts(operand.codes);
  }

  bool pattern(const PatternRecord& pattern) {
    if (!is_kind(pattern.kind, PatternKind::exists) || !is_kind(pattern.comparison, Comparison::greater_equal) ||
        !is_kind(pattern.part, match::TimePart::year)) {
      return false;
    }
    const auto kind = static_cast<PatternKind>(pattern.kind);
    const bool has_regex = pattern.regex < regexes_ && pattern.text.count <= match::kRegexMaxLength;
    if (kind == PatternKind::regex && !has_regex) return false;
    const bool has_other = pattern.operand < blob_.operands.size();
    if (!has_other && (pattern.operand != kNone || kind == PatternKind::field_ref)) return false;
    if (!text(pattern.text)) return false;
    return kind == PatternKind::network ? take(pattern.forms, next_network_, blob_.networks.size())
                                        : take(pattern.forms, next_form_, blob_.forms.size());
  }

  bool predicate(const PredicateRecord& predicate) {
    return predicate.operand < blob_.operands.size() && predicate.pattern < blob_.patterns.size() &&
           take(predicate.wakes, next_wake_, blob_.wakes.size());
  }
  bool wake(const WakeRecord& wake) const {
    return wake.gate < blob_.gates.size() && wake.instance < blob_.instances.size();
  }

  bool literal(const match::Literal& literal) const {
    return within({literal.offset, literal.length}, blob_.chars.size()) && literal.owner < blob_.predicates.size();
  }
  // Beginnings of 2^bits buckets and the end of the last one, none behind `count`.
  bool buckets(std::uint32_t first, std::uint32_t bits, std::uint32_t count) {
    if (bits == 0 || bits > kMaxBucketBits) return false;
    return list({first, (std::uint32_t{1} << bits) + 1}, std::size_t{count} + 1);
  }
  bool grams(const match::GramTable& table) {
    if (table.count == 0) return true;
    if (table.bitmap_bits < 5 || table.bitmap_bits > kMaxBucketBits) return false;
    return within({table.bitmap, (std::uint32_t{1} << table.bitmap_bits) / 32}, blob_.words.size()) &&
           buckets(table.buckets, table.bucket_bits, table.count) &&
           within({table.first, table.count}, blob_.literals.size());
  }
  bool exact(const match::ExactSet& set) {
    return set.count == 0 ||
           (buckets(set.buckets, set.bucket_bits, set.count) && within({set.first, set.count}, blob_.literals.size()));
  }
  bool value_index(const ValueIndexRecord& index) {
    const auto good = [this](const match::GramTable& table) { return grams(table); };
    return std::ranges::all_of(index.literals.tables, good) && std::ranges::all_of(index.raw.tables, good) &&
           exact(index.texts) && exact(index.numbers) && list(index.always, blob_.predicates.size()) &&
           list(index.uncommon_numbers, blob_.predicates.size());
  }

  bool item(const ItemRecord& item) {
    return item.operand < blob_.operands.size() && list(item.predicates, blob_.predicates.size());
  }

  bool gate(const GateRecord& gate) {
    return text(gate.product) && text(gate.category) && text(gate.service) && texts(gate.channels) &&
           texts(gate.providers) && within(gate.event_ids, blob_.event_ids.size()) &&
           within(gate.constraints, blob_.constraints.size()) && list(gate.instances, blob_.instances.size()) &&
           list(gate.fields, fields_) && list(gate.sleepless, blob_.instances.size());
  }

  bool instance(const InstanceRecord& instance) {
    return instance.rule < blob_.rules.size() && instance.gate < blob_.gates.size() && text(instance.variant) &&
           text(instance.caveat) && list(instance.items, blob_.items.size()) &&
           list(instance.same, blob_.operands.size()) && list(instance.wakers, blob_.predicates.size()) &&
           list(instance.keys, blob_.predicates.size()) && program(instance.code);
  }

  // Jumps go forward, to an operation or the end; so that a program ends.
  bool program(Range range) {
    if (!within(range, blob_.words.size()) || !spend(range.count)) return false;
    const auto code = blob_.list(range);
    is_target_.assign(code.size() + 1, false);
    for (std::size_t at = 0; at < code.size(); ++at) {
      const std::uint32_t argument = argument_of(code[at]);
      std::size_t target = code.size();
      switch (operation_of(code[at])) {
        case Operation::item:
          if (argument >= blob_.items.size()) return false;
          break;
        case Operation::jump_if_false:
        case Operation::jump_if_true:
          target = argument;
          break;
        case Operation::jump_if_count:
          ++at;
          if (at == code.size() || is_target_[at]) return false;
          target = code[at];
          break;
        case Operation::negate:
        case Operation::start_count:
        case Operation::count:
        case Operation::set_false:
          break;
        default:
          return false;
      }
      if (target <= at || target > code.size()) return false;
      is_target_[target] = true;
    }
    return true;
  }

  bool slot(const SlotRecord& slot) { return text(slot.key) && text(slot.field) && texts(slot.patterns); }

  bool rule(const RuleRecord& rule) {
    if (!is_kind(rule.not_evaluated, CoverageReason::out_of_reach) || !text(rule.detail)) return false;
    if (!take(rule.nodes, next_node_, blob_.nodes.size()) ||
        !take(rule.selections, next_selection_, blob_.selections.size()) ||
        !take(rule.instances, next_instance_, blob_.instances.size())) {
      return false;
    }
    std::uint32_t slots = 0;
    for (const SelectionRecord& selection : Blob::part(blob_.selections, rule.selections)) {
      if (!text(selection.name) || !take(selection.alternatives, next_alternative_, blob_.alternatives.size())) {
        return false;
      }
      for (const AlternativeRecord& alternative : Blob::part(blob_.alternatives, selection.alternatives)) {
        if (!take(alternative.slots, next_slot_, blob_.slots.size())) return false;
        for (const SlotRecord& slot : Blob::part(blob_.slots, alternative.slots)) {
          if (slot.number != slots++) return false;
        }
      }
    }
    const auto index = static_cast<std::uint32_t>(&rule - blob_.rules.data());
    return condition(rule) && std::ranges::all_of(Blob::part(blob_.instances, rule.instances), [&](const auto& one) {
             return one.rule == index && one.items.count == slots;
           });
  }

  // Children lie before their parents, and each has one parent.
  bool condition(const RuleRecord& rule) {
    const auto nodes = Blob::part(blob_.nodes, rule.nodes);
    has_parent_.assign(nodes.size(), false);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const NodeRecord& node = nodes[i];
      if (!is_kind(node.kind, ConditionNode::Kind::logical_not) || !text(node.text) || !list(node.children, i)) {
        return false;
      }
      const auto kind = static_cast<ConditionNode::Kind>(node.kind);
      if (kind == ConditionNode::Kind::selection && node.selection >= rule.selections.count) return false;
      if (kind == ConditionNode::Kind::logical_not && node.children.count != 1) return false;
      for (const std::uint32_t child : blob_.list(node.children)) {
        if (has_parent_[child]) return false;
        has_parent_[child] = true;
      }
    }
    return true;
  }

  bool all_owned() const {
    return next_node_ == blob_.nodes.size() && next_selection_ == blob_.selections.size() &&
           next_instance_ == blob_.instances.size() && next_alternative_ == blob_.alternatives.size() &&
           next_slot_ == blob_.slots.size();
  }

  const Blob& blob_;
  const std::uint32_t fields_, regexes_;
  std::uint64_t looks_;  // how many words and texts may still be looked at
  std::uint32_t next_part_ = 0, next_form_ = 0, next_network_ = 0, next_wake_ = 0;
  std::uint32_t next_node_ = 0, next_selection_ = 0, next_alternative_ = 0, next_slot_ = 0, next_instance_ = 0;
  std::vector<bool> is_target_, has_parent_;  // of the program, the condition at hand
};

}  // namespace

bool holds_together(const Blob& blob, std::uint32_t fields, std::uint32_t regexes) {
  return BlobCheck(blob, fields, regexes).run();
}

}  // namespace tocsin::sigma
