// Walking what is handed in: files, folders, globs, standard input, and containers read without unpacking to disk.
//
// `plan_inputs` looks at names only and gives the list in canonical order; `walk_inputs` opens one after the other,
// goes down into containers, and hands each leaf to the visitor as a stream of blocks. One thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tocsin/bytes.hpp"
#include "tocsin/finding.hpp"
#include "tocsin/result.hpp"
#include "tocsin/scanner.hpp"

#include "evidence/planned_inputs.hpp"
#include "evidence/reader.hpp"

namespace tocsin::evidence {

struct InputPlan {
  PlannedInputs inputs;            // by path bytes, without repeats (a file reached twice is read once)
  std::vector<Error> failed;       // arguments that cannot be opened or match nothing
  std::vector<Anomaly> anomalies;  // below arguments: unreadable folders, loops, odd files (Anomaly::path is set)
  std::vector<std::string> skipped_symlinks;  // for --debug
  std::vector<std::string> notes;             // for --debug: what else was not taken, and why, a line each
  std::uint64_t total_bytes = 0;
  bool hash = true;  // EvidenceOptions::hash
};
// SourceInfo::no_hash, where that is false.
inline constexpr const char* kHashNotWanted = "not asked for (--no-hash)";

// `stop`, where it is set: once true, planning ends with what it has.
[[nodiscard]] InputPlan plan_inputs(const EvidenceOptions& options, const std::atomic<bool>* stop = nullptr);

// Called for each leaf. `begin` gets the first block (up to kSampleBytes, or all) before anything is fed.
class InputVisitor {
 public:
  struct Leaf {
    const PlannedInput* input = nullptr;  // lives for the call
    std::string container;              // path inside the container(s): "a.zip-member/inner.evtx", "" for a plain file
    std::string container_format;       // for containers themselves: "zip", "tar", "gzip", ...
    std::optional<std::uint64_t> size;  // where known beforehand
    Sample sample;
  };
  virtual ~InputVisitor() = default;
  // False: do not feed this leaf's bytes to a reader (they are still read to be hashed).
  [[nodiscard]] virtual bool begin(const Leaf& leaf) = 0;
  [[nodiscard]] virtual bool feed(ByteView block) = 0;  // false: stop the whole walk
  // `identity` has path, container, format (containers only), size and sha256 or its prefix.
  virtual void end(const SourceInfo& identity) = 0;
  // A container itself, after its members: identity as above, format e.g. "zip".
  virtual void on_container(const SourceInfo& identity) = 0;
  // For progress: bytes of this input that were read and not fed. `held`: kept to be read in any order; what is in them
  // is fed later. Else they were only hashed. `input` lives for the call.
  virtual void on_aside(const PlannedInput& input, std::uint64_t bytes, bool held) {
    static_cast<void>(input), static_cast<void>(bytes), static_cast<void>(held);
  }
  // About an input (or member) as a whole; Anomaly::path says which.
  virtual void on_anomaly(Anomaly anomaly) = 0;
  virtual void on_failed(Error error) = 0;  // an input named by the user that could not be opened
  virtual void on_debug(std::string line) = 0;
};
// `passwords`: for encrypted containers, each is tried.
void walk_inputs(const InputPlan& plan, InputVisitor& visitor, const std::atomic<bool>* stop,
                 std::span<const std::string> passwords = {});

}  // namespace tocsin::evidence
