#include "tests/oracle/item.hpp"

#include <algorithm>
#include <array>

#include <re2/re2.h>

namespace tocsin::oracle {
namespace {

using Kind = Expected::Kind;
using ValueKind = model::Value::Kind;
using RuleKind = sigma::RuleValue::Kind;

constexpr std::array<std::string_view, 26> kKnown{
    "all",      "cased",   "neq",    "contains",     "startswith", "endswith", "windash", "wide", "utf16le",
    "utf16",    "utf16be", "base64", "base64offset", "re",         "i",        "m",       "s",    "cidr",
    "fieldref", "exists",  "gt",     "gte",          "lt",         "lte",      "minute",  "hour"};
constexpr std::array<std::string_view, 6> kTimes{"minute", "hour", "day", "week", "month", "year"};
constexpr std::array<std::string_view, 4> kOrders{"gt", "gte", "lt", "lte"};

bool ordered(std::string_view word, int comparison) {
  if (word == "gt") return comparison > 0;
  if (word == "gte") return comparison >= 0;
  if (word == "lt") return comparison < 0;
  return comparison <= 0;
}

// D12: the value at each of the three positions it can have in a Base64 text, less the characters its neighbours
// decide.
std::vector<std::string> base64_offsets(const std::string& text) {
  static constexpr std::array<std::size_t, 3> kFirst{0, 2, 3};
  static constexpr std::array<std::size_t, 3> kCutBehind{0, 3, 2};
  std::vector<std::string> out;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string whole = base64(std::string(i, ' ') + text);
    const std::size_t end = whole.size() - std::min(whole.size(), kCutBehind[(text.size() + i) % 3]);
    if (end > kFirst[i]) out.push_back(whole.substr(kFirst[i], end - kFirst[i]));  // what is left of nothing is nothing
  }
  return out;
}

Span whole(const FieldValue& value) {
  return {0, value.text.starts.back()};
}

}  // namespace

Item::Item(const sigma::FieldItem& source) : source_(source) {
  for (const std::string& modifier : source.modifiers) {
    const bool known =
        std::ranges::find(kKnown, modifier) != kKnown.end() || std::ranges::find(kTimes, modifier) != kTimes.end();
    judgeable_ = judgeable_ && known;
  }
  for (const sigma::RuleValue& value : source.values) read(value);
}

bool Item::has(std::string_view modifier) const {
  return std::ranges::find(source_.modifiers, modifier) != source_.modifiers.end();
}

void Item::read(const sigma::RuleValue& value) {
  Expected out;
  out.written = value.text;
  const auto one_of = [&](const auto& words) {
    for (const std::string_view word : words) {
      if (has(word)) return word;
    }
    return std::string_view();
  };
  if (has("exists")) {
    out.kind = Kind::presence;
    out.wanted = value.text != "false" && value.text != "False" && value.text != "FALSE";
  } else if (has("re")) {
    read_regex(value, out);
  } else if (has("cidr")) {
    out.kind = Kind::network;
    out.network = parse_network(value.text);
    judgeable_ = judgeable_ && out.network.has_value();
  } else if (has("fieldref")) {
    out.kind = Kind::other_field;
    out.any_before = has("contains") || has("endswith");
    out.any_behind = has("contains") || has("startswith");
  } else if (const std::string_view word = one_of(kOrders); !word.empty()) {
    out.kind = Kind::order;
    out.word = word;
  } else if (const std::string_view part = one_of(kTimes); !part.empty()) {
    out.kind = Kind::time;
    out.word = part;
  } else {
    read_plain(value, out);
  }
  expected_.push_back(std::move(out));
}

void Item::read_regex(const sigma::RuleValue& value, Expected& out) {
  out.kind = Kind::regex;
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(256 << 10);
  const std::string flags = std::string(has("i") ? "i" : "") + (has("m") ? "m" : "") + (has("s") ? "s" : "");
  out.regex = std::make_shared<RE2>(flags.empty() ? value.text : "(?" + flags + ")" + value.text, options);
  judgeable_ = judgeable_ && out.regex->ok();
}

// Null, numbers and booleans are more than their texts only where no modifier asks for text, and never as keywords.
void Item::read_plain(const sigma::RuleValue& value, Expected& out) {
  constexpr std::array<std::string_view, 10> kOfText{"contains", "startswith", "endswith", "windash", "wide",
                                                     "utf16le",  "utf16be",    "utf16",    "base64",  "base64offset"};
  const bool plain = std::ranges::none_of(kOfText, [&](std::string_view word) { return has(word); });
  const bool keyword = source_.field.empty();
  if (value.kind == RuleKind::null && plain) {
    out.kind = Kind::null;
  } else if ((value.kind == RuleKind::integer || value.kind == RuleKind::real) && plain && !keyword) {
    out.kind = Kind::number;
  } else if (value.kind == RuleKind::boolean && plain && !keyword) {
    out.kind = Kind::boolean;
  } else {
    read_text(value, out);
  }
}

void Item::read_text(const sigma::RuleValue& value, Expected& out) {
  std::vector<Glob> globs{parse_glob(value.text)};
  const auto each_plain = [&](const auto& change) {
    std::vector<Glob> changed;
    for (const Glob& glob : globs) {
      judgeable_ = judgeable_ && !has_wildcards(glob);
      for (const Glob& spelled : spellings(glob)) {
        for (const std::string& text : change(plain_text(spelled))) changed.push_back(literal_glob(text));
      }
    }
    globs = std::move(changed);
  };
  using Texts = std::vector<std::string>;
  for (const std::string& modifier : source_.modifiers) {
    if (modifier == "contains" || modifier == "endswith") std::ranges::for_each(globs, add_run_before);
    if (modifier == "contains" || modifier == "startswith") std::ranges::for_each(globs, add_run_behind);
    if (modifier == "windash") std::ranges::transform(globs, globs.begin(), with_dashes);
    if (modifier == "wide" || modifier == "utf16le")
      each_plain([](const std::string& text) { return Texts{utf16(text, false)}; });
    if (modifier == "utf16be") each_plain([](const std::string& text) { return Texts{utf16(text, true)}; });
    if (modifier == "utf16") each_plain([](const std::string& text) { return Texts{"\xFF\xFE" + utf16(text, false)}; });
    if (modifier == "base64") each_plain([](const std::string& text) { return Texts{base64(text)}; });
    if (modifier == "base64offset") each_plain([](const std::string& text) { return base64_offsets(text); });
  }
  const bool placed = has("startswith") || has("endswith");
  if (source_.field.empty() && !placed) {  // a keyword: anywhere in the value
    std::ranges::for_each(globs, add_run_before);
    std::ranges::for_each(globs, add_run_behind);
  }
  out.globs = std::move(globs);
}

std::optional<Span> Item::search(const Expected& expected, const FieldValue& value) {
  const std::string& bytes = value.text.bytes;
  re2::StringPiece found;
  const re2::StringPiece all(bytes.data(), bytes.size());
  if (!expected.regex->Match(all, 0, all.size(), RE2::UNANCHORED, &found, 1)) return std::nullopt;
  const auto begin = static_cast<std::uint32_t>(found.data() - all.data());
  return Span{begin, begin + static_cast<std::uint32_t>(found.size())};
}

std::optional<Span> Item::equals_other(const Expected& expected, const FieldValue& value, const Field& other) const {
  for (const FieldValue& one : other.values) {
    if (one.kind == ValueKind::null) continue;
    Glob glob = literal_glob(one.text.bytes);
    if (expected.any_before) add_run_before(glob);
    if (expected.any_behind) add_run_behind(glob);
    if (const auto span = match(glob, value.text, has("cased"))) return span;
  }
  return std::nullopt;
}

// Comparisons that are true of a value as a whole.
bool Item::holds_for(const Expected& expected, const FieldValue& value) {
  const std::string& bytes = value.text.bytes;
  if (expected.kind == Kind::number) return compare_numbers(bytes, expected.written) == 0;
  if (expected.kind == Kind::boolean) return match(literal_glob(expected.written), value.text, false).has_value();
  if (expected.kind == Kind::network) return holds(*expected.network, bytes);
  if (expected.kind == Kind::order) {
    const auto comparison = compare_numbers(bytes, expected.written);
    return comparison && ordered(expected.word, *comparison);
  }
  const auto part = time_part(expected.word, bytes);
  return part && compare_numbers(std::to_string(*part), expected.written) == 0;
}

std::optional<Span> Item::meets(const Expected& expected, const FieldValue& value, const EventFields& fields,
                                const sigma::Variant& variant) const {
  if (value.kind == ValueKind::null) return std::nullopt;
  if (expected.kind == Kind::regex) return search(expected, value);
  if (expected.kind == Kind::other_field) return equals_other(expected, value, fields.get(variant, expected.written));
  if (expected.kind == Kind::text) {
    for (const Glob& glob : expected.globs) {
      if (const auto span = match(glob, value.text, has("cased"))) return span;
    }
    return std::nullopt;
  }
  if (!holds_for(expected, value)) return std::nullopt;
  return whole(value);
}

std::optional<Item::Met> Item::meet(const Expected& expected, const std::vector<FieldValue>& values,
                                    const EventFields& fields, const sigma::Variant& variant) const {
  if (expected.kind == Kind::null) {
    const auto is_null = [](const FieldValue& value) { return value.kind == ValueKind::null; };
    if (values.empty() || std::ranges::any_of(values, is_null)) return Met{};
    return std::nullopt;
  }
  if (expected.kind == Kind::presence) {
    if (values.empty() == expected.wanted) return std::nullopt;
    return values.empty() ? Met{} : Met{&values.front(), whole(values.front())};
  }
  for (const FieldValue& value : values) {
    if (const auto span = meets(expected, value, fields, variant)) return Met{&value, *span};
  }
  return std::nullopt;
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
    if (met > 1 && !has("all")) continue;  // one is enough to show
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
  const bool truth = has("all") ? met == expected_.size() : met > 0;
  if (has("neq")) {
    if (truth) return false;
    base.pattern = expected_.empty() ? "" : expected_.front().written;
    base.negated = true;
    matches.push_back(std::move(base));
    return true;
  }
  if (truth) matches.insert(matches.end(), found.begin(), found.end());
  return truth;
}

}  // namespace tocsin::oracle
