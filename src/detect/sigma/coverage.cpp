// Coverage: for each rule whether it could be judged, and if not why not.
#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "detect/sigma/evaluator.hpp"
#include "detect/sigma/observed.hpp"
#include "detect/sigma/settings.hpp"
#include "model/owned_event.hpp"

namespace tocsin::sigma {

namespace {

using Truth = std::optional<bool>;  // nothing: could be either
using Kind = ConditionNode::Kind;

// Can a rule's condition be true at all, if fields that no event had are absent?
class Possibility {
 public:
  explicit Possibility(const CompiledSet::Impl& set)
      : blob_(set.blob),
        fields_(set.fields),
        evaluator_(set, {.plain = true, .remembered = 0}),
        nothing_({}, {}, set.fields) {
    // Judged against an event without any field: what is known of absent and constant operands.
    evaluator_.begin(nothing_);
  }

  // What was seen at the gate that is asked about from now on; must outlive the questions.
  void at(const GateRecord& gate, const std::vector<bool>& field_seen) {
    gate_ = &gate;
    field_seen_ = &field_seen;
  }

  Truth condition(const RuleRecord& rule, const InstanceRecord& instance, bool absence_known) {
    absence_known_ = absence_known;
    const auto nodes = Blob::part(blob_.nodes, rule.nodes);
    std::vector<Truth> truths;
    for (const NodeRecord& node : nodes) truths.push_back(judge(rule, instance, node, truths));
    return truths.empty() ? Truth(false) : truths.back();
  }

  // Names of the fields that the rule asks for and that were never there, as the event has them; as the rule has them
  // where this kind of log has no name for them.
  [[nodiscard]] std::set<std::string_view> missing(const RuleRecord& rule, const InstanceRecord& instance) const {
    std::set<std::string_view> names;
    const auto items = blob_.list(instance.items);
    const auto add = [&](std::uint32_t operand, std::string_view rule_field) {
      const OperandRecord& record = blob_.operands[operand];
      if (record.kind == OperandRecord::absent) names.insert(rule_field);
      for (const std::uint32_t field : blob_.list(record.fields)) {
        if (!seen(field)) names.insert(fields_.name(field));
      }
    };
    for (const SelectionRecord& selection : Blob::part(blob_.selections, rule.selections)) {
      for (const AlternativeRecord& alternative : Blob::part(blob_.alternatives, selection.alternatives)) {
        for (const SlotRecord& slot : Blob::part(blob_.slots, alternative.slots)) {
          const ItemRecord& item = blob_.items[items[slot.number]];
          add(item.operand, blob_.text(slot.field));
          const auto patterns = Blob::part(blob_.texts, slot.patterns);
          const auto predicates = blob_.list(item.predicates);
          for (std::size_t i = 0; i < predicates.size(); ++i) {
            const std::uint32_t other = blob_.patterns[blob_.predicates[predicates[i]].pattern].operand;
            if (other != kNone) add(other, i < patterns.size() ? blob_.text(patterns[i]) : std::string_view());
          }
        }
      }
    }
    return names;
  }

 private:
  Truth judge(const RuleRecord& rule, const InstanceRecord& instance, const NodeRecord& node,
              const std::vector<Truth>& truths) {
    const auto children = blob_.list(node.children);
    std::size_t yes = 0, no = 0;
    for (const std::uint32_t child : children) {
      yes += truths[child] == true ? 1U : 0U;
      no += truths[child] == false ? 1U : 0U;
    }
    switch (static_cast<Kind>(node.kind)) {
      case Kind::selection:
        return selection(instance, blob_.selections[rule.selections.first + node.selection]);
      case Kind::logical_not:
        return truths[children[0]] ? Truth(!*truths[children[0]]) : Truth();
      case Kind::logical_and:
      case Kind::all_of:
        return at_least(children.size(), children.size(), yes, no);
      case Kind::logical_or:
        return at_least(1, children.size(), yes, no);
      case Kind::n_of:
        return at_least(node.count, children.size(), yes, no);
    }
    return {};
  }

  static Truth at_least(std::size_t wanted, std::size_t all, std::size_t yes, std::size_t no) {
    if (yes >= wanted) return true;
    if (all - no < wanted) return false;
    return {};
  }

  Truth selection(const InstanceRecord& instance, const SelectionRecord& selection) {
    std::size_t yes = 0, no = 0;
    for (const AlternativeRecord& alternative : Blob::part(blob_.alternatives, selection.alternatives)) {
      std::size_t true_items = 0, false_items = 0;
      for (const SlotRecord& slot : Blob::part(blob_.slots, alternative.slots)) {
        const Truth truth = item(blob_.list(instance.items)[slot.number]);
        true_items += truth == true ? 1U : 0U;
        false_items += truth == false ? 1U : 0U;
      }
      const Truth whole = at_least(alternative.slots.count, alternative.slots.count, true_items, false_items);
      yes += whole == true ? 1U : 0U;
      no += whole == false ? 1U : 0U;
    }
    return at_least(1, selection.alternatives.count, yes, no);
  }

  Truth item(std::uint32_t index) {
    const ItemRecord& record = blob_.items[index];
    const OperandRecord& operand = blob_.operands[record.operand];
    switch (operand.kind) {
      case OperandRecord::constant:
        return evaluator_.item(index);
      case OperandRecord::absent:
        return absence_known_ ? Truth(evaluator_.item(index)) : Truth();
      case OperandRecord::keywords:
        return {};
      default:
        break;
    }
    if (!absence_known_ || (all_seen(operand) && others_possible(record))) return {};
    return evaluator_.item(index);
  }

  [[nodiscard]] bool all_seen(const OperandRecord& operand) const {
    return std::ranges::all_of(blob_.list(operand.fields), [&](std::uint32_t field) { return seen(field); });
  }
  // Some pattern compares with no other field, or with one that there was.
  [[nodiscard]] bool others_possible(const ItemRecord& item) const {
    const auto predicates = blob_.list(item.predicates);
    return predicates.empty() || std::ranges::any_of(predicates, [&](std::uint32_t predicate) {
             const std::uint32_t other = blob_.patterns[blob_.predicates[predicate].pattern].operand;
             if (other == kNone) return true;
             const OperandRecord& operand = blob_.operands[other];
             return operand.kind != OperandRecord::absent && all_seen(operand);
           });
  }

  [[nodiscard]] bool seen(std::uint32_t field) const {
    const auto fields = blob_.list(gate_->fields);
    const auto place = std::ranges::lower_bound(fields, field);
    return place != fields.end() && *place == field && (*field_seen_)[static_cast<std::size_t>(place - fields.begin())];
  }

  const Blob& blob_;
  const model::FieldTable& fields_;
  const GateRecord* gate_ = nullptr;
  const std::vector<bool>* field_seen_ = nullptr;
  Evaluator evaluator_;
  model::OwnedEvent nothing_;
  bool absence_known_ = true;
};

std::string names(const Blob& blob, Range list) {
  std::string text;
  for (const Text name : Blob::part(blob.texts, list)) {
    if (!text.empty()) text += ", ";
    text += blob.text(name);
  }
  return text;
}

std::string describe_channel(const Blob& blob, const GateRecord& gate) {
  if (gate.channels.count != 0) return names(blob, gate.channels);
  if (gate.providers.count != 0) return names(blob, gate.providers);
  std::string text;
  for (const Text part : {gate.product, gate.category, gate.service}) {
    if (part.count == 0) continue;
    if (!text.empty()) text += '/';
    text += blob.text(part);
  }
  return text;
}

std::string describe_ids(const Blob& blob, const GateRecord& gate, const model::FieldTable& fields) {
  std::string text = describe_channel(blob, gate);
  if (gate.event_ids.count != 0) {
    text += fmt::format(": event id {}", fmt::join(Blob::part(blob.event_ids, gate.event_ids), ", "));
  }
  for (const ConstraintRecord& constraint : Blob::part(blob.constraints, gate.constraints)) {
    text += fmt::format(", {} = {}", fields.name(constraint.field), names(blob, constraint.values));
  }
  return text;
}

void add_detail(std::string& detail, const std::string& part) {
  if (part.empty() || detail.find(part) != std::string::npos) return;
  if (!detail.empty()) detail += "; ";
  detail += part;
}

}  // namespace

Observations::State::State(const CompiledSet::Impl& compiled) : set(&compiled), gates(compiled.blob.gates.size()) {
  for (std::size_t i = 0; i < gates.size(); ++i) gates[i].field_seen.resize(compiled.blob.gates[i].fields.count);
}

Observations::Observations(const CompiledSet& set) : state_(std::make_unique<State>(set.impl())) {}
Observations::Observations(Observations&&) noexcept = default;
Observations& Observations::operator=(Observations&&) noexcept = default;
Observations::~Observations() = default;

void Observations::add(const Observations& other) {
  for (std::size_t i = 0; i < state_->gates.size(); ++i) {
    State::Gate& mine = state_->gates[i];
    const State::Gate& theirs = other.state_->gates[i];
    mine.judged += theirs.judged;
    mine.outside += theirs.outside;
    mine.channel_seen = mine.channel_seen || theirs.channel_seen;
    for (std::size_t k = 0; k < mine.field_seen.size(); ++k) {
      mine.field_seen[k] = mine.field_seen[k] || theirs.field_seen[k];
    }
  }
}

namespace {

// What is said of a gate, made once however many rules lie behind it.
class GateWords {
 public:
  explicit GateWords(const CompiledSet::Impl& set) : set_(set), gates_(set.blob.gates.size()) {}

  const std::string& channel(std::uint32_t gate) {
    auto& known = gates_[gate].channel;
    if (!known) known = describe_channel(set_.blob, set_.blob.gates[gate]);
    return *known;
  }
  const std::string& ids(std::uint32_t gate) {
    auto& known = gates_[gate].ids;
    if (!known) known = describe_ids(set_.blob, set_.blob.gates[gate], set_.fields);
    return *known;
  }
  // Settings that give the log, or its events. REQUIRES: `reason` is channel_absent or event_id_absent.
  const std::vector<std::uint32_t>& settings(std::uint32_t gate, CoverageReason reason) {
    auto& known = reason == CoverageReason::channel_absent ? gates_[gate].for_channel : gates_[gate].for_ids;
    if (!known) known = settings_for(set_.settings, set_.blob, set_.blob.gates[gate], reason, {});
    return *known;
  }

 private:
  struct Gate {
    std::optional<std::string> channel, ids;
    std::optional<std::vector<std::uint32_t>> for_channel, for_ids;
  };
  const CompiledSet::Impl& set_;
  std::vector<Gate> gates_;
};

// One rule's coverage out of what was seen at its gates.
class RuleView {
 public:
  RuleView(const CompiledSet::Impl& set, std::span<const Observations::State::Gate> gates, Possibility& possibility,
           GateWords& words, std::uint32_t rule)
      : set_(set),
        blob_(set.blob),
        gates_(gates),
        possibility_(possibility),
        words_(words),
        rule_(set.blob.rules[rule]) {
    out_.rule = rule;
  }

  RuleCoverage run(std::uint64_t findings) {
    out_.findings = findings;
    const auto reason = static_cast<CoverageReason>(rule_.not_evaluated);
    for (const InstanceRecord& instance : instances()) out_.events_judged += gates_[instance.gate].judged;
    if (findings > 0) {
      out_.status = CoverageStatus::matched;
    } else if (reason != CoverageReason::none) {
      out_.reason = reason;
      out_.detail = blob_.text(rule_.detail);
    } else if (out_.events_judged > 0) {
      judged();
    } else {
      not_judged();
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::span<const InstanceRecord> instances() const {
    return Blob::part(blob_.instances, rule_.instances);
  }

  // There were events: could the rule have been true for any of them?
  void judged() {
    std::string missing;
    for (const InstanceRecord& instance : instances()) {
      const Observations::State::Gate& seen = gates_[instance.gate];
      if (seen.judged == 0) continue;
      possibility_.at(blob_.gates[instance.gate], seen.field_seen);
      const bool impossible = possibility_.condition(rule_, instance, true) == false;
      if (!impossible || possibility_.condition(rule_, instance, false) == false) {
        out_.status = CoverageStatus::not_seen;
        return;
      }
      const std::set<std::string_view> names = possibility_.missing(rule_, instance);
      add_detail(missing, fmt::format("{}: {}", blob_.text(instance.variant),
                                      names.empty() ? "what the rule asks for can never be true here"
                                                    : fmt::format("{}", fmt::join(names, ", "))));
      const std::vector<std::string_view> fields(names.begin(), names.end());
      add_settings(
          settings_for(set_.settings, blob_, blob_.gates[instance.gate], CoverageReason::field_absent, fields));
    }
    out_.reason = CoverageReason::field_absent;
    out_.detail = missing;
  }

  void not_judged() {
    bool outside = false, channel = false;
    for (const InstanceRecord& instance : instances()) {
      outside = outside || gates_[instance.gate].outside > 0;
      channel = channel || gates_[instance.gate].channel_seen;
    }
    out_.reason = outside   ? CoverageReason::out_of_reach
                  : channel ? CoverageReason::event_id_absent
                            : CoverageReason::channel_absent;
    for (const InstanceRecord& instance : instances()) {
      const Observations::State::Gate& seen = gates_[instance.gate];
      if (outside && seen.outside > 0) {
        add_detail(out_.detail, fmt::format("{} {} of {}", seen.outside, seen.outside == 1 ? "event" : "events",
                                            words_.channel(instance.gate)));
      } else if (!outside && channel && seen.channel_seen) {
        add_detail(out_.detail, words_.ids(instance.gate));
        add_settings(words_.settings(instance.gate, CoverageReason::event_id_absent));
      } else if (!outside && !channel) {
        add_detail(out_.detail, words_.channel(instance.gate));
      }
      // A log that is not here may help too, where the one that is here lacks the events.
      if (!outside && !seen.channel_seen) {
        add_settings(words_.settings(instance.gate, CoverageReason::channel_absent));
      }
    }
  }

  void add_settings(const std::vector<std::uint32_t>& settings) {
    for (const std::uint32_t setting : settings) {
      const auto place = std::ranges::lower_bound(out_.settings, setting);
      if (place == out_.settings.end() || *place != setting) out_.settings.insert(place, setting);
    }
  }

  const CompiledSet::Impl& set_;
  const Blob& blob_;
  std::span<const Observations::State::Gate> gates_;
  Possibility& possibility_;
  GateWords& words_;
  const RuleRecord& rule_;
  RuleCoverage out_;
};

}  // namespace

std::vector<RuleCoverage> Observations::coverage(std::span<const std::uint64_t> findings_per_rule) const {
  std::vector<RuleCoverage> all;
  const auto rules = static_cast<std::uint32_t>(state_->set->blob.rules.size());
  all.reserve(rules);
  Possibility possibility(*state_->set);
  GateWords words(*state_->set);
  for (std::uint32_t rule = 0; rule < rules; ++rule) {
    const std::uint64_t findings = rule < findings_per_rule.size() ? findings_per_rule[rule] : 0;
    all.push_back(RuleView(*state_->set, state_->gates, possibility, words, rule).run(findings));
  }
  return all;
}

}  // namespace tocsin::sigma
