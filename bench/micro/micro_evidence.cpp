#include "bench/micro/micro_evidence.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include "bench/fleet/fleet.hpp"
#include "evidence/evtx/reader.hpp"
#include "evidence/json/json_reader.hpp"

namespace tocsin::bench {
namespace {

class KeepUnits final : public evidence::UnitSink {
 public:
  explicit KeepUnits(MicroEvidence& evidence) : evidence_(evidence) {}
  bool on_unit(evidence::Unit unit) override {
    evidence_.bytes += unit.bytes.size();
    evidence_.units.push_back(std::move(unit));
    return true;
  }
  void on_anomaly(Anomaly) override {}

 private:
  MicroEvidence& evidence_;
};

void take(const std::filesystem::path& path, MicroEvidence& evidence) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const ByteView bytes = as_bytes(text);
  evidence::Sample sample;
  sample.head = bytes.first(std::min(bytes.size(), evidence::kSampleBytes));
  sample.whole = bytes.size() <= evidence::kSampleBytes;
  const model::FieldTable fields;
  evidence::ReadOptions options;
  options.fields = &fields;
  KeepUnits sink(evidence);
  const auto cutter = evidence.reader->make_cutter(sample, options);
  if (cutter->feed(bytes, sink)) cutter->finish(sink);
}

}  // namespace

Result<MicroEvidence> micro_evidence(const std::filesystem::path& folder, bool evtx, std::uint64_t bytes) {
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  std::filesystem::create_directories(folder, ignored);
  FleetOptions options;
  options.evtx = evtx;
  options.bytes = bytes;
  options.machines = TOCSIN_BENCH_FLEET "/fleet.yml";
  options.catalogue = TOCSIN_SCENARIOS "/catalogue.yml";
  TOCSIN_TRY(const FleetSummary written, write_fleet(folder, options));
  MicroEvidence evidence;
  evidence.reader = evtx ? &evidence::evtx::evtx_reader() : &evidence::json_reader();
  evidence.events = written.events;
  evidence.planted = written.planted;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, ignored)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  for (const auto& file : files) take(file, evidence);
  std::filesystem::remove_all(folder, ignored);
  return evidence;
}

}  // namespace tocsin::bench
