#include "tests/oracle/expected.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <re2/re2.h>

#include "base/text.hpp"
#include "tests/oracle/expand.hpp"
#include "tests/oracle/mutation.hpp"

namespace tocsin::oracle {
namespace {

using Kind = Expected::Kind;
using RuleKind = sigma::RuleValue::Kind;
using Texts = std::vector<std::string>;

constexpr std::array<std::string_view, 37> kKnown{
    "all",    "cased",  "neq",  "contains", "startswith", "endswith",   "windash",     "wide", "utf16le",
    "utf16",  "base64", "re",   "utf16be",  "i",          "ignorecase", "multiline",   "cidr", "m",
    "dotall", "s",      "gt",   "gte",      "lt",         "lte",        "minute",      "hour", "day",
    "week",   "month",  "year", "expand",   "exists",     "fieldref",   "base64offset"};
constexpr std::array<std::string_view, 6> kTimes{"minute", "hour", "day", "week", "month", "year"};
constexpr std::array<std::string_view, 4> kOrders{"gt", "gte", "lt", "lte"};

// D12: the value at each of the three positions it can have in a Base64 text, less the characters its neighbours
// decide.
Texts base64_offsets(const std::string& text) {
  std::array<std::size_t, 3> first{0, 2, 3}, cut_behind{0, 3, 2};
  if (active(Mutant::base64offset_begins_early)) first = {0, 1, 2};
  if (active(Mutant::base64offset_begins_late)) first = {0, 3, 4};
  if (active(Mutant::base64offset_ends_late)) cut_behind = {0, 2, 1};
  if (active(Mutant::base64offset_ends_early)) cut_behind = {0, 4, 3};
  Texts out;
  for (std::size_t i = 0; i < (active(Mutant::base64offset_first_only) ? 1 : 3); ++i) {
    const std::string whole = base64(std::string(i, ' ') + text);
    const std::size_t end = whole.size() - std::min(whole.size(), cut_behind[(text.size() + i) % 3]);
    if (end > first[i]) out.push_back(whole.substr(first[i], end - first[i]));  // what is left of nothing is nothing
  }
  return out;
}

std::string with_mark(const std::string& text) {
  if (active(Mutant::utf16_without_mark)) return utf16(text, false);
  if (active(Mutant::utf16_mark_is_big_endian)) return "\xFE\xFF" + utf16(text, false);
  return "\xFF\xFE" + utf16(text, false);
}

class Reading {
 public:
  Reading(const sigma::FieldItem& item, const sigma::RuleValue& value, const sigma::Placeholders& placeholders)
      : item_(item), value_(value), placeholders_(placeholders) {
    out_.written = value.text;
  }

  std::optional<Expected> read() {
    for (const std::string& modifier : item_.modifiers)
      good_ = good_ && std::ranges::find(kKnown, modifier) != kKnown.end();
    if (has("exists")) {
      out_.kind = Kind::presence;
      out_.wanted = base::equal_fold(value_.text, "true");
    } else if (has("re")) {
      read_regex();
    } else if (has("cidr")) {
      read_networks();
    } else if (has("fieldref")) {
      out_.kind = Kind::other_field;
      out_.any_before = has("contains") || has("endswith");
      out_.any_behind = has("contains") || has("startswith");
      if (active(Mutant::fieldref_sides_swapped)) std::swap(out_.any_before, out_.any_behind);
    } else if (const std::string_view part = one_of(kTimes); !part.empty()) {
      out_.kind = Kind::time;
      out_.word = part;
    } else if (const std::string_view word = one_of(kOrders); !word.empty()) {
      out_.kind = Kind::order;
      out_.word = word;
    } else {
      read_plain();
    }
    return good_ ? std::optional(std::move(out_)) : std::nullopt;
  }

 private:
  [[nodiscard]] bool has(std::string_view modifier) const { return has_modifier(item_, modifier); }

  template <class Words>
  [[nodiscard]] std::string_view one_of(const Words& words) const {
    for (const std::string_view word : words) {
      if (has(word)) return word;
    }
    return {};
  }

  // The value with each placeholder replaced by each of its values; without `expand` as it is.
  Texts spelled() {
    if (!has("expand")) return {value_.text};
    auto texts = expand(value_.text, placeholders_);
    good_ = good_ && texts.has_value();
    return texts.value_or(Texts{});
  }

  void read_regex() {
    out_.kind = Kind::regex;
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(256 << 10);
    std::string flags;
    const bool i = (has("i") || has("ignorecase")) && !active(Mutant::re_i_ignored);
    const bool m = (has("m") || has("multiline")) && !active(Mutant::re_m_ignored);
    const bool s = (has("s") || has("dotall")) && !active(Mutant::re_s_ignored);
    if (i || active(Mutant::re_ignores_case)) flags += 'i';
    if (m || active(Mutant::re_is_multi_line)) flags += 'm';
    if (s || active(Mutant::re_dot_meets_line_feed)) flags += 's';
    std::string expression = value_.text;
    if (has("expand")) {
      const auto replaced = expand_in_expression(value_.text, placeholders_);
      good_ = good_ && replaced.has_value();
      expression = replaced.value_or("");
    }
    if (has("endswith") || has("contains")) expression.insert(0, ".*");
    if (has("startswith") || has("contains")) expression += ".*";
    out_.regex = std::make_shared<RE2>(flags.empty() ? expression : "(?" + flags + ")" + expression, options);
    good_ = good_ && out_.regex->ok();
  }

  void read_networks() {
    out_.kind = Kind::network;
    for (const std::string& text : spelled()) {
      auto network = parse_network(base::trim(text));
      good_ = good_ && network.has_value();
      if (network) out_.networks.push_back(*std::move(network));
    }
  }

  // Null, numbers and booleans are more than their texts only where no modifier asks for text, and never as keywords.
  void read_plain() {
    constexpr std::array<std::string_view, 10> kOfText{"contains", "startswith", "endswith", "windash", "wide",
                                                       "utf16le",  "utf16be",    "utf16",    "base64",  "base64offset"};
    const bool plain = std::ranges::none_of(kOfText, [&](std::string_view word) { return has(word); });
    const bool keyword = item_.field.empty();
    const bool number = value_.kind == RuleKind::integer || value_.kind == RuleKind::real;
    if (value_.kind == RuleKind::null && plain) {
      out_.kind = Kind::null;
      out_.written = "null";  // YAML has several ways to write it
    } else if (number && plain && !keyword && !active(Mutant::number_is_text)) {
      out_.kind = Kind::number;
    } else if (value_.kind == RuleKind::boolean && plain && !keyword) {
      out_.kind = Kind::boolean;
    } else {
      read_text();
    }
  }

  void read_text() {
    for (const std::string& text : spelled()) out_.globs.push_back(parse_glob(text));
    for (const std::string& modifier : item_.modifiers) apply(modifier);
    const bool placed = has("startswith") || has("endswith");
    if (item_.field.empty() && !placed && !active(Mutant::keyword_is_whole_value)) {  // anywhere in the value
      std::ranges::for_each(out_.globs, add_run_before);
      std::ranges::for_each(out_.globs, add_run_behind);
    }
  }

  void apply(const std::string& modifier) {
    add_runs(modifier);
    if (modifier == "windash") std::ranges::transform(out_.globs, out_.globs.begin(), with_dashes);
    if ((modifier == "wide" || modifier == "utf16le") && !active(Mutant::wide_ignored)) {
      each_plain([](const std::string& text) { return Texts{utf16(text, false)}; });
    }
    if (modifier == "utf16be") each_plain([](const std::string& text) { return Texts{utf16(text, true)}; });
    if (modifier == "utf16") each_plain([](const std::string& text) { return Texts{with_mark(text)}; });
    if (modifier == "base64") each_plain([](const std::string& text) { return Texts{base64(text)}; });
    if (modifier == "base64offset") each_plain([](const std::string& text) { return base64_offsets(text); });
  }

  void add_runs(const std::string& modifier) {
    bool before = modifier == "contains" || modifier == "endswith";
    bool behind = modifier == "contains" || modifier == "startswith";
    if (modifier == "contains" && active(Mutant::contains_is_startswith)) before = false;
    if (modifier == "contains" && active(Mutant::contains_is_endswith)) behind = false;
    if (modifier == "startswith" && active(Mutant::startswith_is_contains)) before = true;
    if (modifier == "endswith" && active(Mutant::endswith_is_contains)) behind = true;
    if (modifier == "startswith" && active(Mutant::startswith_is_endswith)) std::swap(before, behind);
    if (before) std::ranges::for_each(out_.globs, add_run_before);
    if (behind) std::ranges::for_each(out_.globs, add_run_behind);
  }

  template <class Change>
  void each_plain(const Change& change) {
    std::vector<Glob> changed;
    for (const Glob& glob : out_.globs) {
      good_ = good_ && !has_wildcards(glob);
      for (const Glob& spelling : spellings(glob)) {
        for (const std::string& text : change(plain_text(spelling))) changed.push_back(literal_glob(text));
      }
    }
    out_.globs = std::move(changed);
  }

  const sigma::FieldItem& item_;
  const sigma::RuleValue& value_;
  const sigma::Placeholders& placeholders_;
  Expected out_;
  bool good_ = true;
};

}  // namespace

bool has_modifier(const sigma::FieldItem& item, std::string_view modifier) {
  return std::ranges::find(item.modifiers, modifier) != item.modifiers.end();
}

std::optional<Expected> read_value(const sigma::FieldItem& item, const sigma::RuleValue& value,
                                   const sigma::Placeholders& placeholders) {
  return Reading(item, value, placeholders).read();
}

}  // namespace tocsin::oracle
