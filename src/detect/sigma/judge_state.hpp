// A judge's own memory. Inside this folder only.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "detect/sigma/evaluator.hpp"
#include "detect/sigma/gates.hpp"
#include "detect/sigma/observed.hpp"

namespace tocsin::sigma {

struct Judge::State {
  State(const CompiledSet& compiled, const JudgeMode& mode);

  bool run(std::uint32_t instance);
  // Notes an event that passed a gate, and which of the fields not met so far it has.
  void note(std::uint32_t gate, const model::Event& event);
  GateCache::Kind& kind_of(const model::Event& event);
  void judge(const model::Event& event, bool parts, bool assembled, std::vector<Hit>& hits);
  // Which gates are open for the event; false: none.
  bool open_gates(const model::Event& event, const GateCache::Kind& kind, bool parts, bool assembled);
  void try_all(std::vector<Hit>& hits);
  void try_woken(GateCache::Kind& kind, std::vector<Hit>& hits);
  // The operands to look at for the event that the evaluator has begun. Good until the kind's next event.
  std::span<const std::uint32_t> operands_for(GateCache::Kind& kind);
  std::vector<std::uint32_t> plan_operands(const GateCache::Kind& kind);
  void try_one(std::uint32_t instance, std::vector<Hit>& hits);

  struct Cost {
    std::uint64_t evaluations = 0;
    std::uint64_t nanoseconds = 0;
  };
  const CompiledSet::Impl& set;
  const Blob& blob;
  Evaluator evaluator;
  GateCache gates;
  Observations observations;
  const bool plain;                                // every instance behind an open gate is judged
  std::vector<std::uint32_t> keys;                 // operands that say of what kind an event is
  std::string key_values;                          // theirs, of this event
  GateCache::Kind::Plan unkept;                    // of an event whose keys are too long to be kept
  std::vector<std::uint32_t> open;                 // gates, of this event
  std::vector<std::uint8_t> is_open;               // by gate: whether it is in `open`
  std::uint32_t round = 0;                         // counts events
  std::vector<std::uint32_t> woken;                // by instance: the round in which it was woken last
  std::vector<std::vector<std::uint32_t>> unseen;  // by gate: positions of fields that no event has had
  bool measuring = false;
  std::vector<Cost> costs;  // by rule
};

}  // namespace tocsin::sigma
