// The fields of a record that is too odd to be read from its slots: read from its rendered tree. Slow, and the oracle
// of the fast way in tests.
#pragma once

#include <string_view>
#include <vector>

#include "evidence/evtx/arena.hpp"
#include "evidence/evtx/bindings.hpp"
#include "evidence/evtx/fields.hpp"
#include "model/event.hpp"
#include "model/field_table.hpp"

namespace tocsin::evidence::evtx {

struct LooseField {
  model::FieldId field = kNoField;
  bool system = false;
  std::string_view name, path;
  model::Value value;
};

// In document order. Texts live in `arena` or are `tree`'s.
void collect_loose_fields(const Nodes& tree, const model::FieldTable* fields, FieldWalker& walker, Arena& arena,
                          std::vector<LooseField>& out);

}  // namespace tocsin::evidence::evtx
