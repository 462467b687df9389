// What a judge notes for coverage, by gate. Inside this folder only.
#pragma once

#include <cstdint>
#include <vector>

#include "detect/sigma/compiled_impl.hpp"

namespace tocsin::sigma {

struct Observations::State {
  explicit State(const CompiledSet::Impl& compiled);

  struct Gate {
    std::uint64_t judged = 0;      // events that passed it
    std::uint64_t outside = 0;     // events that passed it and that the user's filters leave out
    bool channel_seen = false;     // an event of its channel was there
    std::vector<bool> field_seen;  // by position in GateRecord::fields
  };
  const CompiledSet::Impl* set = nullptr;
  std::vector<Gate> gates;
};

}  // namespace tocsin::sigma
