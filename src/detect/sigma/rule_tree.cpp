#include "detect/sigma/rule_tree.hpp"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "detect/sigma/suggest.hpp"

namespace tocsin::sigma {

namespace {

using Kind = base::YamlNode::Kind;

RuleTree::Pair* find_pair(std::vector<RuleTree::Pair>& pairs, std::string_view key) {
  const auto found = std::ranges::find_if(pairs, [&](const RuleTree::Pair& pair) { return pair.key->text == key; });
  return found == pairs.end() ? nullptr : &*found;
}

// Pairs of a mapping without looking for mistakes: they were found when it was read first.
std::vector<RuleTree::Pair> plain_pairs(const RuleTree::Pair& pair) {
  if (!pair.merged.empty()) return pair.merged;
  std::vector<RuleTree::Pair> pairs;
  if (pair.value->kind != Kind::mapping) return pairs;
  for (std::size_t i = 0; i + 1 < pair.value->children.size(); i += 2) {
    pairs.push_back({pair.value.child(i), pair.value.child(i + 1), {}});
  }
  return pairs;
}

bool merges_below(std::string_view key) {
  return key == "detection" || key == "logsource";
}

void put(std::vector<RuleTree::Pair>& pairs, const RuleTree::Pair& later) {
  RuleTree::Pair* const earlier = find_pair(pairs, later.key->text);
  if (earlier == nullptr) {
    pairs.push_back(later);
    return;
  }
  if (merges_below(later.key->text) && earlier->value->kind == Kind::mapping && later.value->kind == Kind::mapping) {
    std::vector<RuleTree::Pair> merged = plain_pairs(*earlier);
    for (const RuleTree::Pair& pair : plain_pairs(later)) {
      if (RuleTree::Pair* const same = find_pair(merged, pair.key->text)) {
        *same = pair;
      } else {
        merged.push_back(pair);
      }
    }
    earlier->merged = std::move(merged);
    return;
  }
  *earlier = later;
}

// A mapping that means to be a rule, if perhaps a bad one.
bool looks_like_rule(const RuleTree& tree) {
  const auto has = [&](std::string_view key) { return tree.find(key) != nullptr; };
  return has("detection") || has("correlation") || has("filter") || (has("title") && has("logsource"));
}

class Splitter {
 public:
  Splitter(const base::YamlResult& yaml, std::uint32_t lines, Problems& problems)
      : yaml_(yaml), lines_(lines), problems_(problems) {}

  RuleDocuments run() {
    for (std::size_t i = 0; i < yaml_.documents.size(); ++i) {
      const base::YamlDocument& document = yaml_.documents[i];
      if (document.empty) continue;
      ++out_.documents;
      const std::uint32_t end = i + 1 < yaml_.documents.size() ? yaml_.documents[i + 1].line : lines_ + 1;
      take(document, end);
    }
    return std::move(out_);
  }

 private:
  void take(const base::YamlDocument& document, std::uint32_t end) {
    const NodeRef root{&document, document.root};
    if (root->kind != Kind::mapping) {
      ++out_.not_rules;
      return;
    }
    const Problems::Mark before = problems_.mark();
    RuleTree tree(root, problems_);
    if (const RuleTree::Pair* const action = tree.find("action"); action != nullptr && is_action(*action, tree)) {
      const std::string name = action->value->text;
      tree.erase("action");
      act(name, tree);
      if (name != "repeat") return;
    }
    RuleTree whole = global_;
    whole.merge(tree);
    if (!looks_like_rule(whole)) {
      ++out_.not_rules;
      problems_.take_back(before);
      return;
    }
    last_ = whole;
    out_.rules.push_back({std::move(whole), document.line, end, problems_.mark().errors > before.errors});
  }

  // Other kinds of files have actions too: only a collection's count, or what can only be a slip in one.
  bool is_action(const RuleTree::Pair& action, const RuleTree& tree) {
    const std::string& name = action.value->text;
    if (name == "global" || name == "reset" || name == "repeat") return true;
    if (looks_like_rule(tree)) {
      constexpr std::string_view kActions[] = {"global", "reset", "repeat"};
      problems_.error(code::kCollection, problems_.where(*action.value), fmt::format("unknown action `{}`", name),
                      "expected `global`, `reset` or `repeat`", did_you_mean(name, kActions));
    }
    return false;
  }

  void act(std::string_view name, RuleTree& tree) {
    if (name == "global") {
      global_.merge(tree);
    } else if (name == "reset") {
      global_ = {};
    } else {
      RuleTree whole = last_;
      whole.merge(tree);
      tree = std::move(whole);
    }
  }

  const base::YamlResult& yaml_;
  std::uint32_t lines_;
  Problems& problems_;
  RuleDocuments out_;
  RuleTree global_, last_;
};

}  // namespace

std::vector<RuleTree::Pair> RuleTree::pairs_of(NodeRef map, Problems& problems) {
  std::vector<Pair> pairs;
  std::unordered_map<std::string_view, std::uint32_t> seen;
  for (std::size_t i = 0; i + 1 < map->children.size(); i += 2) {
    const NodeRef key = map.child(i);
    const auto [first, fresh] = seen.emplace(key->text, key->begin.line);
    if (!fresh) {
      problems.error(code::kDuplicateKey, problems.where(*key), fmt::format("the key `{}` is given twice", key->text),
                     fmt::format("first given in line {}", first->second), "merge the two, or rename one of them");
      continue;
    }
    pairs.push_back({key, map.child(i + 1), {}});
  }
  return pairs;
}

std::vector<RuleTree::Pair> RuleTree::below(const Pair& pair, Problems& problems) {
  return pair.merged.empty() ? pairs_of(pair.value, problems) : pair.merged;
}

void RuleTree::merge(const RuleTree& later) {
  for (const Pair& pair : later.pairs_) put(pairs_, pair);
}

void RuleTree::erase(std::string_view key) {
  std::erase_if(pairs_, [&](const Pair& pair) { return pair.key->text == key; });
}

const RuleTree::Pair* RuleTree::find(std::string_view key) const {
  const auto found = std::ranges::find_if(pairs_, [&](const Pair& pair) { return pair.key->text == key; });
  return found == pairs_.end() ? nullptr : &*found;
}

RuleDocuments split_rules(const base::YamlResult& yaml, std::uint32_t lines, Problems& problems) {
  return Splitter(yaml, lines, problems).run();
}

}  // namespace tocsin::sigma
