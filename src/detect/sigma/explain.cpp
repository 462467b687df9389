// Why a rule is or is not true for one event: the whole condition tree, every leaf judged.
#include <algorithm>

#include <fmt/format.h>

#include "detect/sigma/judge_state.hpp"
#include "detect/sigma/proof.hpp"

namespace tocsin::sigma {

namespace {

using Kind = ConditionNode::Kind;
constexpr std::size_t kMaxShownValue = 512;  // bytes of a value in a detail

std::string shown(std::string_view value) {
  if (value.size() <= kMaxShownValue) return fmt::format("`{}`", value);
  return fmt::format("`{}`… ({} bytes)", value.substr(0, kMaxShownValue), value.size());
}

class Explainer {
 public:
  Explainer(const CompiledSet::Impl& set, Evaluator& evaluator, const model::Event& event, std::uint32_t rule,
            std::uint32_t instance, Explanation& out)
      : set_(set),
        blob_(set.blob),
        evaluator_(evaluator),
        proof_(set, evaluator, event),
        rule_(blob_.rules[rule]),
        nodes_(Blob::part(blob_.nodes, rule_.nodes)),
        instance_(instance),
        out_(out) {}

  void run() {
    if (nodes_.empty()) return;
    for (const NodeRecord& node : nodes_) truths_.push_back(truth_of(node));
    out_.matched = truths_.back();
    if (out_.matched) out_.matches = proof_.matches(instance_);
    struct Open {
      std::uint32_t node, depth;
    };
    std::vector<Open> stack{{static_cast<std::uint32_t>(nodes_.size() - 1), 0}};
    while (!stack.empty()) {
      const Open top = stack.back();
      stack.pop_back();
      show(top.node, top.depth);
      const auto children = blob_.list(nodes_[top.node].children);
      for (std::size_t i = children.size(); i-- > 0;) stack.push_back({children[i], top.depth + 1});
    }
  }

 private:
  [[nodiscard]] const SelectionRecord& selection_of(const NodeRecord& node) const {
    return blob_.selections[rule_.selections.first + node.selection];
  }

  bool truth_of(const NodeRecord& node) {
    const auto children = blob_.list(node.children);
    const auto yes = static_cast<std::size_t>(
        std::ranges::count_if(children, [this](std::uint32_t child) { return truths_[child]; }));
    switch (static_cast<Kind>(node.kind)) {
      case Kind::selection:
        return std::ranges::any_of(Blob::part(blob_.alternatives, selection_of(node).alternatives),
                                   [this](const auto& one) { return proof_.alternative(instance_, one); });
      case Kind::logical_not:
        return yes == 0;
      case Kind::logical_and:
      case Kind::all_of:
        return yes == children.size();
      case Kind::logical_or:
        return yes > 0;
      case Kind::n_of:
        return yes >= node.count;
    }
    return false;
  }

  static std::string kind_of(const NodeRecord& node) {
    switch (static_cast<Kind>(node.kind)) {
      case Kind::selection:
        return "selection";
      case Kind::logical_not:
        return "not";
      case Kind::logical_and:
        return "and";
      case Kind::all_of:
        return "all of";
      case Kind::logical_or:
        return "or";
      case Kind::n_of:
        return fmt::format("{} of", node.count);
    }
    return {};
  }

  void show(std::uint32_t index, std::uint32_t depth) {
    const NodeRecord& node = nodes_[index];
    add(depth, kind_of(node), std::string(blob_.text(node.text)), truths_[index]);
    if (static_cast<Kind>(node.kind) != Kind::selection) return;
    const SelectionRecord& selection = selection_of(node);
    const auto alternatives = Blob::part(blob_.alternatives, selection.alternatives);
    for (const AlternativeRecord& alternative : alternatives) {
      std::uint32_t below = depth + 1;
      if (alternatives.size() > 1) {
        add(below++, "and", "one of the list's maps", proof_.alternative(instance_, alternative));
      }
      for (const SlotRecord& slot : Blob::part(blob_.slots, alternative.slots)) leaf(selection, slot, below);
    }
  }

  Explanation::Node& add(std::uint32_t depth, std::string kind, std::string text, bool truth) {
    Explanation::Node& node = out_.nodes.emplace_back();
    node.depth = depth;
    node.kind = std::move(kind);
    node.text = std::move(text);
    node.truth = truth;
    return node;
  }

  void leaf(const SelectionRecord& selection, const SlotRecord& slot, std::uint32_t depth) {
    const std::uint32_t item = proof_.item_of(instance_, slot);
    const bool truth = evaluator_.item(item);
    const bool keyword = slot.field.count == 0;
    Explanation::Node& node = add(depth, keyword ? "keyword" : "field", text_of(slot), truth);
    node.detail = detail(item, keyword);
    if (!truth) return;
    std::vector<Match> matches;
    proof_.show_item(blob_.text(selection.name), slot, item, matches);
    if (!matches.empty()) node.match = std::move(matches.front());
  }

  [[nodiscard]] std::string text_of(const SlotRecord& slot) const {
    constexpr std::size_t kMost = 3;
    const auto patterns = Blob::part(blob_.texts, slot.patterns);
    std::string text(blob_.text(slot.key));
    if (!text.empty()) text += ": ";
    for (std::size_t i = 0; i < std::min(kMost, patterns.size()); ++i) {
      if (i > 0) text += ", ";
      text += fmt::format("'{}'", blob_.text(patterns[i]));
    }
    if (patterns.size() > kMost) text += fmt::format(" and {} more", patterns.size() - kMost);
    return text;
  }

  [[nodiscard]] std::string detail(std::uint32_t item, bool keyword) {
    const std::uint32_t operand = blob_.items[item].operand;
    const OperandRecord& record = blob_.operands[operand];
    if (keyword) return fmt::format("looked through {} values of the event", evaluator_.values(operand).size());
    if (record.kind == OperandRecord::absent) return "this kind of event never has the field";
    const auto values = evaluator_.values(operand);
    std::string names;
    for (const std::uint32_t field : blob_.list(record.fields)) {
      if (!names.empty()) names += '+';
      names += set_.fields.name(field);
    }
    if (values.empty()) return fmt::format("the event has no field {}", names);
    std::string text = record.kind == OperandRecord::constant ? "fixed by the log source: "
                                                              : fmt::format("{} = ", proof_.event_field(operand, 0));
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) text += ", ";
      text += values[i].kind == model::Value::Kind::null ? std::string("null") : shown(values[i].text);
    }
    return text;
  }

  const CompiledSet::Impl& set_;
  const Blob& blob_;
  Evaluator& evaluator_;
  Proof proof_;
  const RuleRecord& rule_;
  std::span<const NodeRecord> nodes_;
  std::uint32_t instance_;
  Explanation& out_;
  std::vector<bool> truths_;
};

std::string list_names(const Blob& blob, Range range) {
  std::vector<std::string_view> names;
  for (const Text text : Blob::part(blob.texts, range)) names.push_back(blob.text(text));
  return fmt::format("{}", fmt::join(names, " or "));
}

// What an event would need to pass the gate.
std::string needs(const CompiledSet::Impl& set, const GateRecord& gate) {
  const Blob& blob = set.blob;
  std::vector<std::string> parts;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) parts.push_back(fmt::format("{} {}", name, value));
  };
  add("product", std::string(blob.text(gate.product)));
  add("category", std::string(blob.text(gate.category)));
  add("service", std::string(blob.text(gate.service)));
  add("channel", list_names(blob, gate.channels));
  add("provider", list_names(blob, gate.providers));
  add("event id", fmt::format("{}", fmt::join(Blob::part(blob.event_ids, gate.event_ids), " or ")));
  for (const ConstraintRecord& constraint : Blob::part(blob.constraints, gate.constraints)) {
    add(set.fields.name(constraint.field), list_names(blob, constraint.values));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

void Judge::explain(const model::Event& event, std::uint32_t rule, Explanation& out) {
  const CompiledSet::Impl& set = state_->set;
  const Blob& blob = set.blob;
  const RuleRecord& record = blob.rules[rule];
  out.rule = set.rules[rule];
  out.nodes.clear();
  out.matches.clear();
  out.notes.clear();
  out.matched = out.log_source_fits = false;
  out.log_source_detail = blob.text(record.detail);
  if (static_cast<CoverageReason>(record.not_evaluated) != CoverageReason::none) return;
  state_->evaluator.begin(event);
  std::string unmet;
  for (std::uint32_t i = 0; i < record.instances.count; ++i) {
    const std::uint32_t index = record.instances.first + i;
    const InstanceRecord& instance = blob.instances[index];
    const GateRecord& gate = blob.gates[instance.gate];
    if (!unmet.empty()) unmet += "; ";
    unmet += fmt::format("{}: {}", blob.text(instance.variant), needs(set, gate));
    if (fit(blob, gate, event.head()) != GateFit::all || !constraints_hold(blob, gate, event)) continue;
    if (out.matched) continue;  // the first variant that is true is the one that is shown
    out.nodes.clear();
    out.notes.clear();
    if (const std::string_view caveat = blob.text(instance.caveat); !caveat.empty()) out.notes.emplace_back(caveat);
    out.log_source_fits = true;
    out.log_source_detail = fmt::format("{} ({})", blob.text(instance.variant), needs(set, gate));
    Explainer(set, state_->evaluator, event, rule, index, out).run();
  }
  if (!out.log_source_fits) out.log_source_detail = fmt::format("no variant fits this event. {}", unmet);
}

}  // namespace tocsin::sigma
