// Going down into one input that is a container: each leaf to the visitor, each container's identity after its members,
// nesting to a limit, nothing unpacked to disk. One thread.
#pragma once

#include "evidence/container/budget.hpp"
#include "evidence/container/kind.hpp"
#include "evidence/inputs_walk.hpp"

namespace tocsin::evidence {

// The input that is being walked, opened, its head() recognised as a container.
struct OpenInput {
  const PlannedInput& input;
  InputSource& source;
  HashingStream& stream;
};

// How reading the input itself to its end went; the caller reports damage of the input and its identity's wholeness.
[[nodiscard]] ReadOutcome walk_container(WalkState& state, const OpenInput& open, ContainerKind kind,
                                         const ContainerLimits& limits);

}  // namespace tocsin::evidence
