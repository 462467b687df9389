// A fleet of machines that log, written to disk as they go: seeded, of any size, in flat memory.
#pragma once

#include <cstdint>
#include <filesystem>

#include "tocsin/result.hpp"

namespace tocsin::bench {

struct FleetOptions {
  bool evtx = true;                // else NDJSON
  std::uint64_t bytes = 64 << 20;  // at least; of all files together
  std::uint64_t seed = 1;
  std::uint64_t planted = 1000;     // events in a million that fleet/planted.yml finds
  std::filesystem::path machines;   // fleet.yml
  std::filesystem::path catalogue;  // tests/makers/scenarios/catalogue.yml
};

struct FleetSummary {
  std::uint64_t files = 0, events = 0, planted = 0, bytes = 0;
};

// Writes `folder`/MACHINE/CHANNEL.evtx, or `folder`/MACHINE.ndjson. The same options give the same bytes.
[[nodiscard]] Result<FleetSummary> write_fleet(const std::filesystem::path& folder, const FleetOptions& options);

}  // namespace tocsin::bench
