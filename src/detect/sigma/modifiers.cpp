#include "detect/sigma/modifiers.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "detect/sigma/problems.hpp"
#include "detect/sigma/suggest.hpp"

namespace tocsin::sigma {

namespace {

constexpr std::array<std::pair<std::string_view, Modifier>, 34> kModifiers{{
    {"contains", Modifier::contains},
    {"startswith", Modifier::startswith},
    {"endswith", Modifier::endswith},
    {"all", Modifier::all},
    {"exists", Modifier::exists},
    {"cased", Modifier::cased},
    {"windash", Modifier::windash},
    {"wide", Modifier::utf16le},
    {"utf16le", Modifier::utf16le},
    {"utf16be", Modifier::utf16be},
    {"utf16", Modifier::utf16},
    {"base64", Modifier::base64},
    {"base64offset", Modifier::base64offset},
    {"re", Modifier::re},
    {"i", Modifier::ignore_case},
    {"ignorecase", Modifier::ignore_case},
    {"m", Modifier::multi_line},
    {"multiline", Modifier::multi_line},
    {"s", Modifier::dot_all},
    {"dotall", Modifier::dot_all},
    {"cidr", Modifier::cidr},
    {"fieldref", Modifier::fieldref},
    {"gt", Modifier::gt},
    {"gte", Modifier::gte},
    {"lt", Modifier::lt},
    {"lte", Modifier::lte},
    {"neq", Modifier::neq},
    {"expand", Modifier::expand},
    {"minute", Modifier::minute},
    {"hour", Modifier::hour},
    {"day", Modifier::day},
    {"week", Modifier::week},
    {"month", Modifier::month},
    {"year", Modifier::year},
}};

constexpr auto kNames = [] {
  std::array<std::string_view, kModifiers.size()> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kModifiers[i].first;
  return names;
}();

bool in(Modifier modifier, std::initializer_list<Modifier> list) {
  return std::ranges::find(list, modifier) != list.end();
}

bool is_flag(Modifier m) {
  return in(m, {Modifier::ignore_case, Modifier::multi_line, Modifier::dot_all});
}
bool is_side(Modifier m) {
  return in(m, {Modifier::contains, Modifier::startswith, Modifier::endswith});
}
bool is_encoding(Modifier m) {
  return in(m, {Modifier::utf16le, Modifier::utf16be, Modifier::utf16, Modifier::base64, Modifier::base64offset});
}

// The kind that a modifier makes an item, if it makes one.
std::optional<ItemKind> kind_of(Modifier modifier) {
  switch (modifier) {
    case Modifier::re:
      return ItemKind::regex;
    case Modifier::cidr:
      return ItemKind::network;
    case Modifier::fieldref:
      return ItemKind::field_ref;
    case Modifier::exists:
      return ItemKind::exists;
    case Modifier::lt:
    case Modifier::lte:
    case Modifier::gt:
    case Modifier::gte:
      return ItemKind::compare;
    case Modifier::minute:
    case Modifier::hour:
    case Modifier::day:
    case Modifier::week:
    case Modifier::month:
    case Modifier::year:
      return ItemKind::time;
    default:
      return std::nullopt;
  }
}

// May the modifier stand beside a comparison of this kind?
bool goes_with(Modifier modifier, ItemKind kind) {
  if (in(modifier, {Modifier::all, Modifier::neq})) return kind != ItemKind::exists;
  if (modifier == Modifier::expand) return kind <= ItemKind::network;
  if (modifier == Modifier::cased) return kind == ItemKind::text || kind == ItemKind::field_ref;
  if (is_side(modifier)) return kind <= ItemKind::field_ref && kind != ItemKind::network;
  return kind == ItemKind::text;
}

class Reader {
 public:
  Reader(const FieldItem& item, std::vector<ItemProblem>& problems) : item_(item), problems_(problems) {}

  ModifierSet read() {
    for (std::size_t i = 0; i < item_.modifiers.size(); ++i) {
      if (const auto modifier = parse_modifier(item_.modifiers[i])) {
        add(i, *modifier);
      } else {
        unknown(i);
      }
    }
    if (!problems_here_) check();
    return std::move(set_);
  }

 private:
  void problem(std::string_view code, std::size_t index, std::string message, std::string label, std::string help) {
    problems_here_ = true;
    problems_.push_back({.code = code,
                         .target = ItemProblem::Target::modifier,
                         .index = index,
                         .message = std::move(message),
                         .label = std::move(label),
                         .help = std::move(help)});
  }

  void unknown(std::size_t i) {
    const std::string& name = item_.modifiers[i];
    std::string help = did_you_mean(name, kNames);
    if (name.empty()) {
      problem(code::kUnknownModifier, i, fmt::format("`{}` has an empty modifier", item_.key), "nothing behind `|`",
              "remove the `|`");
      return;
    }
    if (help.empty()) help = fmt::format("known modifiers: {}", fmt::join(kNames, ", "));
    problem(code::kUnknownModifier, i, fmt::format("unknown modifier `{}`", name), "not a modifier of Sigma 2.1.0",
            std::move(help));
  }

  void add(std::size_t i, Modifier modifier) {
    const std::string& name = item_.modifiers[i];
    if (is_flag(modifier) && !set_.has(Modifier::re)) {
      problem(code::kFlagWithoutRe, i, fmt::format("`{}` is a flag of `re` and must follow it", name),
              "no `re` before it", fmt::format("write `{}|re|{}`", item_.field, name));
    }
    if (set_.has(modifier) && !is_encoding(modifier)) {
      problem(code::kContradiction, i, fmt::format("modifier `{}` is given twice", name), "the second one",
              "remove one of them");
    }
    if (const auto kind = kind_of(modifier)) take_kind(i, *kind);
    set_.list.push_back(modifier);
  }

  void take_kind(std::size_t i, ItemKind kind) {
    const bool clock = (kind == ItemKind::time && set_.kind == ItemKind::compare && !time_seen_) ||
                       (kind == ItemKind::compare && set_.kind == ItemKind::time && !compare_seen_);
    if (set_.kind != ItemKind::text && !clock) {
      problem(code::kContradiction, i,
              fmt::format("`{}` contradicts `{}`", item_.modifiers[i], item_.modifiers[kind_index_]),
              "a value is compared in one way only", "make two items, or two selections, of it");
      return;
    }
    time_seen_ = time_seen_ || kind == ItemKind::time;
    compare_seen_ = compare_seen_ || kind == ItemKind::compare;
    set_.kind = clock ? ItemKind::time : kind;
    kind_index_ = i;
  }

  void check() {
    if (item_.field.empty() && in_kinds({ItemKind::field_ref, ItemKind::exists, ItemKind::compare, ItemKind::time})) {
      problem(code::kNeedsField, kind_index_, fmt::format("`{}` needs a field", item_.modifiers[kind_index_]),
              "keywords have none", fmt::format("write `FieldName|{}`", item_.modifiers[kind_index_]));
      return;
    }
    if (set_.has(Modifier::startswith) && set_.has(Modifier::endswith)) {
      problem(code::kContradiction, index_of(Modifier::endswith), "`startswith` contradicts `endswith`",
              "one item cannot ask for both", "use `contains`, or two items");
      return;
    }
    for (std::size_t i = 0; i < set_.list.size(); ++i) check_company(i);
  }

  void check_company(std::size_t i) {
    const Modifier modifier = set_.list[i];
    if (kind_of(modifier) || (is_flag(modifier) && set_.kind == ItemKind::regex)) return;
    if (!goes_with(modifier, set_.kind)) {
      problem(code::kContradiction, i,
              fmt::format("`{}` has no meaning for a {}", item_.modifiers[i], to_string(set_.kind)),
              fmt::format("beside `{}`", item_.modifiers[kind_index_]), fmt::format("remove `{}`", item_.modifiers[i]));
      return;
    }
    if (set_.kind == ItemKind::regex && is_side(modifier) && i < index_of(Modifier::re)) {
      problem(code::kContradiction, i,
              fmt::format("`{}` before `re` would put wildcards into the expression", item_.modifiers[i]),
              "modifiers apply in the order given",
              "an expression is searched for anywhere in the value; `^` and `$` tie it to the ends");
    }
  }

  [[nodiscard]] bool in_kinds(std::initializer_list<ItemKind> kinds) const {
    return std::ranges::find(kinds, set_.kind) != kinds.end();
  }
  [[nodiscard]] std::size_t index_of(Modifier modifier) const {
    return static_cast<std::size_t>(std::ranges::find(set_.list, modifier) - set_.list.begin());
  }

  const FieldItem& item_;
  std::vector<ItemProblem>& problems_;
  ModifierSet set_;
  std::size_t kind_index_ = 0;
  bool problems_here_ = false, time_seen_ = false, compare_seen_ = false;
};

}  // namespace

std::optional<Modifier> parse_modifier(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kModifiers[i].first == name) return kModifiers[i].second;
  }
  return std::nullopt;
}

std::span<const std::string_view> modifier_names() {
  return kNames;
}

std::string_view to_string(ItemKind kind) {
  switch (kind) {
    case ItemKind::text:
      return "text";
    case ItemKind::regex:
      return "regular expression";
    case ItemKind::network:
      return "network";
    case ItemKind::field_ref:
      return "field reference";
    case ItemKind::exists:
      return "test of presence";
    case ItemKind::compare:
      return "comparison of numbers";
    case ItemKind::time:
      return "part of a time";
  }
  return "";
}

bool ModifierSet::has(Modifier modifier) const {
  return std::ranges::find(list, modifier) != list.end();
}

ModifierSet read_modifiers(const FieldItem& item, std::vector<ItemProblem>& problems) {
  return Reader(item, problems).read();
}

}  // namespace tocsin::sigma
