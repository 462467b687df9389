// The compiled rule set as one block of bytes: tables of plain records that refer to each other by index, found through
// a directory of offsets at the front. No pointers and no library objects, so that it can be shared, hashed and kept on
// disk as it is. The records are the machine that judge.cpp runs; docs/formats/compiled-rules.md draws it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "match/exact_set.hpp"
#include "match/literal_set.hpp"
#include "match/network.hpp"
#include "match/regex.hpp"
#include "match/text_pattern.hpp"

namespace tocsin::sigma {

inline constexpr std::uint32_t kNone = 0xFFFFFFFF;
inline constexpr std::size_t kBlobAlignment = 8;

struct Range {
  std::uint32_t first = 0, count = 0;
  bool operator==(const Range&) const = default;
};
using Text = Range;  // bytes of the pool `chars`

// A log-source gate: which events the instances behind it see. Compared ignoring ASCII case.
struct GateRecord {
  Text product, category, service;
  Range channels, providers;  // in `texts`; a channel may end in '*'
  Range event_ids;            // in `event_ids`
  Range constraints;          // in `constraints`
  Range instances;            // in `instances`
  Range fields;               // in `words`: event fields whose presence coverage asks for
  Range sleepless;            // in `words`: instances that no predicate wakes
  std::uint32_t assemble = 0;
};
struct ConstraintRecord {
  std::uint32_t field = 0;
  Range values;  // in `texts`; compared ignoring ASCII case
};

// Where a value comes from. A lone field without conversions costs nothing.
struct OperandRecord {
  enum Kind : std::uint32_t { keywords, absent, constant, field, derived };
  std::uint32_t kind = absent;
  Range fields;                    // in `words`: field ids
  Text text;                       // constant: the value; derived: what joins the fields
  std::uint32_t argument = kNone;  // field id
  Range conversions;               // in `words`
  Range codes;                     // in `texts`: from, to, from, to …
  std::uint32_t key = 0;           // says what kind of event it is: its few values decide which rules can be true
};

struct PatternRecord {
  std::uint32_t kind = 0;  // PatternKind
  std::uint32_t comparison = 0, part = 0;
  std::uint32_t flags = 0;        // kCased …
  Range forms;                    // text: in `forms`; network: in `networks`
  Text text;                      // number, compare, time; regex: expression
  std::uint32_t regex = kNone;    // number in the cache of compiled expressions
  std::uint32_t operand = kNone;  // field_ref: the other one
};
inline constexpr std::uint32_t kCased = 1, kIgnoreCase = 2, kMultiLine = 4, kDotAll = 8, kOpenBegin = 16, kOpenEnd = 32,
                               kExists = 64;

[[nodiscard]] inline match::RegexFlags regex_flags(const PatternRecord& pattern) {
  return {.ignore_case = (pattern.flags & kIgnoreCase) != 0,
          .multi_line = (pattern.flags & kMultiLine) != 0,
          .dot_all = (pattern.flags & kDotAll) != 0};
}

struct FormRecord {
  Range parts;  // in `parts`, whose offsets are into `chars` and `codes`
  std::uint32_t open_begin = 0, open_end = 0;
};

// A pattern asked of an operand; equal ones of all rules are one, and are judged once an event.
struct PredicateRecord {
  std::uint32_t operand = 0, pattern = 0;
  std::uint32_t indexed = 0;  // found through the operand's ValueIndexRecord
  Range wakes;                // in `wakes`
};
// An instance that can be true only where one of the predicates that wake it is.
struct WakeRecord {
  std::uint32_t gate = 0, instance = 0;
};

// For each operand: which predicates a value can meet. `owner` of literals is a predicate.
struct ValueIndexRecord {
  match::LiteralSet literals;  // the folded value holds it
  match::ExactSet texts;       // the folded value is it
  match::ExactSet numbers;     // the value is this integer
  Range always;                // in `words`: predicates that every value is tried with
  Range uncommon_numbers;      // in `words`: predicates that a value that is a fraction is tried with
  match::LiteralSet raw;  // keywords: an event that holds none of them in Event::raw_text meets nothing; may be empty
  std::uint32_t shortest = 0;  // bytes of the shortest folded value that can meet any
};

struct ItemRecord {
  Range predicates;  // in `words`
  std::uint32_t operand = 0;
  std::uint32_t all = 0, negated = 0;
};

// One rule under one variant of its log source.
struct InstanceRecord {
  std::uint32_t rule = 0, gate = 0;
  Text variant;
  Text caveat;   // what could not be checked in this kind of log; mostly empty
  Range code;    // in `words`: see program.hpp
  Range items;   // in `words`: item of each of the rule's slots
  Range wakers;  // in `words`: predicates of which one must be true for it to be; none: not known
  Range keys;    // in `words`: the same, of nothing but key operands
  Range same;    // in `words`: operands that make one happening (Variant::same_fields)
  std::uint32_t same_within = 0;
};

// What a rule looks like, for proofs and explanations; the same for all its instances.
struct RuleRecord {
  Range nodes, selections, instances;
  std::uint32_t not_evaluated = 0;  // CoverageReason
  Text detail;
};
struct NodeRecord {
  std::uint32_t kind = 0, selection = 0, count = 0;
  Range children;  // in `words`: nodes, counted from the rule's first
  Text text;
};
struct SelectionRecord {
  Text name;
  Range alternatives;
  std::uint32_t shown = 0;  // the condition asks for it positively
};
struct AlternativeRecord {
  Range slots;
};
struct SlotRecord {
  Text key, field;
  Range patterns;            // in `texts`: each predicate's pattern as written
  std::uint32_t number = 0;  // counted from the rule's first
};

// Builds the tables; `seal` makes them one block.
struct BlobTables {
  std::vector<GateRecord> gates;
  std::vector<ConstraintRecord> constraints;
  std::vector<OperandRecord> operands;
  std::vector<PatternRecord> patterns;
  std::vector<FormRecord> forms;
  std::vector<match::TextPart> parts;
  std::vector<match::Network> networks;
  std::vector<PredicateRecord> predicates;
  std::vector<WakeRecord> wakes;
  std::vector<ValueIndexRecord> value_indexes;  // by operand
  std::vector<match::Literal> literals;
  std::vector<ItemRecord> items;
  std::vector<InstanceRecord> instances;
  std::vector<RuleRecord> rules;
  std::vector<NodeRecord> nodes;
  std::vector<SelectionRecord> selections;
  std::vector<AlternativeRecord> alternatives;
  std::vector<SlotRecord> slots;
  std::vector<Text> texts;
  std::vector<std::int64_t> event_ids;
  std::vector<std::uint32_t> words;
  std::vector<char32_t> codes;
  std::vector<char> chars;
};

// The same tables as views into one block.
class Blob {
 public:
  Blob() = default;
  static Blob seal(const BlobTables& tables);
  // The tables in bytes that another Blob gave; `owner` keeps them alive. Nothing where a table would not lie within
  // the bytes, or not aligned. What stands in the tables is not looked at: see blob_check.hpp.
  static std::optional<Blob> open(std::span<const std::byte> bytes, std::shared_ptr<const void> owner);

  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
  [[nodiscard]] std::string_view text(Text text) const { return chars.substr(text.first, text.count); }
  [[nodiscard]] std::span<const std::uint32_t> list(Range range) const {
    return words.subspan(range.first, range.count);
  }
  [[nodiscard]] match::LiteralPools literal_pools() const { return {words, literals, chars}; }
  template <class T>
  [[nodiscard]] static std::span<const T> part(std::span<const T> table, Range range) {
    return table.subspan(range.first, range.count);
  }
  [[nodiscard]] match::TextPatternView form(const FormRecord& form) const {
    return {part(parts, form.parts), chars, codes, form.open_begin != 0, form.open_end != 0};
  }

  std::span<const GateRecord> gates;
  std::span<const ConstraintRecord> constraints;
  std::span<const OperandRecord> operands;
  std::span<const PatternRecord> patterns;
  std::span<const FormRecord> forms;
  std::span<const match::TextPart> parts;
  std::span<const match::Network> networks;
  std::span<const PredicateRecord> predicates;
  std::span<const WakeRecord> wakes;
  std::span<const ValueIndexRecord> value_indexes;
  std::span<const match::Literal> literals;
  std::span<const ItemRecord> items;
  std::span<const InstanceRecord> instances;
  std::span<const RuleRecord> rules;
  std::span<const NodeRecord> nodes;
  std::span<const SelectionRecord> selections;
  std::span<const AlternativeRecord> alternatives;
  std::span<const SlotRecord> slots;
  std::span<const Text> texts;
  std::span<const std::int64_t> event_ids;
  std::span<const std::uint32_t> words;
  std::u32string_view codes;
  std::string_view chars;

 private:
  bool take_tables();
  std::span<const std::byte> bytes_;
  std::shared_ptr<const void> owner_;
};

}  // namespace tocsin::sigma
