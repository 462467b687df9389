#include "bench/bench_evidence.hpp"

#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "tests/makers/evtx_json.hpp"
#include "tests/makers/evtx_writer.hpp"
#include "tests/makers/samples.hpp"

namespace tocsin::bench {
namespace {

constexpr std::string_view kRule = R"(title: Planted by the benchmark
id: 5b0f6a1e-7d0c-4c53-9d3f-8f5a4f0b7c11
status: test
description: The marker that the benchmark writes into every so-many-th command line.
logsource:
  product: windows
  category: process_creation
detection:
  selection:
    CommandLine|contains: tocsin-planted-marker
  condition: selection
level: high
)";

Result<void> save(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) return fail(ErrorCode::io, "cannot be written", path.string());
  return {};
}

}  // namespace

Result<BenchEvidence> make_bench_evidence(const std::filesystem::path& folder, std::uint64_t events) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  BenchEvidence evidence{.evtx = folder / "events.evtx",
                         .ndjson = folder / "events.ndjson",
                         .rule = folder / "planted.yml",
                         .events = events,
                         .planted = 0};
  const std::vector<makers::EventSpec> samples = makers::samples::all();
  makers::EvtxWriter writer;
  std::string lines;
  for (std::uint64_t i = 0; i < events; ++i) {
    const bool planted = i % kPlantedEvery == kPlantedEvery - 1;
    makers::EventSpec spec = planted ? makers::samples::process_creation() : samples[i % samples.size()];
    if (planted) spec.set("CommandLine", makers::value::string("run.exe --tocsin-planted-marker"));
    evidence.planted += planted ? 1 : 0;
    spec.record_id = i + 1;
    spec.time.ticks += static_cast<std::int64_t>(i) * 1'000'000;  // ten a second
    lines += makers::evtx_json(spec);
    lines += '\n';
    writer.add(std::move(spec));
  }
  TOCSIN_CHECK(save(evidence.evtx, writer.finish()));
  TOCSIN_CHECK(save(evidence.ndjson, lines));
  TOCSIN_CHECK(save(evidence.rule, kRule));
  return evidence;
}

}  // namespace tocsin::bench
