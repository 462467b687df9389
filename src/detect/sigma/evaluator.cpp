#include "detect/sigma/evaluator.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "match/number.hpp"
#include "match/time_part.hpp"

namespace tocsin::sigma {

namespace {

using model::Value;

constexpr std::uint32_t kLastEpoch = 0x7FFFFFFF;

bool holds(Comparison comparison, std::strong_ordering order) {
  switch (comparison) {
    case Comparison::equal:
      return order == 0;
    case Comparison::less:
      return order < 0;
    case Comparison::less_equal:
      return order <= 0;
    case Comparison::greater:
      return order > 0;
    case Comparison::greater_equal:
      return order >= 0;
  }
  return false;
}

// Bytes that are no UTF-8 could be found in the middle of a character: code point by code point then. Rare, so it may
// allocate.
std::optional<match::TextSpan> place_odd(std::string_view needle, std::string_view text, bool open_begin,
                                         bool open_end) {
  std::u32string pattern = match::to_code_points(needle);
  if (open_begin) pattern.insert(pattern.begin(), match::kAnyRun);
  if (open_end) pattern.push_back(match::kAnyRun);
  const match::CompiledText compiled = match::compile_text(pattern, true);
  return match::match_text({compiled.parts, compiled.bytes, compiled.codes, compiled.open_begin, compiled.open_end},
                           text);
}

// Plain text against plain text, by what may surround the needle.
std::optional<match::TextSpan> place(std::string_view needle, std::string_view text, bool open_begin, bool open_end) {
  if (text.size() < needle.size()) return std::nullopt;
  if (needle.empty() && (open_begin || open_end)) return match::TextSpan{0, text.size()};  // as `*` alone
  if (!base::is_utf8(needle)) return place_odd(needle, text, open_begin, open_end);
  std::size_t at = 0;
  if (open_begin && open_end) {
    at = text.find(needle);
    if (at == std::string_view::npos) return std::nullopt;
  } else if (open_begin) {
    at = text.size() - needle.size();
  }
  if (text.substr(at, needle.size()) != needle) return std::nullopt;
  if (!open_end && at + needle.size() != text.size()) return std::nullopt;
  return match::TextSpan{at, at + needle.size()};
}

}  // namespace

Evaluator::Evaluator(const CompiledSet::Impl& set, const JudgeMode& mode)
    : set_(set),
      blob_(set.blob),
      predicates_(blob_.predicates.size()),
      items_(blob_.items.size()),
      operands_(blob_.operands.size()),
      indexed_(!mode.plain),
      tried_(blob_.predicates.size()),
      cache_(mode.remembered) {}

void Evaluator::begin(const model::Event& event) {
  event_ = &event;
  folded_.clear();
  met_.clear();
  if (epoch_ == kLastEpoch) {
    std::ranges::fill(predicates_, 0U);
    std::ranges::fill(items_, 0U);
    for (Operand& operand : operands_) operand.epoch = operand.folded_epoch = operand.resolved_epoch = 0;
    epoch_ = keywords_epoch_ = raw_epoch_ = 0;
  }
  ++epoch_;
}

bool Evaluator::item(std::uint32_t index) {
  std::uint32_t& memo = items_[index];
  if (memo >> 1U == epoch_) return (memo & 1U) != 0;
  const ItemRecord& record = blob_.items[index];
  bool truth = record.all != 0;
  for (const std::uint32_t predicate_index : blob_.list(record.predicates)) {
    if (predicate(predicate_index) == truth) continue;
    truth = !truth;
    break;
  }
  truth = truth != (record.negated != 0);
  memo = epoch_ << 1U | (truth ? 1U : 0U);
  return truth;
}

bool Evaluator::predicate(std::uint32_t index) {
  std::uint32_t& memo = predicates_[index];
  if (memo >> 1U == epoch_) return (memo & 1U) != 0;
  const PredicateRecord& record = blob_.predicates[index];
  if (indexed_ && record.indexed != 0) {
    resolve(record.operand);
    return memo >> 1U == epoch_;
  }
  const bool truth = judge_predicate(record);
  memo = epoch_ << 1U | (truth ? 1U : 0U);
  return truth;
}

bool Evaluator::judge_predicate(const PredicateRecord& record) {
  const PatternRecord& pattern = blob_.patterns[record.pattern];
  const auto kind = static_cast<PatternKind>(pattern.kind);
  if (kind == PatternKind::null || kind == PatternKind::exists) return by_presence(pattern, record.operand);
  const std::size_t count = fetch(record.operand).values.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (test(pattern, record.operand, i)) return true;
  }
  return false;
}

std::optional<Meeting> Evaluator::meeting(std::uint32_t index) {
  const PredicateRecord& record = blob_.predicates[index];
  const PatternRecord& pattern = blob_.patterns[record.pattern];
  const auto kind = static_cast<PatternKind>(pattern.kind);
  const std::span<const Value> found = values(record.operand);
  if (kind == PatternKind::null) return std::nullopt;
  if (kind == PatternKind::exists) {
    if (found.empty() || (pattern.flags & kExists) == 0) return std::nullopt;
    return Meeting{0, {0, found[0].text.size()}};
  }
  for (std::size_t i = 0; i < found.size(); ++i) {
    auto span = test(pattern, record.operand, i);
    if (!span) continue;
    const bool by_folded =
        (kind == PatternKind::text || kind == PatternKind::field_ref) && (pattern.flags & kCased) == 0;
    const Operand& operand = operands_[record.operand];
    if (by_folded && !operand.folded[i].same) span = match::unfold_span(found[i].text, *span);
    return Meeting{i, *span};
  }
  return std::nullopt;
}

std::span<const Value> Evaluator::values(std::uint32_t operand) {
  return fetch(operand).values;
}

Evaluator::Operand& Evaluator::fetch(std::uint32_t index) {
  Operand& operand = operands_[index];
  if (operand.epoch == epoch_) return operand;
  operand.epoch = epoch_;
  const OperandRecord& record = blob_.operands[index];
  switch (record.kind) {
    case OperandRecord::field:
      operand.values = event_->get(blob_.words[record.fields.first]);
      break;
    case OperandRecord::constant:
      operand.own.assign(1, {.kind = Value::Kind::string, .text = blob_.text(record.text)});
      operand.values = operand.own;
      break;
    case OperandRecord::derived:
      fetch_derived(record, operand);
      break;
    case OperandRecord::keywords:
      operand.values = keyword_values();
      break;
    default:
      operand.values = {};
      break;
  }
  return operand;
}

void Evaluator::fetch_derived(const OperandRecord& record, Operand& out) {
  out.own.clear();
  out.values = {};
  const std::span<const std::uint32_t> fields = blob_.list(record.fields);
  const std::size_t count = fields.size() == 1 ? event_->get(fields[0]).size() : 1;
  if (out.texts.size() < count) out.texts.resize(count);
  if (fields.size() == 1) {
    const std::span<const Value> source = event_->get(fields[0]);
    for (std::size_t i = 0; i < count; ++i) {
      if (source[i].kind == Value::Kind::null) {
        out.own.push_back(source[i]);
        continue;
      }
      out.texts[i] = source[i].text;
      convert_into(record, out.texts[i]);
      out.own.push_back({.kind = Value::Kind::string, .text = out.texts[i]});
    }
  } else {
    std::string& text = out.texts[0];
    text.clear();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      const std::span<const Value> source = event_->get(fields[i]);
      if (source.empty()) return;
      if (i > 0) text += blob_.text(record.text);
      text += source[0].text;
    }
    convert_into(record, text);
    out.own.push_back({.kind = Value::Kind::string, .text = text});
  }
  out.values = out.own;
}

void Evaluator::convert_into(const OperandRecord& record, std::string& text) const {
  std::string_view argument;
  if (record.argument != kNone) {
    if (const auto source = event_->get(record.argument); !source.empty()) argument = source[0].text;
  }
  for (const std::uint32_t conversion : blob_.list(record.conversions)) {
    if (static_cast<Conversion>(conversion) != Conversion::code) {
      text = convert(static_cast<Conversion>(conversion), text, argument);
      continue;
    }
    const std::span<const Text> codes = Blob::part(blob_.texts, record.codes);
    for (std::size_t i = 0; i + 1 < codes.size(); i += 2) {
      const std::string_view from = blob_.text(codes[i]);
      if (!std::ranges::equal(from, text, {}, base::fold_ascii, base::fold_ascii)) continue;
      text = blob_.text(codes[i + 1]);
      break;
    }
  }
}

std::span<const Value> Evaluator::keyword_values() {
  if (keywords_epoch_ == epoch_) return keyword_values_;
  keywords_epoch_ = epoch_;
  keyword_values_.clear();
  keywords_.clear();
  // The views of a walk may be of short life: the texts are kept, and the views made when all are there; until then
  // only their sizes are good. A line feed ends each text, so that none runs into the next.
  event_->each_value([this](std::string_view, const Value& value) {
    keywords_ += value.text;
    keywords_ += '\n';
    keyword_values_.push_back({.kind = value.kind, .text = value.text});
  });
  std::size_t at = 0;
  for (Value& value : keyword_values_) {
    const std::size_t size = value.text.size();
    value.text = std::string_view(keywords_).substr(at, size);
    at += size + 1;
  }
  return keyword_values_;
}

std::string_view Evaluator::folded(std::uint32_t index, std::size_t value) {
  Operand& operand = operands_[index];
  if (operand.folded_epoch != epoch_) {
    operand.folded_epoch = epoch_;
    operand.folded.assign(operand.values.size(), {});
  }
  Folded& folded = operand.folded[value];
  if (!folded.done) {
    folded.done = true;
    folded.offset = folded_.size();
    folded.same = match::append_folded(folded_, operand.values[value].text);
    folded.length = folded_.size() - folded.offset;
  }
  return std::string_view(folded_).substr(folded.offset, folded.length);
}

std::optional<match::TextSpan> Evaluator::test(const PatternRecord& pattern, std::uint32_t operand, std::size_t value) {
  const Value& found = operands_[operand].values[value];
  if (found.kind == Value::Kind::null) return std::nullopt;
  const match::TextSpan whole{0, found.text.size()};
  bool truth = false;
  switch (static_cast<PatternKind>(pattern.kind)) {
    case PatternKind::text:
      return test_text(pattern, operand, value);
    case PatternKind::field_ref:
      return test_field(pattern, operand, value);
    case PatternKind::regex:
      return set_.regexes.search(pattern.regex, blob_.text(pattern.text), regex_flags(pattern), found.text);
    case PatternKind::network:
      truth = std::ranges::any_of(Blob::part(blob_.networks, pattern.forms),
                                  [&](const match::Network& network) { return match::contains(network, found.text); });
      break;
    case PatternKind::number:
    case PatternKind::compare:
    case PatternKind::time:
      truth = test_number(pattern, found.text);
      break;
    case PatternKind::null:
    case PatternKind::exists:
      break;
  }
  if (!truth) return std::nullopt;
  return whole;
}

std::optional<match::TextSpan> Evaluator::test_text(const PatternRecord& pattern, std::uint32_t operand,
                                                    std::size_t value) {
  const std::string_view text =
      (pattern.flags & kCased) != 0 ? operands_[operand].values[value].text : folded(operand, value);
  for (const FormRecord& form : Blob::part(blob_.forms, pattern.forms)) {
    if (const auto span = match::match_text(blob_.form(form), text)) return span;
  }
  return std::nullopt;
}

std::optional<match::TextSpan> Evaluator::test_field(const PatternRecord& pattern, std::uint32_t operand,
                                                     std::size_t value) {
  const bool cased = (pattern.flags & kCased) != 0;
  const std::span<const Value> others = fetch(pattern.operand).values;
  for (std::size_t i = 0; i < others.size(); ++i) {
    if (others[i].kind == Value::Kind::null) continue;
    // Folding may move the other's folded text: both are made before either is looked at.
    if (!cased) {
      static_cast<void>(folded(operand, value));
      static_cast<void>(folded(pattern.operand, i));
    }
    const std::string_view text = cased ? operands_[operand].values[value].text : folded(operand, value);
    const std::string_view needle = cased ? others[i].text : folded(pattern.operand, i);
    const auto span = place(needle, text, (pattern.flags & kOpenBegin) != 0, (pattern.flags & kOpenEnd) != 0);
    if (span) return span;
  }
  return std::nullopt;
}

bool Evaluator::test_number(const PatternRecord& pattern, std::string_view text) const {
  const auto wanted = match::parse_number(blob_.text(pattern.text));
  if (!wanted) return false;
  if (static_cast<PatternKind>(pattern.kind) == PatternKind::time) {
    const auto part = match::time_part(text, static_cast<match::TimePart>(pattern.part));
    if (!part) return false;
    const std::string digits = std::to_string(*part);
    return holds(static_cast<Comparison>(pattern.comparison), match::compare(*match::parse_number(digits), *wanted));
  }
  const auto found = match::parse_number(text);
  return found && holds(static_cast<Comparison>(pattern.comparison), match::compare(*found, *wanted));
}

bool Evaluator::by_presence(const PatternRecord& pattern, std::uint32_t operand) {
  const std::span<const Value> found = fetch(operand).values;
  if (static_cast<PatternKind>(pattern.kind) == PatternKind::exists) {
    return found.empty() != ((pattern.flags & kExists) != 0);
  }
  return found.empty() ||
         std::ranges::any_of(found, [](const Value& value) { return value.kind == Value::Kind::null; });
}

}  // namespace tocsin::sigma
