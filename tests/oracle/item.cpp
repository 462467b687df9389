#include "tests/oracle/item.hpp"

#include <algorithm>
#include <utility>

#include <re2/re2.h>

#include "tests/oracle/mutation.hpp"

namespace tocsin::oracle {
namespace {

using Kind = Expected::Kind;
using ValueKind = model::Value::Kind;

bool ordered(std::string_view word, int comparison) {
  if (word == "gt" && active(Mutant::gt_is_lt)) return comparison < 0;
  if (word == "gt") return active(Mutant::gt_is_gte) ? comparison >= 0 : comparison > 0;
  if (word == "gte") return active(Mutant::gte_is_gt) ? comparison > 0 : comparison >= 0;
  if (word == "lt") return active(Mutant::lt_is_lte) ? comparison <= 0 : comparison < 0;
  return active(Mutant::lte_is_lt) ? comparison < 0 : comparison <= 0;
}

Span whole(const FieldValue& value) {
  return {0, value.text.starts.back()};
}

std::optional<Span> search(const Expected& expected, const FieldValue& value) {
  const std::string& bytes = value.text.bytes;
  re2::StringPiece found;
  const re2::StringPiece all(bytes.data(), bytes.size());
  const auto anchor = active(Mutant::re_meets_whole_value) ? RE2::ANCHOR_BOTH : RE2::UNANCHORED;
  if (!expected.regex->Match(all, 0, all.size(), anchor, &found, 1)) return std::nullopt;
  const auto begin = static_cast<std::uint32_t>(found.data() - all.data());
  return Span{begin, begin + static_cast<std::uint32_t>(found.size())};
}

bool in_network(const Expected& expected, std::string_view address) {
  if (active(Mutant::cidr_is_a_text_prefix)) {
    const std::string_view written = expected.written;
    return address.starts_with(written.substr(0, written.find_first_of("0/")));
  }
  return std::ranges::any_of(expected.networks, [&](const Network& network) { return holds(network, address); });
}

// Comparisons that are true of a value as a whole.
bool holds_for(const Expected& expected, const FieldValue& value) {
  const std::string& bytes = value.text.bytes;
  if (expected.kind == Kind::number) {
    const bool quoted = value.kind == ValueKind::string && active(Mutant::number_must_be_unquoted);
    return !quoted && compare_numbers(bytes, expected.written) == 0;
  }
  if (expected.kind == Kind::boolean) {
    return match(literal_glob(expected.written), value.text, active(Mutant::boolean_case_matters)).has_value();
  }
  if (expected.kind == Kind::network) return in_network(expected, bytes);
  if (expected.kind == Kind::order) {
    const auto comparison = compare_numbers(bytes, expected.written);
    return comparison && ordered(expected.word, *comparison);
  }
  return false;
}

// A part of a time: equal, or as an order beside it says.
bool time_holds(const Expected& expected, const FieldValue& value, const sigma::FieldItem& item) {
  const auto part = time_part(expected.word, value.text.bytes);
  if (!part) return false;
  const int comparison = compare_numbers(std::to_string(*part), expected.written).value_or(-2);
  for (const std::string_view word : {"gt", "gte", "lt", "lte"}) {
    if (has_modifier(item, word)) return ordered(word, comparison);
  }
  return comparison == 0;
}

}  // namespace

Item::Item(const sigma::FieldItem& source, const sigma::Placeholders& placeholders) : source_(source) {
  for (const sigma::RuleValue& value : source.values) {
    auto expected = read_value(source, value, placeholders);
    judgeable_ = judgeable_ && expected.has_value();
    if (expected) expected_.push_back(*std::move(expected));
  }
}

bool Item::has(std::string_view modifier) const {
  return has_modifier(source_, modifier);
}

std::optional<Span> Item::equals_other(const Expected& expected, const FieldValue& value, const Field& other) const {
  for (const FieldValue& one : other.values) {
    if (one.kind == ValueKind::null) continue;
    Glob glob = active(Mutant::fieldref_has_wildcards) ? parse_glob(one.text.bytes) : literal_glob(one.text.bytes);
    if (expected.any_before) add_run_before(glob);
    if (expected.any_behind) add_run_behind(glob);
    if (const auto span = match(glob, value.text, has("cased") || active(Mutant::fieldref_case_matters))) return span;
    if (active(Mutant::fieldref_first_value_only)) break;
  }
  return std::nullopt;
}

std::optional<Span> Item::meets_field(const Expected& expected, const FieldValue& value, const EventFields& fields,
                                      const sigma::Variant& variant) const {
  std::string name = expected.written;
  std::erase(name, ' ');
  if (active(Mutant::fieldref_is_the_name)) return match(literal_glob(name), value.text, false);
  const Field& other = active(Mutant::fieldref_is_not_mapped) ? fields.own(name) : fields.get(variant, name);
  return equals_other(expected, value, other);
}

std::optional<Span> Item::meets(const Expected& expected, const FieldValue& value, const EventFields& fields,
                                const sigma::Variant& variant) const {
  if (value.kind == ValueKind::null && !active(Mutant::null_is_empty_text)) return std::nullopt;
  if (expected.kind == Kind::regex) return search(expected, value);
  if (expected.kind == Kind::other_field) return meets_field(expected, value, fields, variant);
  if (expected.kind == Kind::text) {
    const bool encoded = has("base64") || has("base64offset");
    const bool keyword = source_.field.empty() && active(Mutant::keyword_case_matters);
    const bool cased = has("cased") || keyword || (encoded && active(Mutant::base64_case_matters));
    for (const Glob& glob : expected.globs) {
      if (const auto span = match(glob, value.text, cased)) return span;
    }
    return std::nullopt;
  }
  const bool holds = expected.kind == Kind::time ? time_holds(expected, value, source_) : holds_for(expected, value);
  if (!holds) return std::nullopt;
  return whole(value);
}

namespace {

bool is_null(const FieldValue& value) {
  const bool empty = value.text.bytes.empty() && active(Mutant::null_meets_empty);
  return (value.kind == ValueKind::null && !active(Mutant::null_only_absent)) || empty;
}

bool counts_as_there(const FieldValue& value) {
  if (value.kind == ValueKind::null) {
    return !active(Mutant::exists_takes_null_for_absent) && !active(Mutant::exists_wants_text);
  }
  return !value.text.bytes.empty() || !active(Mutant::exists_wants_text);
}

// What mutants let an absent field meet.
bool absence_is_let_pass(const Expected& expected, const EventFields& fields, const sigma::Variant& variant) {
  const bool empty_text = expected.kind == Kind::text && expected.written.empty();
  if (empty_text && active(Mutant::empty_meets_absent)) return true;
  if (expected.kind == Kind::order && active(Mutant::gt_is_true_when_absent)) return true;
  return expected.kind == Kind::other_field && active(Mutant::fieldref_both_absent) &&
         fields.get(variant, expected.written).values.empty();
}

// JSON null on both sides, for a mutant.
bool both_null(const Expected& expected, const std::vector<FieldValue>& values, const EventFields& fields,
               const sigma::Variant& variant) {
  if (expected.kind != Kind::other_field || !active(Mutant::fieldref_null_is_equal)) return false;
  const auto null = [](const FieldValue& value) { return value.kind == ValueKind::null; };
  return std::ranges::any_of(values, null) && std::ranges::any_of(fields.get(variant, expected.written).values, null);
}

}  // namespace

std::optional<Item::Met> Item::meet(const Expected& expected, const std::vector<FieldValue>& values,
                                    const EventFields& fields, const sigma::Variant& variant) const {
  if (expected.kind == Kind::null) {
    const bool absent = values.empty() && !active(Mutant::null_only_null);
    if (absent || std::ranges::any_of(values, is_null)) return Met{};
    return std::nullopt;
  }
  if (expected.kind == Kind::presence) {
    const bool there = std::ranges::any_of(values, counts_as_there);
    if (there != (expected.wanted || active(Mutant::exists_is_always_true))) return std::nullopt;
    return values.empty() ? Met{} : Met{&values.front(), whole(values.front())};
  }
  if (values.empty() && absence_is_let_pass(expected, fields, variant)) return Met{};
  if (both_null(expected, values, fields, variant)) return Met{};
  std::optional<Met> met;
  std::size_t count = 0;
  for (const FieldValue& value : values) {
    if (const auto span = meets(expected, value, fields, variant)) {
      ++count;
      if (!met || active(Mutant::proof_of_last_value)) met = Met{&value, *span};
    }
    if (active(Mutant::only_first_value)) break;
  }
  if (active(Mutant::every_value_must_meet) && count < values.size()) return std::nullopt;
  return met;
}

// Whether mutants see the negation otherwise than as that of the whole item.
bool Item::negation_holds(std::size_t met, const std::vector<FieldValue>& values, const EventFields& fields,
                          const sigma::Variant& variant, bool truth) const {
  if (active(Mutant::neq_if_one_differs)) return met < expected_.size();
  if (active(Mutant::neq_needs_the_field) && values.empty()) return false;
  if (active(Mutant::neq_if_one_value_differs)) {
    return std::ranges::any_of(values, [&](const FieldValue& value) {
      return std::ranges::none_of(expected_,
                                  [&](const Expected& one) { return meets(one, value, fields, variant).has_value(); });
    });
  }
  return !truth;
}

bool Item::together(std::size_t met, const std::vector<FieldValue>& values, const EventFields& fields,
                    const sigma::Variant& variant) const {
  bool all = has("all");
  if (all && active(Mutant::all_is_any)) all = false;
  if (!all && active(Mutant::any_is_all)) all = true;
  if (!all) return met > 0;
  if (active(Mutant::all_in_one_value)) {
    return std::ranges::any_of(values, [&](const FieldValue& value) {
      return std::ranges::all_of(expected_,
                                 [&](const Expected& one) { return meets(one, value, fields, variant).has_value(); });
    });
  }
  return met == expected_.size();
}

bool Item::evaluate(const EventFields& fields, const sigma::Variant& variant, const std::string& selection,
                    std::vector<Match>& matches) const {
  const bool keywords = source_.field.empty();
  static const Field kNoField;
  const Field& field = keywords ? kNoField : fields.get(variant, source_.field);
  const std::vector<FieldValue>& values = keywords ? fields.all_values() : field.values;
  Match base;
  base.selection = selection;
  base.field = keywords ? "" : source_.key;
  std::vector<Match> found;
  std::size_t met = 0;
  for (const Expected& expected : expected_) {
    const auto result = meet(expected, values, fields, variant);
    if (!result) continue;
    ++met;
    if (met > 1 && active(Mutant::proof_of_last_pattern)) found.clear();
    if (met > 1 && !has("all") && !active(Mutant::proof_of_last_pattern)) continue;  // one is enough to show
    Match match = base;
    match.pattern = expected.written;
    match.negated = result->value == nullptr;
    if (result->value != nullptr) {
      match.value = result->value->text.bytes;
      match.span = result->span;
      match.event_field = keywords ? result->value->path : field.event_field;
      match.conversions = field.conversions;
    }
    found.push_back(std::move(match));
  }
  const bool truth = together(met, values, fields, variant);
  if (has("neq") && !active(Mutant::neq_ignored)) {
    if (!negation_holds(met, values, fields, variant, truth)) return false;
    base.pattern = expected_.empty() ? "" : expected_.front().written;
    base.negated = true;
    matches.push_back(std::move(base));
    return true;
  }
  if (truth) matches.insert(matches.end(), found.begin(), found.end());
  return truth;
}

}  // namespace tocsin::oracle
