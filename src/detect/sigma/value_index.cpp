#include "detect/sigma/value_index.hpp"

#include <algorithm>
#include <utility>

#include "base/parallel.hpp"
#include "base/text.hpp"
#include "detect/sigma/item_lowering.hpp"
#include "match/number.hpp"
#include "match/regex_literals.hpp"
#include "match/text_pattern.hpp"
#include "model/event.hpp"

namespace tocsin::sigma {

namespace {

constexpr std::uint32_t kShortestRawRun = 4;   // shorter ones are found too often to spare anything
constexpr std::uint32_t kShortRun = 6;         // bytes; of fewer, the dash beside them is looked for too
constexpr std::size_t kOperandsForThread = 8;  // fewer are not worth a thread
constexpr char32_t kNoCodePoint = 0x110000;    // and all above: wildcards, bytes that are no UTF-8

match::Literal literal(Text text, std::uint32_t predicate) {
  return {text.first, text.count, predicate, 0};
}

}  // namespace

// The longest run of code points in a part that has wildcards, folded.
Text ValueIndexBuilder::longest_run(const match::TextPart& part) {
  std::string longest, run;
  for (std::uint32_t i = 0; i <= part.length; ++i) {
    const char32_t code = i < part.length ? tables_.codes[part.offset + i] : kNoCodePoint;
    if (code < kNoCodePoint) {
      base::append_code_point(run, base::fold(code));
      continue;
    }
    if (run.size() > longest.size()) longest = run;
    run.clear();
  }
  return builder_.text(longest);
}

// The longest run around one dash, in each spelling of the dash: `-s` is rarer than `s`. None where no part has a dash.
std::vector<Text> ValueIndexBuilder::dashed_runs(const FormRecord& form) {
  std::string longest_front, longest_back;
  bool found = false;
  for (std::uint32_t i = 0; i < form.parts.count; ++i) {
    const match::TextPart part = tables_.parts[form.parts.first + i];
    if (part.wild == 0) continue;
    std::string front, back;  // around the last dash
    bool dash = false;
    for (std::uint32_t k = 0; k <= part.length; ++k) {
      const char32_t code = k < part.length ? tables_.codes[part.offset + k] : kNoCodePoint;
      if (code < kNoCodePoint) {
        base::append_code_point(back, base::fold(code));
        continue;
      }
      if (dash && front.size() + back.size() >= longest_front.size() + longest_back.size()) {
        longest_front = front;
        longest_back = back;
        found = true;
      }
      front = std::exchange(back, {});
      dash = code == match::kAnyDash;
    }
  }
  std::vector<Text> runs;
  for (const char32_t dash : found ? match::kDashes : std::u32string_view()) {
    std::string run = longest_front;
    base::append_code_point(run, dash);
    runs.push_back(builder_.text(run + longest_back));
  }
  return runs;
}

// The longest text that every folded value which meets the form must hold; empty where there is none.
Text ValueIndexBuilder::literal_of(const FormRecord& form, bool cased) {
  Text longest;
  for (std::uint32_t i = 0; i < form.parts.count; ++i) {
    const match::TextPart part = tables_.parts[form.parts.first + i];
    Text text{part.offset, part.length};
    if (part.wild != 0) {
      text = longest_run(part);
    } else if (cased) {
      std::string folded;
      match::append_folded(folded, view(text));
      text = builder_.text(folded);
    }
    if (text.count > longest.count) longest = text;
  }
  return longest;
}

void ValueIndexBuilder::add_text(const PatternRecord& pattern, std::uint32_t predicate, Keys& out) {
  const bool cased = (pattern.flags & kCased) != 0;
  for (std::uint32_t i = 0; i < pattern.forms.count; ++i) {
    const FormRecord form = tables_.forms[pattern.forms.first + i];
    const bool closed = form.open_begin == 0 && form.open_end == 0;
    const bool plain = form.parts.count == 0 || (form.parts.count == 1 && tables_.parts[form.parts.first].wild == 0);
    const Text text = literal_of(form, cased);
    const std::vector<Text> dashed = text.count < kShortRun ? dashed_runs(form) : std::vector<Text>();
    if (closed && plain) {
      out.texts.push_back(literal(text, predicate));
    } else if (!dashed.empty() && dashed.front().count > text.count) {  // else a dash alone would be looked for
      for (const Text run : dashed) out.literals.push_back(literal(run, predicate));
    } else if (text.count != 0) {
      out.literals.push_back(literal(text, predicate));
    } else {
      out.always = true;
    }
  }
}

void ValueIndexBuilder::add_regex(const PatternRecord& pattern, std::uint32_t predicate, Keys& out) {
  const auto literals = match::required_literals(view(pattern.text), regex_flags(pattern));
  out.always = !literals;
  if (!literals) return;
  for (const std::string& text : *literals) out.literals.push_back(literal(builder_.text(text), predicate));
}

void ValueIndexBuilder::add_number(const PatternRecord& pattern, std::uint32_t predicate, Keys& out) {
  const auto number = match::parse_number(view(pattern.text));
  out.always = !number || !number->integer;
  if (out.always) return;
  const std::string digits(number->digits);
  out.numbers.push_back(literal(builder_.text(digits), predicate));
}

ValueIndexBuilder::Keys ValueIndexBuilder::keys_of(std::uint32_t predicate) {
  const PatternRecord pattern = tables_.patterns[tables_.predicates[predicate].pattern];
  Keys keys;
  switch (static_cast<PatternKind>(pattern.kind)) {
    case PatternKind::text:
      add_text(pattern, predicate, keys);
      break;
    case PatternKind::regex:
      add_regex(pattern, predicate, keys);
      break;
    case PatternKind::number:
      add_number(pattern, predicate, keys);
      break;
    case PatternKind::network:
    case PatternKind::compare:
    case PatternKind::time:
      keys.always = true;
      break;
    case PatternKind::null:
    case PatternKind::field_ref:
    case PatternKind::exists:
      break;
  }
  return keys;
}

// What of each literal stands in an event's raw text as it is; empty where a literal has nothing of the kind.
match::LiteralSet ValueIndexBuilder::raw_of(std::span<const match::Literal> literals, Pools& pools) const {
  std::vector<match::Literal> runs;
  for (const match::Literal& literal : literals) {
    match::Literal longest{literal.offset, 0, literal.owner, 0};
    match::Literal run = longest;
    for (std::uint32_t i = 0; i < literal.length; ++i) {
      const auto c = static_cast<unsigned char>(tables_.chars[literal.offset + i]);
      if (c < 0x20 || c == '"' || c == '\\') {
        run = {literal.offset + i + 1, 0, literal.owner, 0};
      } else if (++run.length > longest.length) {
        longest = run;
      }
    }
    const std::string_view text = view({longest.offset, longest.length});
    const bool bare = text.find_first_not_of(model::kBareCharacters) == std::string_view::npos;
    if (bare || text.size() < kShortestRawRun) return {};
    runs.push_back(longest);
  }
  return match::add_literal_set(runs, all_chars(), pools.words, pools.literals);
}

std::vector<ValueIndexBuilder::Kept> ValueIndexBuilder::look() {
  std::vector<Kept> fits;
  for (std::uint32_t i = 0; i < tables_.predicates.size(); ++i) {
    const Keys& keys = keys_.emplace_back(keys_of(i));
    Kept kept;
    kept.shortest = 0xFFFFFFFF;
    for (const match::Literal& one : keys.literals) kept.shortest = std::min(kept.shortest, one.length);
    if (keys.always) {
      kept.fit = Fit::always;
    } else if (!keys.literals.empty()) {
      kept.fit = Fit::literal;
    } else if (!keys.texts.empty() || !keys.numbers.empty()) {
      kept.fit = Fit::exact;
    }
    fits.push_back(kept);
  }
  return fits;
}

// All that one operand's values are looked up in, in pools of its own. Of no other operand: any thread may make it.
ValueIndexBuilder::Built ValueIndexBuilder::index_of(const OperandRecord& kind, Operand& operand) const {
  Built built;
  ValueIndexRecord& record = built.record;
  Pools& pools = built.pools;
  if (kind.kind == OperandRecord::keywords && operand.always.empty()) {
    std::vector<match::Literal> all = operand.literals;
    for (const auto* list : {&operand.texts, &operand.numbers}) all.insert(all.end(), list->begin(), list->end());
    record.raw = raw_of(all, pools);
  }
  record.shortest = operand.always.empty() ? 0xFFFFFFFF : 0;
  for (const auto* list : {&operand.literals, &operand.texts, &operand.numbers}) {
    for (const match::Literal& one : *list) record.shortest = std::min(record.shortest, one.length);
  }
  record.literals = match::add_literal_set(operand.literals, all_chars(), pools.words, pools.literals);
  record.texts = match::add_exact_set(std::move(operand.texts), all_chars(), pools.words, pools.literals);
  record.numbers = match::add_exact_set(std::move(operand.numbers), all_chars(), pools.words, pools.literals);
  return built;
}

// Puts the pools of one operand behind those that are there.
void ValueIndexBuilder::add(Built built) {
  const auto words = static_cast<std::uint32_t>(tables_.words.size());
  const auto literals = static_cast<std::uint32_t>(tables_.literals.size());
  for (match::LiteralSet* set : {&built.record.literals, &built.record.raw}) {
    for (match::GramTable& table : set->tables) {
      table.bitmap += words;
      table.buckets += words;
      table.first += literals;
    }
  }
  for (match::ExactSet* set : {&built.record.texts, &built.record.numbers}) {
    set->buckets += words;
    set->first += literals;
  }
  tables_.words.insert(tables_.words.end(), built.pools.words.begin(), built.pools.words.end());
  tables_.literals.insert(tables_.literals.end(), built.pools.literals.begin(), built.pools.literals.end());
  tables_.value_indexes.push_back(built.record);
}

void ValueIndexBuilder::build(const std::vector<Kept>& fits, const std::vector<bool>& wanted) {
  std::vector<Operand> operands(tables_.operands.size());
  const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  for (std::uint32_t i = 0; i < tables_.predicates.size(); ++i) {
    if (fits[i].fit == Fit::never || (fits[i].fit == Fit::always && !wanted[i])) continue;
    tables_.predicates[i].indexed = 1;
    Operand& operand = operands[tables_.predicates[i].operand];
    const Keys& keys = keys_[i];
    if (keys.always) {
      operand.always.push_back(i);
      continue;
    }
    append(operand.literals, keys.literals);
    append(operand.texts, keys.texts);
    append(operand.numbers, keys.numbers);
    if (!keys.numbers.empty()) operand.uncommon.push_back(i);
  }
  std::vector<Built> built(operands.size());
  base::in_parallel(operands.size(), kOperandsForThread,
                    [&](std::size_t i) { built[i] = index_of(tables_.operands[i], operands[i]); });
  for (std::size_t i = 0; i < operands.size(); ++i) {
    built[i].record.always = builder_.words(operands[i].always);
    built[i].record.uncommon_numbers = builder_.words(operands[i].uncommon);
    add(std::move(built[i]));
  }
}

}  // namespace tocsin::sigma
