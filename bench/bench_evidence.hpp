// What the benchmark reads, and what a scan of it must answer. Made, not collected: the same bytes on every machine.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "tocsin/result.hpp"

namespace tocsin::bench {

// Each kPlantedEvery-th event is one that kRule matches; no other is.
inline constexpr std::uint64_t kPlantedEvery = 500;

struct BenchEvidence {
  std::filesystem::path evtx, ndjson, rule;
  std::uint64_t events = 0;   // in each of the two files
  std::uint64_t planted = 0;  // findings that the rule must give in each
};

// Writes the files below `folder`, which is created.
[[nodiscard]] Result<BenchEvidence> make_bench_evidence(const std::filesystem::path& folder, std::uint64_t events);

}  // namespace tocsin::bench
