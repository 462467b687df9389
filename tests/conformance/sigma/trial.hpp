// One rule over one log, as the engine judges it and as the oracle does. Script blocks in parts are put together.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "detect/sigma/compiled_set.hpp"
#include "evidence/reader.hpp"
#include "model/event.hpp"
#include "tests/conformance/sigma/suite.hpp"
#include "tests/oracle/oracle.hpp"

namespace tocsin::conformance {

// Every event of a log of JSON lines, read by the reader of the product. Anomalies are handed to `on_anomaly`.
void read_log(std::string_view log, const model::FieldTable& fields,
              const std::function<void(const model::Event&)>& on_event,
              const std::function<void(const Anomaly&)>& on_anomaly = {});

// What one side says: how many findings, and the proof of the first.
struct Outcome {
  std::size_t findings = 0;
  std::vector<std::string> proof;
};

// All rules of the suite in one compiled set, as in a scan. One thread.
class EngineTrial {
 public:
  EngineTrial(const sigma::CompiledSet& set, std::string_view rule_id);
  [[nodiscard]] bool loaded() const { return rule_ != kNone; }
  [[nodiscard]] Outcome run(std::string_view log);

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  void take(const model::Event& event, const std::vector<sigma::Hit>& hits, Outcome& outcome);

  const sigma::CompiledSet& set_;
  std::uint32_t rule_ = kNone;
  sigma::Judge judge_;
};

// One rule before the oracle. `fields` are those of the compiled set.
[[nodiscard]] Outcome run_oracle(const oracle::Oracle& oracle, const model::FieldTable& fields, std::string_view log);

}  // namespace tocsin::conformance
