#include "detect/sigma/item_lowering.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "detect/sigma/problems.hpp"
#include "detect/sigma/sigma_text.hpp"
#include "match/number.hpp"

namespace tocsin::sigma {

namespace {

bool is_number(const RuleValue& value) {
  return value.kind == RuleValue::Kind::integer || value.kind == RuleValue::Kind::real;
}

class Lowering {
 public:
  Lowering(const FieldItem& item, const Placeholders* placeholders, std::vector<ItemProblem>& problems)
      : item_(item),
        problems_(problems),
        modifiers_(read_modifiers(item, problems)),
        forms_(modifiers_, placeholders, problems, result_.missing_placeholders) {}

  LoweredItem run() {
    result_.all = modifiers_.has(Modifier::all);
    result_.negated = modifiers_.has(Modifier::neq);
    std::size_t forms = 0;
    for (value_ = 0; value_ < item_.values.size(); ++value_) {
      const std::size_t before = result_.patterns.size();
      lower_value(item_.values[value_]);
      if (result_.patterns.size() > before) forms += result_.patterns.back().texts.size();
      if (forms <= kMaxItemForms) continue;
      problem(code::kTooManyForms, "the values up to this one have too many spellings",
              "each would have to be looked for", "use fewer dashes or placeholders, or several selections");
      break;
    }
    return std::move(result_);
  }

  // Warnings about the item as a whole.
  void check_list() {
    if (modifiers_.has(Modifier::all) && item_.values.size() == 1) {
      warn(ItemProblem::Target::key, code::kAllSingle, "`all` on a single value has no effect", "one value only",
           "remove `all`, or give it the values that must all be met");
    }
    const bool with_null =
        std::ranges::any_of(item_.values, [](const RuleValue& value) { return value.kind == RuleValue::Kind::null; });
    if (with_null && item_.values.size() > 1 && !item_.field.empty()) {
      warn(ItemProblem::Target::key, code::kNullInList, "`null` stands in a list of values",
           "the specification wants it alone", "make a selection of its own for `null`");
    }
  }

 private:
  void problem(std::string_view code, std::string message, std::string label = {}, std::string help = {},
               std::size_t begin = 0, std::size_t end = 0) {
    problems_.push_back({.code = code,
                         .target = ItemProblem::Target::value,
                         .index = value_,
                         .begin = begin,
                         .end = end,
                         .message = std::move(message),
                         .label = std::move(label),
                         .help = std::move(help)});
  }
  void warn(ItemProblem::Target target, std::string_view code, std::string message, std::string label,
            std::string help) {
    problems_.push_back({.code = code,
                         .warning = true,
                         .target = target,
                         .index = value_,
                         .message = std::move(message),
                         .label = std::move(label),
                         .help = std::move(help)});
  }

  void lower_value(const RuleValue& value) {
    LoweredPattern pattern;
    pattern.value = static_cast<std::uint32_t>(value_);
    bool good = false;
    if (value.kind == RuleValue::Kind::null && modifiers_.kind != ItemKind::exists) {
      good = lower_null(pattern);
    } else {
      switch (modifiers_.kind) {
        case ItemKind::text:
          good = lower_text(value, pattern);
          break;
        case ItemKind::regex:
          good = lower_regex(value, pattern);
          break;
        case ItemKind::network:
          good = lower_network(value, pattern);
          break;
        case ItemKind::field_ref:
          good = lower_field_ref(value, pattern);
          break;
        case ItemKind::exists:
          good = lower_exists(value, pattern);
          break;
        case ItemKind::compare:
        case ItemKind::time:
          good = lower_number(value, pattern);
          break;
      }
    }
    if (good) result_.patterns.push_back(std::move(pattern));
  }

  bool lower_null(LoweredPattern& pattern) {
    pattern.kind = PatternKind::null;
    if (item_.field.empty()) {
      problem(code::kNullKeyword, "`null` cannot be a keyword", "this is nothing to look for",
              "remove it, or quote it if the word `null` is meant");
      return false;
    }
    for (const Modifier modifier : modifiers_.list) {
      if (modifier == Modifier::all || modifier == Modifier::neq || modifier == Modifier::cased) continue;
      problem(code::kNullModified, fmt::format("`null` cannot be compared with `{}`", item_.key), "absence has no text",
              "give `null` an item of its own, without modifiers");
      return false;
    }
    return true;
  }

  bool lower_text(const RuleValue& value, LoweredPattern& pattern) {
    const bool plain = std::ranges::all_of(modifiers_.list, [](Modifier modifier) {
      return modifier == Modifier::all || modifier == Modifier::neq || modifier == Modifier::cased ||
             modifier == Modifier::expand;
    });
    pattern.cased = modifiers_.has(Modifier::cased);
    if (is_number(value) && plain && !item_.field.empty()) {
      pattern.kind = PatternKind::number;
      pattern.text = value.text;
      if (match::parse_number(value.text)) return true;
    }
    pattern.kind = PatternKind::text;
    if (value.kind == RuleValue::Kind::boolean && plain) {
      pattern.cased = false;
      pattern.texts = {match::to_code_points(base::fold(value.text))};
    } else if (!forms_.texts(value_, value.text, pattern.texts)) {
      return false;
    }
    if (item_.field.empty() && !modifiers_.has(Modifier::startswith) && !modifiers_.has(Modifier::endswith)) {
      for (std::u32string& text : pattern.texts) add_runs(text, true, true);
    }
    return true;
  }

  bool lower_regex(const RuleValue& value, LoweredPattern& pattern) {
    pattern.kind = PatternKind::regex;
    if (!forms_.expression(value_, value.text, pattern.text)) return false;
    pattern.flags = {.ignore_case = modifiers_.has(Modifier::ignore_case),
                     .multi_line = modifiers_.has(Modifier::multi_line),
                     .dot_all = modifiers_.has(Modifier::dot_all)};
    const auto refusal = match::check_regex(pattern.text, pattern.flags);
    if (!refusal) return true;
    const bool same = pattern.text == value.text;
    problem(refusal->unsupported ? code::kUnsupportedRegex : code::kBadRegex, refusal->message,
            refusal->unsupported ? "not in a linear-time expression" : "here", refusal->help, same ? refusal->begin : 0,
            same ? refusal->end : 0);
    return false;
  }

  bool lower_network(const RuleValue& value, LoweredPattern& pattern) {
    pattern.kind = PatternKind::network;
    std::vector<std::string> spelled;
    if (!forms_.spellings(value_, value.text, spelled)) return false;
    for (const std::string& spelling : spelled) {
      const match::NetworkReading reading = match::parse_network(base::trim(spelling));
      if (!reading.network) {
        problem(code::kBadNetwork, fmt::format("`{}` is no network", spelling), reading.problem,
                "write it as `10.0.0.0/8` or `fe80::/10`");
        return false;
      }
      if (reading.host_bits) {
        warn(ItemProblem::Target::value, code::kHostBits, fmt::format("`{}` has bits set behind its prefix", spelling),
             "these bits are ignored", "write the network's first address");
      }
      pattern.networks.push_back(*reading.network);
    }
    return true;
  }

  bool lower_field_ref(const RuleValue& value, LoweredPattern& pattern) {
    pattern.kind = PatternKind::field_ref;
    pattern.cased = modifiers_.has(Modifier::cased);
    const bool both = modifiers_.has(Modifier::contains);
    pattern.open_begin = both || modifiers_.has(Modifier::endswith);
    pattern.open_end = both || modifiers_.has(Modifier::startswith);
    pattern.text = value.text;
    std::erase(pattern.text, ' ');
    if (value.kind == RuleValue::Kind::string && !pattern.text.empty()) return true;
    problem(code::kValueType, "`fieldref` needs the name of a field", "this is none");
    return false;
  }

  bool lower_exists(const RuleValue& value, LoweredPattern& pattern) {
    pattern.kind = PatternKind::exists;
    pattern.exists = base::equal_fold(value.text, "true");
    if (value.kind == RuleValue::Kind::boolean && item_.values.size() == 1) return true;
    problem(code::kValueType, "`exists` needs one boolean", "expected `true` or `false`",
            "write it without quotes: `exists: true`");
    return false;
  }

  bool lower_number(const RuleValue& value, LoweredPattern& pattern) {
    const bool time = modifiers_.kind == ItemKind::time;
    pattern.kind = time ? PatternKind::time : PatternKind::compare;
    pattern.text = value.text;
    for (const Modifier modifier : modifiers_.list) set_comparison(modifier, pattern);
    const auto number = match::parse_number(value.text);
    if (is_number(value) && number && (!time || number->integer)) return true;
    problem(code::kValueType, fmt::format("`{}` compares numbers", item_.key),
            time ? "expected a whole number" : "this is no number",
            match::parse_number(value.text) ? "write it without quotes" : "");
    return false;
  }

  static void set_comparison(Modifier modifier, LoweredPattern& pattern) {
    switch (modifier) {
      case Modifier::lt:
        pattern.comparison = Comparison::less;
        break;
      case Modifier::lte:
        pattern.comparison = Comparison::less_equal;
        break;
      case Modifier::gt:
        pattern.comparison = Comparison::greater;
        break;
      case Modifier::gte:
        pattern.comparison = Comparison::greater_equal;
        break;
      case Modifier::minute:
        pattern.part = match::TimePart::minute;
        break;
      case Modifier::hour:
        pattern.part = match::TimePart::hour;
        break;
      case Modifier::day:
        pattern.part = match::TimePart::day;
        break;
      case Modifier::week:
        pattern.part = match::TimePart::week;
        break;
      case Modifier::month:
        pattern.part = match::TimePart::month;
        break;
      case Modifier::year:
        pattern.part = match::TimePart::year;
        break;
      default:
        break;
    }
  }

  const FieldItem& item_;
  std::vector<ItemProblem>& problems_;
  ModifierSet modifiers_;
  LoweredItem result_;
  ValueForms forms_;
  std::size_t value_ = 0;
};

}  // namespace

LoweredItem lower_item(const FieldItem& item, const Placeholders* placeholders, std::vector<ItemProblem>& problems) {
  const std::size_t before = problems.size();
  Lowering lowering(item, placeholders, problems);
  if (problems.size() > before) return {};
  lowering.check_list();
  return lowering.run();
}

}  // namespace tocsin::sigma
