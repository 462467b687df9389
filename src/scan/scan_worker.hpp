// The judging side of a scan: reads a unit's events, judges each, renders findings while the bytes are in memory.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/hash.hpp"
#include "detect/sigma/compiled_set.hpp"
#include "scan/log_watch.hpp"
#include "scan/pipeline.hpp"
#include "scan/same_events.hpp"
#include "scan/scan.hpp"
#include "scan/script_blocks.hpp"
#include "scan/tally.hpp"

namespace tocsin::scanning {

struct ScanUnitOutput final : UnitOutput {
  struct Encoded {
    std::uint32_t rule = 0;
    base::Sha256::Digest record{};
    std::string place_key, finding;
    Sameness sameness;
  };
  std::vector<Encoded> found;
  std::vector<EncodedPart> parts;
  Tally tally;
  LogWatch watch;  // only where log hygiene is asked for
};

// What workers leave behind when they finish; guarded by its mutex.
struct SharedOutcome {
  explicit SharedOutcome(const sigma::CompiledSet& rules) : observations(rules) {}
  std::mutex mutex;
  sigma::Observations observations;
  std::vector<ScanStats::SlowRule> slow_rules;
};

// Fills what a finding has from its event alone: place, time, names, matches.
[[nodiscard]] Finding make_finding(sigma::Judge& judge, const sigma::Hit& hit, const model::Event& event,
                                   std::uint32_t source, bool with_event);

// What links the finding to others that tell of the same.
[[nodiscard]] Sameness sameness_of(sigma::Judge& judge, const sigma::Hit& hit, const model::Event& event);

class ScanWorker final : public Worker, public evidence::EventSink {
 public:
  ScanWorker(const ScanInputs& inputs, SharedOutcome& outcome);

  [[nodiscard]] std::unique_ptr<UnitOutput> read(const SourceContext& source, const evidence::Unit& unit,
                                                 evidence::UnitReader& reader) override;
  void finish() override;
  [[nodiscard]] bool on_event(const model::Event& event) override;
  void on_anomaly(Anomaly anomaly) override;

 private:
  void keep(const model::Event& event);
  void watch(const model::Event& event);

  const ScanInputs& inputs_;
  SharedOutcome& outcome_;
  sigma::Judge judge_;
  std::vector<sigma::Hit> hits_;
  const SourceContext* source_ = nullptr;
  std::unique_ptr<ScanUnitOutput> output_;
};

}  // namespace tocsin::scanning
