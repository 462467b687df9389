#include "detect/sigma/proof.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "detect/sigma/judge_state.hpp"
#include "model/match_value.hpp"

namespace tocsin::sigma {

bool Proof::alternative(std::uint32_t instance, const AlternativeRecord& alternative) {
  return std::ranges::all_of(Blob::part(blob_.slots, alternative.slots),
                             [&](const SlotRecord& slot) { return evaluator_.item(item_of(instance, slot)); });
}

std::vector<Match> Proof::matches(std::uint32_t instance) {
  std::vector<Match> out;
  const RuleRecord& rule = blob_.rules[blob_.instances[instance].rule];
  for (const SelectionRecord& selection : Blob::part(blob_.selections, rule.selections)) {
    if (selection.shown == 0) continue;
    for (const AlternativeRecord& candidate : Blob::part(blob_.alternatives, selection.alternatives)) {
      if (!alternative(instance, candidate)) continue;
      for (const SlotRecord& slot : Blob::part(blob_.slots, candidate.slots)) {
        show_item(blob_.text(selection.name), slot, item_of(instance, slot), out);
      }
    }
  }
  return out;
}

void Proof::show_item(std::string_view selection, const SlotRecord& slot, std::uint32_t item, std::vector<Match>& out) {
  const ItemRecord& record = blob_.items[item];
  if (record.negated != 0) {
    Match match = blank(selection, slot, 0);
    match.negated = true;
    out.push_back(std::move(match));
    return;
  }
  const auto predicates = blob_.list(record.predicates);
  for (std::size_t i = 0; i < predicates.size(); ++i) {
    if (!evaluator_.predicate(predicates[i])) continue;
    show_predicate(selection, slot, i, predicates[i], out);
    if (record.all == 0) return;
  }
}

Match Proof::blank(std::string_view selection, const SlotRecord& slot, std::size_t position) const {
  Match match;
  match.selection = selection;
  // Keywords have no field; what stands before their modifiers ("|all") is empty.
  if (const std::string_view key = blob_.text(slot.key); !key.starts_with('|')) match.field = key;
  const auto patterns = Blob::part(blob_.texts, slot.patterns);
  if (position < patterns.size()) match.pattern = blob_.text(patterns[position]);
  return match;
}

void Proof::show_predicate(std::string_view selection, const SlotRecord& slot, std::size_t position,
                           std::uint32_t predicate, std::vector<Match>& out) {
  Match match = blank(selection, slot, position);
  const std::uint32_t operand = blob_.predicates[predicate].operand;
  const auto meeting = evaluator_.meeting(predicate);
  if (!meeting) {
    match.negated = true;
    out.push_back(std::move(match));
    return;
  }
  model::set_match_value(match, evaluator_.values(operand)[meeting->value].text, meeting->span.begin, meeting->span.end,
                         longest_);
  match.event_field = event_field(operand, meeting->value);
  for (const std::uint32_t conversion : blob_.list(blob_.operands[operand].conversions)) {
    match.conversions.emplace_back(to_string(static_cast<Conversion>(conversion)));
  }
  out.push_back(std::move(match));
}

std::string Proof::event_field(std::uint32_t operand, std::size_t value) const {
  const OperandRecord& record = blob_.operands[operand];
  std::string name;
  if (record.kind == OperandRecord::keywords) {
    std::size_t at = 0;
    event_.each_value([&](std::string_view path, const model::Value&) {
      if (at++ == value) name = path;
    });
    return name;
  }
  for (const std::uint32_t field : blob_.list(record.fields)) {
    if (!name.empty()) name += '+';
    name += event_.event_field(field);
  }
  return name;
}

std::vector<Match> Judge::matches(const model::Event& event, const Hit& hit, std::size_t longest) {
  state_->evaluator.go_on(event);
  return Proof(state_->set, state_->evaluator, event, longest).matches(hit.instance);
}

}  // namespace tocsin::sigma
