// The engine against the oracle on made-up rules and events: every modifier, small alphabets, so that things meet
// often. The same sequence in every run.
#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "model/owned_event.hpp"
#include "tests/oracle/compare.hpp"

namespace tocsin::oracle {
namespace {

class Dice {
 public:
  explicit Dice(std::uint32_t seed) : engine_(seed) {}
  std::size_t below(std::size_t n) { return engine_() % n; }  // the standard's distributions differ between libraries
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class Container>
  const auto& pick(const Container& from) {
    return from[below(from.size())];
  }

 private:
  std::mt19937 engine_;
};

using Texts = std::vector<std::string_view>;

const Texts kFields{"CommandLine", "Image", "User", "NewProcessName", "IntegrityLevel", "Other", "EventID", "Hashes"};
const Texts kPieces{"a",  "b",        "A",        "ab",           "-", "/",        " -a", " /b",  "\\",   "*", "?",
                    "\n", "\xC3\xA9", "\xC3\x89", "\xE2\x84\xAA", "k", "\xC5\xBF", "s",   "\xFF", "\xA9", "1", "0",
                    ".",  "_"};
const Texts kPlainPieces{"a", "b", "A", "ab", "-", " ", "1", "xyz", "\xC3\xA9"};
const Texts kNumbers{"0", "-0", "7", "007", "4688", "1e3", "1000", "1.5", "-3", "18446744073709551616", "0x10", "+7"};
const Texts kAddresses{"10.0.0.1", "10.1.2.3", "::1", "fe80::1%3", "::ffff:10.0.0.1", "10.0.0", "192.168.7.9"};
const Texts kNetworks{"10.0.0.0/8", "10.0.0.1/32", "::/0", "fe80::/10", "192.168.0.0/16", "0.0.0.0/0", "::ffff:0:0/96"};
const Texts kTimes{"2021-01-03T10:20:30Z", "2018-12-31", "2020-02-29 23:59:59.9999999", "soon",
                   "2021-01-03T00:10:00+01:00"};
const Texts kExpressions{"a+b", "^a", "a$", "(?i)AB", "[^a]b", "a.b", "", "b|a", "a{2,3}", "\\.", "\\bab\\b", "^\\s*-"};

const std::vector<std::vector<std::string>> kModifiers{
    {},
    {},
    {"contains"},
    {"startswith"},
    {"endswith"},
    {"contains", "all"},
    {"all"},
    {"cased"},
    {"contains", "cased"},
    {"neq"},
    {"contains", "neq"},
    {"windash"},
    {"windash", "contains"},
    {"windash", "contains", "all"},
    {"re"},
    {"re", "i"},
    {"re", "m"},
    {"re", "s"},
    {"re", "i", "m", "s"},
    {"re", "neq"},
    {"cidr"},
    {"cidr", "neq"},
    {"exists"},
    {"fieldref"},
    {"fieldref", "contains"},
    {"fieldref", "endswith"},
    {"fieldref", "neq"},
    {"fieldref", "cased"},
    {"gt"},
    {"gte"},
    {"lt"},
    {"lte"},
    {"wide"},
    {"wide", "contains"},
    {"windash", "base64offset", "contains"},
    {"base64"},
    {"base64", "contains"},
    {"base64offset", "contains"},
    {"wide", "base64offset", "contains"},
    {"utf16", "base64", "contains"},
    {"utf16be", "base64offset", "contains"},
    {"utf16le", "base64", "cased"},
    {"minute"},
    {"hour"},
    {"day"},
    {"week"},
    {"month"},
    {"year"},
};

bool has(const sigma::FieldItem& item, std::string_view modifier) {
  return std::ranges::find(item.modifiers, modifier) != item.modifiers.end();
}

std::string pieces(Dice& dice, const Texts& from, std::size_t most) {
  std::string text;
  for (std::size_t n = dice.below(most + 1); n > 0; --n) text += dice.pick(from);
  return text;
}

sigma::RuleValue number(Dice& dice) {
  sigma::RuleValue value;
  value.text = dice.pick(Texts{"0", "7", "4688", "1000", "-3", "1", "30", "20", "53"});
  value.kind = sigma::RuleValue::Kind::integer;
  return value;
}

sigma::RuleValue rule_value(Dice& dice, const sigma::FieldItem& item) {
  using Kind = sigma::RuleValue::Kind;
  sigma::RuleValue value;
  const auto any = [&](std::initializer_list<std::string_view> names) {
    return std::ranges::any_of(names, [&](std::string_view name) { return has(item, name); });
  };
  if (any({"gt", "gte", "lt", "lte", "minute", "hour", "day", "week", "month", "year"})) return number(dice);
  if (has(item, "exists")) {
    value.kind = Kind::boolean;
    value.text = dice.one_in(2) ? "true" : "false";
  } else if (has(item, "re")) {
    value.text = dice.pick(kExpressions);
  } else if (has(item, "cidr")) {
    value.text = dice.pick(kNetworks);
  } else if (has(item, "fieldref")) {
    value.text = dice.pick(kFields);
  } else if (any({"base64", "base64offset", "wide"})) {
    value.text = pieces(dice, kPlainPieces, 2) + "ab";  // never too short to be told in Base64
  } else if (item.modifiers.empty() && !item.field.empty() && dice.one_in(5)) {
    return number(dice);
  } else if (item.modifiers.empty() && !item.field.empty() && dice.one_in(6)) {
    value.kind = Kind::null;
    value.text = "null";
  } else if (item.modifiers.empty() && !item.field.empty() && dice.one_in(10)) {
    value.kind = Kind::boolean;
    value.text = "true";
  } else {
    value.text = pieces(dice, kPieces, 4);
  }
  return value;
}

sigma::FieldItem field_item(Dice& dice) {
  sigma::FieldItem item;
  item.modifiers = dice.pick(kModifiers);
  if (!dice.one_in(8)) item.field = dice.pick(kFields);
  if (item.field.empty())
    item.modifiers = dice.one_in(2) ? std::vector<std::string>{} : std::vector<std::string>{"all"};
  item.key = item.field;
  for (const std::string& modifier : item.modifiers) item.key += "|" + modifier;
  std::size_t count = has(item, "exists") ? 1 : 1 + dice.below(3);
  if (has(item, "all") && count == 1) count = 2;
  for (; count > 0; --count) item.values.push_back(rule_value(dice, item));
  return item;
}

// A random tree over the selections, as the parser would build it: children first, the root last.
void add_condition(Dice& dice, sigma::Rule& rule) {
  using Kind = sigma::ConditionNode::Kind;
  std::vector<std::uint32_t> open;
  const auto add = [&](Kind kind, std::vector<std::uint32_t> children, std::uint32_t selection, std::uint32_t count) {
    sigma::ConditionNode& node = rule.condition.emplace_back();
    node.kind = kind;
    node.children = std::move(children);
    node.selection = selection;
    node.count = count;
    return static_cast<std::uint32_t>(rule.condition.size() - 1);
  };
  const auto count = static_cast<std::uint32_t>(rule.selections.size());
  for (std::uint32_t i = 0; i < count; ++i) open.push_back(add(Kind::selection, {}, i, 0));
  if (dice.one_in(3))
    open = {
        add(dice.one_in(2) ? Kind::all_of : Kind::n_of, open, 0, 1 + static_cast<std::uint32_t>(dice.below(count)))};
  while (open.size() > 1 || dice.one_in(4)) {
    if (open.size() == 1 || dice.one_in(4)) {
      open.back() = add(Kind::logical_not, {open.back()}, 0, 0);
      continue;
    }
    const std::uint32_t right = open.back();
    open.pop_back();
    open.back() = add(dice.one_in(2) ? Kind::logical_and : Kind::logical_or, {open.back(), right}, 0, 0);
  }
}

sigma::Rule make_rule(Dice& dice, std::size_t number) {
  sigma::Rule rule;
  rule.info.id = "rule-" + std::to_string(number);
  rule.info.title = rule.info.id;
  rule.info.file = "made.yml";
  rule.info.line = static_cast<std::uint32_t>(number + 1);
  rule.info.logsource.product = "windows";
  switch (dice.below(6)) {
    case 0:
      rule.info.logsource.service = "security";
      break;
    case 1:
      rule.info.logsource.service = "system";
      break;
    case 2:
      rule.info.logsource.category = "ps_script";
      break;
    default:
      rule.info.logsource.category = "process_creation";
      break;
  }
  for (std::size_t s = 1 + dice.below(3); s > 0; --s) {
    sigma::Selection& selection = rule.selections.emplace_back();
    selection.name = "s" + std::to_string(rule.selections.size());
    for (std::size_t a = dice.one_in(3) ? 2 : 1; a > 0; --a) {
      auto& items = selection.alternatives.emplace_back();
      for (std::size_t i = 1 + dice.below(2); i > 0; --i) items.push_back(field_item(dice));
    }
  }
  add_condition(dice, rule);
  return rule;
}

model::EventHead make_head(Dice& dice) {
  static const std::array<std::pair<std::string_view, std::string_view>, 4> kPlaces{
      {{"Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon"},
       {"Security", "Microsoft-Windows-Security-Auditing"},
       {"System", "Service Control Manager"},
       {"Microsoft-Windows-PowerShell/Operational", "Microsoft-Windows-PowerShell"}}};
  static const std::array<std::int64_t, 5> kIds{1, 4688, 4697, 7045, 4104};
  model::EventHead head;
  const auto& place = dice.pick(kPlaces);
  if (!dice.one_in(8)) head.product = "windows";
  if (!dice.one_in(8)) head.channel = place.first;
  if (!dice.one_in(8)) head.provider = place.second;
  if (!dice.one_in(20)) head.event_id = dice.pick(kIds);
  return head;
}

model::OwnedField event_value(Dice& dice, std::string_view name) {
  model::OwnedField field;
  field.name = name;
  field.path = "Event.EventData." + field.name;
  switch (dice.below(8)) {
    case 0:
      field.kind = model::Value::Kind::null;
      return field;
    case 1:
      field.kind = model::Value::Kind::integer;
      field.text = dice.pick(Texts{"0", "7", "4688", "1000", "-3"});
      return field;
    case 2:
      field.text = dice.pick(kNumbers);
      return field;
    case 3:
      field.text = dice.pick(kAddresses);
      return field;
    case 4:
      field.text = dice.pick(kTimes);
      return field;
    case 5:
      field.text = dice.pick(Texts{"true", "FALSE", "YWI=", "YQBiAA==", "xYWJ6", "S-1-16-12288", ""});
      return field;
    default:
      field.text = pieces(dice, kPieces, 6);
      return field;
  }
}

TEST(RandomRules, EngineAndOracleAgree) {
  constexpr std::size_t kRules = 3000, kEvents = 400;
  Dice dice(20260801);
  std::vector<sigma::Rule> rules;
  for (std::size_t i = 0; i < kRules; ++i) rules.push_back(make_rule(dice, i));
  const RulePair pair(std::move(rules));
  for (const std::size_t rule : pair.beyond_the_oracle()) ADD_FAILURE() << pair.rules()[rule].info.id;
  EXPECT_LT(pair.compiled().rejected(), kRules / 10) << pair.problems().front().message;
  Comparison comparison(pair);
  std::size_t shown = 0;
  for (std::size_t i = 0; i < kEvents; ++i) {
    std::vector<model::OwnedField> fields;
    for (const std::string_view name : kFields) {
      for (std::size_t n = dice.below(4) % 3; n > 0; --n) fields.push_back(event_value(dice, name));
    }
    for (const std::string_view name : {"MandatoryLabel", "SubjectUserName", "SubjectDomainName", "ServiceFileName"}) {
      if (dice.one_in(2)) fields.push_back(event_value(dice, name));
    }
    if (dice.one_in(2)) fields.push_back({.name = "MessageTotal", .text = std::string(dice.pick(Texts{"1", "3"}))});
    const model::OwnedEvent event(make_head(dice), std::move(fields), pair.compiled().fields());
    for (const bool assembled : {false, true}) {
      for (const std::string& difference : comparison.differences(event, assembled)) {
        if (++shown <= 10) ADD_FAILURE() << "event " << i << (assembled ? ", assembled\n" : "\n") << difference;
      }
    }
  }
  EXPECT_EQ(shown, 0U) << "differences in all";
  EXPECT_GT(comparison.findings(), kEvents);
}

}  // namespace
}  // namespace tocsin::oracle
