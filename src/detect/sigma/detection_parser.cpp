#include "detect/sigma/detection_parser.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "detect/sigma/condition_parser.hpp"
#include "detect/sigma/item_lowering.hpp"
#include "detect/sigma/suggest.hpp"

namespace tocsin::sigma {

namespace {

using base::YamlNode;

std::string describe(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::sequence:
      return "a list";
    case YamlNode::Kind::mapping:
      return "a map";
    case YamlNode::Kind::alias:
      return "an alias";
    case YamlNode::Kind::scalar:
      break;
  }
  return node.type == YamlNode::Type::null ? "nothing" : "a value";
}

class Detection {
 public:
  Detection(Rule& rule, Problems& problems) : rule_(rule), problems_(problems) {}

  void run(const RuleTree::Pair& detection) {
    if (detection.value->kind != YamlNode::Kind::mapping) {
      problems_.error(code::kWrongType, problems_.where(*detection.value),
                      fmt::format("`detection` must be a map, but is {}", describe(*detection.value)),
                      "expected selections and a condition");
      return;
    }
    const RuleTree::Pair* condition = nullptr;
    const std::vector<RuleTree::Pair> pairs = RuleTree::below(detection, problems_);
    for (const RuleTree::Pair& pair : pairs) {
      if (pair.key->text == "condition") {
        condition = &pair;
      } else if (pair.key->text == "timeframe") {
        timeframe_ = pair.value->text;
      } else {
        selection(pair);
      }
    }
    if (condition == nullptr) {
      missing_condition(detection, pairs);
    } else {
      conditions(*condition);
    }
  }

 private:
  void missing_condition(const RuleTree::Pair& detection, const std::vector<RuleTree::Pair>& pairs) {
    Where where = problems_.where(*detection.key);
    std::string help = "add `condition: selection`";
    constexpr std::string_view kCondition[] = {"condition"};
    for (const RuleTree::Pair& pair : pairs) {
      if (nearest_word(pair.key->text, kCondition).empty()) continue;
      where = problems_.where(*pair.key);
      help = "did you mean `condition`?";
    }
    problems_.error(code::kMissing, where, "the detection has no `condition`", "nothing says when it is met",
                    std::move(help));
  }

  void selection(const RuleTree::Pair& pair) {
    Selection selection;
    selection.name = pair.key->text;
    selection.line = pair.key->begin.line;
    selection.column = pair.key->begin.column;
    switch (pair.value->kind) {
      case YamlNode::Kind::mapping:
        map(pair.value, selection);
        break;
      case YamlNode::Kind::sequence:
        list(pair, selection);
        break;
      case YamlNode::Kind::alias:
        alias(*pair.value);
        break;
      case YamlNode::Kind::scalar:
        if (pair.value->type == YamlNode::Type::null) {
          empty_selection(pair, "a selection without anything");
        } else {
          keyword(pair.value, selection, true);
        }
        break;
    }
    finish_keywords(selection);
    rule_.selections.push_back(std::move(selection));
  }

  void empty_selection(const RuleTree::Pair& pair, std::string_view what) {
    problems_.error(code::kEmptySelection, problems_.where(*pair.key), fmt::format("`{}` is empty", pair.key->text),
                    std::string(what), "give it at least one field or keyword, or remove it");
  }

  void alias(const YamlNode& node) {
    problems_.error(code::kAlias, problems_.where(node), fmt::format("the alias `*{}` is not expanded", node.text),
                    "YAML aliases are not supported in rules", "write the value out; quote it if `*` is a wildcard");
  }

  void map(NodeRef node, Selection& selection) {
    std::vector<FieldItem> items;
    const std::vector<RuleTree::Pair> pairs = RuleTree::pairs_of(node, problems_);
    if (pairs.empty()) {
      problems_.error(code::kEmptySelection, problems_.where(*node), "an empty map", "this would match every event");
    }
    for (const RuleTree::Pair& pair : pairs) item(pair, items);
    selection.alternatives.push_back(std::move(items));
  }

  void list(const RuleTree::Pair& pair, Selection& selection) {
    if (pair.value->children.empty()) empty_selection(pair, "an empty list");
    bool in_keywords = false;
    for (std::size_t i = 0; i < pair.value->children.size(); ++i) {
      const NodeRef child = pair.value.child(i);
      const bool scalar = child->kind == YamlNode::Kind::scalar;
      if (scalar) {
        keyword(child, selection, !in_keywords);
      } else if (child->kind == YamlNode::Kind::mapping) {
        map(child, selection);
      } else if (child->kind == YamlNode::Kind::alias) {
        alias(*child);
      } else {
        nested(*child, "a list of a selection holds values or maps");
      }
      in_keywords = scalar;
    }
  }

  void nested(const YamlNode& node, std::string_view label) {
    problems_.error(code::kNested, problems_.where(node), fmt::format("{} cannot stand here", describe(node)),
                    std::string(label), "flatten it");
  }

  // One more plain value; values that follow one another are one item of keywords.
  void keyword(NodeRef node, Selection& selection, bool first) {
    if (first) {
      FieldItem item;
      item.line = node->begin.line;
      item.column = node->begin.column;
      selection.alternatives.push_back({std::move(item)});
      keyword_items_.push_back({selection.alternatives.size() - 1, {}});
    }
    selection.alternatives.back().front().values.push_back(value_of(*node));
    keyword_items_.back().nodes.push_back(node);
  }

  void finish_keywords(Selection& selection) {
    for (const KeywordItem& keywords : keyword_items_) {
      check(selection.alternatives[keywords.alternative].front(), keywords.nodes.front(), keywords.nodes);
    }
    keyword_items_.clear();
  }

  static RuleValue value_of(const YamlNode& node) {
    RuleValue value;
    value.text = node.text;
    value.line = node.begin.line;
    value.column = node.begin.column;
    switch (node.type) {
      case YamlNode::Type::text:
        value.kind = RuleValue::Kind::string;
        break;
      case YamlNode::Type::null:
        value.kind = RuleValue::Kind::null;
        break;
      case YamlNode::Type::boolean:
        value.kind = RuleValue::Kind::boolean;
        break;
      case YamlNode::Type::integer:
        value.kind = RuleValue::Kind::integer;
        break;
      case YamlNode::Type::real:
        value.kind = RuleValue::Kind::real;
        break;
    }
    return value;
  }

  void item(const RuleTree::Pair& pair, std::vector<FieldItem>& items) {
    FieldItem item = split_key(*pair.key);
    std::vector<NodeRef> nodes;
    if (pair.value->kind == YamlNode::Kind::scalar) {
      nodes.push_back(pair.value);
    } else if (pair.value->kind == YamlNode::Kind::sequence) {
      for (std::size_t i = 0; i < pair.value->children.size(); ++i) nodes.push_back(pair.value.child(i));
      if (nodes.empty()) empty_selection(pair, "an empty list: nothing can meet it");
    } else if (pair.value->kind == YamlNode::Kind::alias) {
      alias(*pair.value);
    } else {
      nested(*pair.value, fmt::format("`{}` takes a value or a list of values", item.key));
    }
    for (const NodeRef node : nodes) {
      if (node->kind == YamlNode::Kind::alias) {
        alias(*node);
      } else if (node->kind != YamlNode::Kind::scalar) {
        nested(*node, fmt::format("`{}` takes a value or a list of values", item.key));
      } else {
        item.values.push_back(value_of(*node));
        continue;
      }
      return;
    }
    if (!nodes.empty()) check(item, pair.key, nodes);
    items.push_back(std::move(item));
  }

  static FieldItem split_key(const YamlNode& key) {
    FieldItem item;
    item.key = key.text;
    item.line = key.begin.line;
    item.column = key.begin.column;
    std::size_t at = std::min(item.key.find('|'), item.key.size());
    item.field = item.key.substr(0, at);
    std::erase(item.field, ' ');
    while (at < item.key.size()) {
      const std::size_t end = std::min(item.key.find('|', at + 1), item.key.size());
      std::string modifier(base::trim(std::string_view(item.key).substr(at + 1, end - at - 1)));
      std::ranges::transform(modifier, modifier.begin(), base::fold_ascii);
      item.modifiers.push_back(std::move(modifier));
      at = end;
    }
    return item;
  }

  void check(const FieldItem& item, NodeRef key, const std::vector<NodeRef>& values) {
    std::vector<ItemProblem> found;
    static_cast<void>(lower_item(item, nullptr, found));
    for (ItemProblem& problem : found) {
      Where where = problems_.where(*key);
      if (problem.target == ItemProblem::Target::modifier) where = modifier_place(item, *key, problem.index);
      if (problem.target == ItemProblem::Target::value && problem.index < values.size()) {
        where = problems_.within(*values[problem.index], problem.begin, problem.end);
      }
      if (problem.warning) {
        problems_.warning(problem.code, where, problem.message, problem.label, problem.help);
      } else {
        problems_.error(problem.code, where, problem.message, problem.label, problem.help);
      }
    }
  }

  [[nodiscard]] Where modifier_place(const FieldItem& item, const YamlNode& key, std::size_t index) const {
    std::size_t at = item.key.find('|');
    for (std::size_t i = 0; i < index && at != std::string::npos; ++i) at = item.key.find('|', at + 1);
    if (at == std::string::npos) return problems_.where(key);
    const std::size_t end = std::min(item.key.find('|', at + 1), item.key.size());
    return end > at + 1 ? problems_.within(key, at + 1, end) : problems_.within(key, at, at + 1);
  }

  void conditions(const RuleTree::Pair& pair) {
    std::vector<NodeRef> nodes;
    if (pair.value->kind == YamlNode::Kind::scalar) nodes.push_back(pair.value);
    if (pair.value->kind == YamlNode::Kind::sequence) {
      for (std::size_t i = 0; i < pair.value->children.size(); ++i) nodes.push_back(pair.value.child(i));
    }
    const bool texts = !nodes.empty() && std::ranges::all_of(nodes, [](NodeRef node) {
      return node->kind == YamlNode::Kind::scalar && node->type != YamlNode::Type::null;
    });
    if (!texts) {
      problems_.error(code::kWrongType, problems_.where(*pair.value),
                      fmt::format("`condition` must be text or a list of texts, but is {}", describe(*pair.value)),
                      "expected for example `selection and not filter`");
      return;
    }
    for (const Selection& selection : rule_.selections) names_.emplace_back(selection.name);
    ConditionNode any{.kind = ConditionNode::Kind::logical_or};
    for (const NodeRef node : nodes) {
      if (!rule_.info.condition.empty()) rule_.info.condition += " | ";
      rule_.info.condition += node->text;
      if (const auto root = condition(*node)) any.children.push_back(*root);
    }
    if (any.children.size() < 2) return;
    any.text = rule_.info.condition;
    rule_.condition.push_back(std::move(any));
  }

  std::optional<std::uint32_t> condition(const YamlNode& node) {
    if (const std::size_t bar = find_aggregation(node.text); bar != std::string::npos) {
      const LegacyAggregation legacy{.condition = node.text,
                                     .timeframe = timeframe_,
                                     .rule_title = rule_.info.title,
                                     .rule_reference = rule_.info.name.empty() ? rule_.info.id : rule_.info.name};
      problems_.error(code::kAggregation, problems_.within(node, bar, node.text.size()),
                      "aggregations in conditions are gone from Sigma since version 2",
                      "a correlation rule says this now", replace_aggregation(legacy));
      return std::nullopt;
    }
    std::vector<ConditionProblem> found;
    const auto root = parse_condition(node.text, names_, rule_.condition, found);
    for (const ConditionProblem& problem : found) {
      const Where where = problems_.within(node, problem.begin, problem.end);
      if (problem.warning) {
        problems_.warning(problem.code, where, problem.message, problem.label, problem.help);
      } else {
        problems_.error(problem.code, where, problem.message, problem.label, problem.help);
      }
    }
    return root;
  }

  // Keywords of a selection with the nodes their values came from, until it is whole.
  struct KeywordItem {
    std::size_t alternative = 0;
    std::vector<NodeRef> nodes;
  };

  Rule& rule_;
  Problems& problems_;
  std::string timeframe_;
  std::vector<KeywordItem> keyword_items_;
  std::vector<std::string_view> names_;
};

}  // namespace

void parse_detection(const RuleTree::Pair& detection, Rule& rule, Problems& problems) {
  Detection(rule, problems).run(detection);
}

}  // namespace tocsin::sigma
