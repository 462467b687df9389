// How much a container may ask of us. Each limit is an anomaly when reached, and the scan goes on with what is next.
// The values and their reasons: docs/formats/containers.md, "Limits".
#pragma once

#include <cstddef>
#include <cstdint>

#include "evidence/hashing_stream.hpp"

namespace tocsin::evidence {

constexpr std::uint64_t kMaxExpansionRatio = 250;  // bytes out for a byte in, of a member; logs stay below 100
constexpr std::uint64_t kFreeMemberBytes = std::uint64_t{1} << 30;        // a member up to this size may have any ratio
constexpr std::uint64_t kFreeInputBytes = std::uint64_t{4} << 30;         // all members of an input together, likewise
constexpr std::uint64_t kMaxInputExpandedBytes = std::uint64_t{4} << 40;  // whatever the ratio
constexpr std::uint64_t kMaxInputEntries = 1'000'000;                     // members of one input, over all levels
constexpr std::size_t kMaxNesting = 8;                               // containers inside containers; .tar.gz counts two
constexpr std::uint64_t kMaxHeldInMemory = std::uint64_t{64} << 20;  // containers in streams that need seeking
constexpr std::uint64_t kMaxHeldOnDisk = std::uint64_t{64} << 30;    // the same, beyond that
// Zeros that are made for the holes of a sparse file, and in one run. Logs have few, and those at the end are left out.
constexpr std::uint64_t kMaxHoleBytes = std::uint64_t{1} << 30;
constexpr std::uint64_t kMaxHoleBytesInAll = std::uint64_t{8} << 30;

struct ContainerLimits {
  std::uint64_t ratio = kMaxExpansionRatio;
  std::uint64_t free_member_bytes = kFreeMemberBytes;
  std::uint64_t free_input_bytes = kFreeInputBytes;
  std::uint64_t input_expanded_bytes = kMaxInputExpandedBytes;
  std::uint64_t input_entries = kMaxInputEntries;
  std::size_t nesting = kMaxNesting;
  std::uint64_t held_in_memory = kMaxHeldInMemory;
  std::uint64_t held_on_disk = kMaxHeldOnDisk;
  std::uint64_t hole_bytes = kMaxHoleBytes;
  std::uint64_t hole_bytes_in_all = kMaxHoleBytesInAll;
};

// What one input has used so far, over all its levels.
struct InputUsage {
  const HashingStream* stream = nullptr;  // the input itself; not null once walking has begun
  std::uint64_t expanded = 0;
  std::uint64_t entries = 0;
  std::uint64_t held_in_memory = 0, held_on_disk = 0;

  // Bytes of the input itself: its size, or what has come of it so far where that is not known.
  [[nodiscard]] std::uint64_t input_bytes() const { return stream->source().size().value_or(stream->position()); }
  [[nodiscard]] bool over_expansion(const ContainerLimits& limits) const {
    return expanded > limits.input_expanded_bytes ||
           (expanded > limits.free_input_bytes && expanded / limits.ratio > input_bytes());
  }
};

}  // namespace tocsin::evidence
