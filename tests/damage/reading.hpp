// Reads evidence in memory as a scan reads it, down into containers, and says which records were read and which rules
// were true for them. For tests that damage the evidence thousands of times: what a unit gives depends on the unit
// alone, so units whose bytes are those of the sound evidence need not be read again.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tocsin/bytes.hpp"

#include "detect/sigma/compiled_set.hpp"
#include "evidence/reader.hpp"

namespace tocsin::damage {

// One record: where it lies in its source, and the rules that were true, in order.
struct Record {
  std::uint64_t begin = 0, end = 0, number = 0;
  std::vector<std::uint32_t> rules;
  bool operator==(const Record&) const = default;
};

struct Piece {
  evidence::Unit unit;  // its bytes only where the outcome is to be compared with
  std::vector<Record> records;
  std::uint64_t anomalies = 0;
};

struct Source {
  std::string container;  // path inside the container, "" for a plain file
  std::string format;     // "": no reader knows it
  std::vector<std::shared_ptr<const Piece>> pieces;
};

struct Outcome {
  std::vector<Source> sources;
  std::vector<Anomaly> anomalies;  // of the walk and of cutting
  std::uint64_t bytes = 0;         // handed to readers
  std::uint64_t records = 0, findings = 0, unit_anomalies = 0;
  std::uint64_t read_again = 0;  // units that were not those of the sound evidence
};

// One thread at a time. REQUIRES: `rules` outlives it.
class Reading {
 public:
  explicit Reading(const sigma::CompiledSet& rules);
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;
  ~Reading();

  // Reads `bytes` as an input of that name. `sound`: what the undamaged evidence gave, null to read everything.
  [[nodiscard]] Outcome read(ByteView bytes, const std::string& name, const Outcome* sound);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tocsin::damage
