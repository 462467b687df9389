// What made a rule true, as values that outlive the event (docs/formats/sigma.md, D27 to D30).
#pragma once

#include <vector>

#include "tocsin/finding.hpp"

#include "detect/sigma/evaluator.hpp"

namespace tocsin::sigma {

class Proof {
 public:
  // REQUIRES: `evaluator` has begun `event`.
  Proof(const CompiledSet::Impl& set, Evaluator& evaluator, const model::Event& event,
        std::size_t longest = Judge::kLongestMatchValue)
      : blob_(set.blob), evaluator_(evaluator), event_(event), longest_(longest) {}

  [[nodiscard]] std::vector<Match> matches(std::uint32_t instance);
  // REQUIRES: the item is true. Appends what shows it.
  void show_item(std::string_view selection, const SlotRecord& slot, std::uint32_t item, std::vector<Match>& out);
  [[nodiscard]] std::uint32_t item_of(std::uint32_t instance, const SlotRecord& slot) const {
    return blob_.list(blob_.instances[instance].items)[slot.number];
  }
  [[nodiscard]] bool alternative(std::uint32_t instance, const AlternativeRecord& alternative);
  // The event's own name of an operand's fields.
  [[nodiscard]] std::string event_field(std::uint32_t operand, std::size_t value) const;

 private:
  void show_predicate(std::string_view selection, const SlotRecord& slot, std::size_t position, std::uint32_t predicate,
                      std::vector<Match>& out);
  [[nodiscard]] Match blank(std::string_view selection, const SlotRecord& slot, std::size_t position) const;

  const Blob& blob_;
  Evaluator& evaluator_;
  const model::Event& event_;
  std::size_t longest_;  // bytes of a shown value
};

}  // namespace tocsin::sigma
