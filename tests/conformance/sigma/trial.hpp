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

// Reads logs of JSON lines with the product's own reader. One thread.
class LogReader {
 public:
  using OnEvent = std::function<void(const model::Event&)>;
  using OnAnomaly = std::function<void(const Anomaly&)>;

  // REQUIRES: `fields` outlive the reader.
  explicit LogReader(const model::FieldTable& fields);
  LogReader(const LogReader&) = delete;
  LogReader& operator=(const LogReader&) = delete;
  ~LogReader();

  void read(std::string_view log, const OnEvent& on_event, const OnAnomaly& on_anomaly = {});
  [[nodiscard]] const model::FieldTable& fields() const { return *options_.fields; }

 private:
  evidence::ReadOptions options_;
  std::unique_ptr<evidence::UnitReader> unit_reader_;
};

// What one side says: how many findings, and the proof of the first.
struct Outcome {
  std::size_t findings = 0;
  std::vector<std::string> proof;
  std::string trouble;  // what kept script blocks from being put together; empty: nothing
};

// All rules of the suite in one compiled set, as in a scan. One thread.
class EngineTrial {
 public:
  explicit EngineTrial(const sigma::CompiledSet& set);
  [[nodiscard]] bool has(std::string_view rule_id) const { return index_of(rule_id) != kNone; }
  // Of the findings only those of the one rule count.
  [[nodiscard]] Outcome run(std::string_view rule_id, std::string_view log);

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  [[nodiscard]] std::uint32_t index_of(std::string_view rule_id) const;
  void take(const model::Event& event, const std::vector<sigma::Hit>& hits, std::uint32_t rule, Outcome& outcome);

  const sigma::CompiledSet& set_;
  sigma::Judge judge_;
  LogReader reader_;
};

// One rule before the oracle. The reader's fields are those of the compiled set.
[[nodiscard]] Outcome run_oracle(const oracle::Oracle& oracle, LogReader& reader, std::string_view log);

}  // namespace tocsin::conformance
