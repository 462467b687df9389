// What walking plain files and walking containers share: how inputs are opened, how a leaf is fed, how an identity is
// made. One thread.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/scratch_file.hpp"
#include "evidence/container/budget.hpp"
#include "evidence/file_source.hpp"
#include "evidence/hashing_stream.hpp"
#include "evidence/inputs.hpp"

namespace tocsin::evidence {

// How an input is opened; tests and fuzzers put their own in place.
class InputOpener {
 public:
  virtual ~InputOpener() = default;
  [[nodiscard]] virtual Result<std::unique_ptr<InputSource>> open(const PlannedInput& input) = 0;
};

// As walk_inputs(plan, visitor, stop), through another opener and with other limits.
void walk_inputs(const InputPlan& plan, InputVisitor& visitor, const std::atomic<bool>* stop, InputOpener& opener,
                 const ContainerLimits& limits = {}, std::span<const std::string> passwords = {});

constexpr std::size_t kFeedBytes = 262144;

// What lives through one walk.
struct WalkState {
  InputVisitor& visitor;
  const std::atomic<bool>* stop = nullptr;
  std::span<const std::string> passwords;  // of encrypted containers, each is tried
  base::ScratchFile* scratch = nullptr;    // null: there is none
  std::vector<std::byte> block = std::vector<std::byte>(kFeedBytes);
  std::uint64_t most_hole_bytes = kMaxHoleBytes;       // that are filled of one sparse file
  std::uint64_t hole_bytes_left = kMaxHoleBytesInAll;  // of all of them, yet
  bool stopped = false;                                // the visitor or the user wants no more
  [[nodiscard]] bool should_stop() {
    stopped = stopped || (stop != nullptr && stop->load(std::memory_order_relaxed));
    return stopped;
  }
};

// How reading a source to its end went.
struct ReadOutcome {
  bool complete = false;       // the end was reached
  std::optional<Error> error;  // else, unless stopped
};

// Feeds the rest of `stream` to the visitor (or only hashes it), in blocks, until its end. `input`: where it lies.
[[nodiscard]] ReadOutcome feed_leaf(WalkState& state, const PlannedInput& input, HashingStream& stream, bool feed);
// Feeds the next `bytes` bytes; `complete` only where the stream ended before.
[[nodiscard]] ReadOutcome feed_up_to(WalkState& state, HashingStream& stream, std::uint64_t bytes);
// Reads on to the end for the hash alone.
[[nodiscard]] ReadOutcome drain(WalkState& state, const PlannedInput& input, HashingStream& stream);

// path, container, size and hash. `whole`: the hash is of all that the source has, else of a prefix.
[[nodiscard]] SourceInfo make_identity(const PlannedInput& input, std::string container, const HashingStream& stream,
                                       bool whole);

}  // namespace tocsin::evidence
