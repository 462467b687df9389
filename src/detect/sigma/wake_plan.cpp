#include "detect/sigma/wake_plan.hpp"

#include <algorithm>
#include <utility>

namespace tocsin::sigma {

namespace {

using Fit = ValueIndexBuilder::Fit;

// Guesses, all that is needed is their order: a long literal is rarer than a short one; what many rules look for
// (an interpreter's name) is common in evidence, too; trying every value is bad, and taking apart the whole event, as
// keywords do, is worst.
constexpr double kExactCost = 1, kLiteralCost = 500, kUseCost = 10, kAlwaysCost = 5000, kKeywordCost = 50'000;

}  // namespace

WakePlan::WakePlan(const BlobTables& tables, std::span<const ValueIndexBuilder::Kept> fits)
    : tables_(tables), fits_(fits), uses_(fits.size()) {
  for (const InstanceRecord& instance : tables.instances) {
    for (std::uint32_t i = 0; i < instance.items.count; ++i) {
      const ItemRecord& item = tables.items[tables.words[instance.items.first + i]];
      for (std::uint32_t k = 0; k < item.predicates.count; ++k) ++uses_[tables.words[item.predicates.first + k]];
    }
  }
}

double WakePlan::cost_of(std::uint32_t predicate) const {
  const OperandRecord& operand = tables_.operands[tables_.predicates[predicate].operand];
  const double common = kUseCost * uses_[predicate] + (operand.kind == OperandRecord::keywords ? kKeywordCost : 0);
  switch (fits_[predicate].fit) {
    case Fit::exact:
      return kExactCost + common;
    case Fit::literal: {
      const double length = fits_[predicate].shortest;
      return kLiteralCost / (length * length) + common;
    }
    case Fit::always:
    case Fit::never:
      break;
  }
  return kAlwaysCost + common;
}

WakePlan::MaybeClause WakePlan::of_item(std::uint32_t index, Among among) const {
  const ItemRecord& item = tables_.items[index];
  if (item.negated != 0) return std::nullopt;
  if (among == Among::keys && tables_.operands[item.operand].key == 0) return std::nullopt;
  MaybeClause best;
  Clause any;
  for (std::uint32_t i = 0; i < item.predicates.count; ++i) {
    const std::uint32_t predicate = tables_.words[item.predicates.first + i];
    if (fits_[predicate].fit == Fit::never) {
      if (item.all != 0) continue;
      return std::nullopt;
    }
    const double cost = cost_of(predicate);
    any.predicates.push_back(predicate);
    any.cost += cost;
    if (item.all != 0 && (!best || cost < best->cost)) best = Clause{{predicate}, cost};
  }
  if (item.all != 0) return best;
  return any;
}

// Each alternative by the rarest of its items.
WakePlan::MaybeClause WakePlan::of_selection(const Selection& selection, std::span<const std::uint32_t> items,
                                             Among among) const {
  Clause all;
  std::size_t next = 0;
  for (const auto& alternative : selection.alternatives) {
    MaybeClause best;
    for (std::size_t i = 0; i < alternative.size(); ++i) {
      MaybeClause clause = of_item(items[next++], among);
      if (clause && (!best || clause->cost < best->cost)) best = std::move(clause);
    }
    if (!best) return std::nullopt;
    all.predicates.insert(all.predicates.end(), best->predicates.begin(), best->predicates.end());
    all.cost += best->cost;
  }
  return all;
}

// A tree: each child has one parent, so that what it gave can be taken over.
WakePlan::MaybeClause WakePlan::of_node(const ConditionNode& node, std::vector<MaybeClause>& below) {
  MaybeClause clause;
  for (const std::uint32_t child : node.children) {
    MaybeClause& other = below[child];
    switch (node.kind) {
      case ConditionNode::Kind::logical_and:
      case ConditionNode::Kind::all_of:
        if (other && (!clause || other->cost < clause->cost)) clause = std::move(other);
        break;
      case ConditionNode::Kind::logical_or:
      case ConditionNode::Kind::n_of:
        if (!other) return std::nullopt;
        if (!clause) clause.emplace();
        clause->cost += other->cost;
        if (other->predicates.size() > clause->predicates.size()) std::swap(other->predicates, clause->predicates);
        clause->predicates.insert(clause->predicates.end(), other->predicates.begin(), other->predicates.end());
        break;
      case ConditionNode::Kind::logical_not:
      case ConditionNode::Kind::selection:
        return std::nullopt;
    }
  }
  return clause;
}

std::optional<std::vector<std::uint32_t>> WakePlan::needed(const Rule& rule, std::span<const std::uint32_t> items,
                                                           Among among) const {
  if (rule.condition.empty()) return std::nullopt;
  std::vector<MaybeClause> selections;
  std::size_t first = 0;
  for (const Selection& selection : rule.selections) {
    std::size_t count = 0;
    for (const auto& alternative : selection.alternatives) count += alternative.size();
    selections.push_back(of_selection(selection, items.subspan(first, count), among));
    first += count;
  }
  std::vector<MaybeClause> nodes;
  for (const ConditionNode& node : rule.condition) {
    nodes.push_back(node.kind == ConditionNode::Kind::selection ? selections[node.selection] : of_node(node, nodes));
  }
  if (!nodes.back()) return std::nullopt;
  std::vector<std::uint32_t> needed = std::move(nodes.back()->predicates);
  std::ranges::sort(needed);
  needed.erase(std::ranges::unique(needed).begin(), needed.end());
  return needed;
}

void plan_wakes(TableBuilder& builder, std::span<const Rule* const> rules) {
  BlobTables& tables = builder.tables();
  ValueIndexBuilder indexes(builder);
  const std::vector<ValueIndexBuilder::Kept> fits = indexes.look();
  const WakePlan plan(tables, fits);
  std::vector<std::vector<WakeRecord>> woken(tables.predicates.size());
  std::vector<bool> wanted(tables.predicates.size());
  std::vector<std::vector<std::uint32_t>> sleepless(tables.gates.size());
  for (std::uint32_t i = 0; i < tables.instances.size(); ++i) {
    InstanceRecord& instance = tables.instances[i];
    if (instance.code.count == 0) continue;  // never true
    const Rule& rule = *rules[instance.rule];
    const auto keys = plan.needed(rule, builder.list(instance.items), WakePlan::Among::keys);
    const auto wakers = plan.needed(rule, builder.list(instance.items), WakePlan::Among::all);
    for (const auto* list : {&keys, &wakers}) {
      for (const std::uint32_t predicate : list->value_or(std::vector<std::uint32_t>())) wanted[predicate] = true;
    }
    if (keys) instance.keys = builder.words(*keys);
    if (wakers) {
      instance.wakers = builder.words(*wakers);
      for (const std::uint32_t predicate : *wakers) woken[predicate].push_back({instance.gate, i});
    } else {
      sleepless[instance.gate].push_back(i);
    }
  }
  for (std::uint32_t i = 0; i < woken.size(); ++i) {
    tables.predicates[i].wakes = {static_cast<std::uint32_t>(tables.wakes.size()),
                                  static_cast<std::uint32_t>(woken[i].size())};
    tables.wakes.insert(tables.wakes.end(), woken[i].begin(), woken[i].end());
  }
  for (std::uint32_t gate = 0; gate < tables.gates.size(); ++gate) {
    tables.gates[gate].sleepless = builder.words(sleepless[gate]);
  }
  indexes.build(fits, wanted);
}

}  // namespace tocsin::sigma
