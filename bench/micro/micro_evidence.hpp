// What the micro benchmarks work on: made evidence in memory, cut into units once, and what a first reading of it says.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tocsin/result.hpp"

#include "evidence/reader.hpp"
#include "model/field_table.hpp"

namespace tocsin::bench {

// Cut by the format's own cutter, as a scan does.
struct MicroEvidence {
  const evidence::Reader* reader = nullptr;
  std::vector<evidence::Unit> units;
  std::uint64_t bytes = 0, events = 0, planted = 0;
};

// Writes a fleet of about that size below `folder`, EVTX or NDJSON, and takes it into memory.
[[nodiscard]] Result<MicroEvidence> micro_evidence(const std::filesystem::path& folder, bool evtx, std::uint64_t bytes);

// Gives every event of all units to a callable; anomalies only count.
template <class OnEvent>
class EachEvent final : public evidence::EventSink {
 public:
  explicit EachEvent(OnEvent on_event) : on_event_(std::move(on_event)) {}
  bool on_event(const model::Event& event) override {
    on_event_(event);
    ++events_;
    return true;
  }
  void on_anomaly(Anomaly) override { ++anomalies_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  [[nodiscard]] std::uint64_t anomalies() const { return anomalies_; }

 private:
  OnEvent on_event_;
  std::uint64_t events_ = 0, anomalies_ = 0;
};

}  // namespace tocsin::bench
