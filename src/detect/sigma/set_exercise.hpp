// For tests and fuzzing: asks everything of a compiled set that can be asked, so that a table that leads astray is
// noticed by a crash, a sanitizer or a time limit.
#pragma once

#include <string>
#include <vector>

#include "detect/sigma/compiled_impl.hpp"
#include "detect/sigma/compiled_set.hpp"
#include "detect/sigma/words.hpp"
#include "model/owned_event.hpp"

namespace tocsin::sigma::testing {

// An event that passes the gate, with values for its fields out of the set's own texts.
inline void judge_behind(const CompiledSet& set, const GateRecord& gate, Judge& judge) {
  const Blob& blob = set.impl().blob;
  const auto first = [&](Range names) {
    return names.count == 0 ? std::string() : std::string(blob.text(blob.texts[names.first]));
  };
  const std::string channel = first(gate.channels), provider = first(gate.providers);
  model::EventHead head;
  head.product = blob.text(gate.product);
  head.category = blob.text(gate.category);
  head.service = blob.text(gate.service);
  head.channel = channel;
  head.provider = provider;
  if (gate.event_ids.count != 0) head.event_id = blob.event_ids[gate.event_ids.first];
  std::vector<model::OwnedField> fields;
  std::size_t next = 0;
  for (std::uint32_t field = 0; field < set.fields().size() && field < 200; ++field) {
    std::string text = "C:\\Windows\\cmd.exe /c 1.2.3.4 42";
    for (int i = 0; i < 3 && !blob.texts.empty(); ++i) text += blob.text(blob.texts[next++ % blob.texts.size()]);
    fields.push_back({.name = std::string(set.fields().name(field)), .text = text.substr(0, 4096)});
  }
  for (const ConstraintRecord& constraint : Blob::part(blob.constraints, gate.constraints)) {
    fields.push_back({.name = std::string(set.fields().name(constraint.field)), .text = first(constraint.values)});
  }
  const model::OwnedEvent event(head, std::move(fields), set.fields());
  std::vector<Hit> hits;
  judge.judge(event, hits);
  judge.judge_assembled(event, hits);
  for (const Hit& hit : hits) {
    static_cast<void>(judge.matches(event, hit));
    static_cast<void>(judge.happening(event, hit));
    static_cast<void>(judge.caveat(hit));
    static_cast<void>(judge.variant(hit));
  }
  static_cast<void>(judge.is_part(event));
  static_cast<void>(judge.record_id(event));
  Explanation explanation;
  for (std::uint32_t rule = 0; rule < set.rules().size() && rule < 20; ++rule) judge.explain(event, rule, explanation);
}

inline void exercise(const CompiledSet& set) {
  for (std::uint32_t rule = 0; rule < set.rules().size(); ++rule) {
    static_cast<void>(set.describe(rule));
    static_cast<void>(rule_in_words(set, rule));
    static_cast<void>(set.settings_for(rule));
  }
  Judge judge(set);
  for (const GateRecord& gate : set.impl().blob.gates) judge_behind(set, gate, judge);
  static_cast<void>(judge.observations().coverage({}));
}

}  // namespace tocsin::sigma::testing
