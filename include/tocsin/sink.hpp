// What the library calls while it works, and the view of results that every writer takes.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "tocsin/finding.hpp"
#include "tocsin/result.hpp"

namespace tocsin {

// Told about long work, from one thread, at most a few times a second. Must be quick and must not throw.
class ProgressSink {
 public:
  struct State {
    std::uint64_t bytes_done = 0, bytes_total = 0;  // total 0: not known (streams)
    std::uint64_t sources_done = 0, sources_total = 0;
    std::uint64_t events = 0, findings = 0, anomalies = 0;
    std::string_view current;  // path of the source being read; lives for the call
  };
  virtual ~ProgressSink() = default;
  virtual void on_progress(const State& state) = 0;
  // Diagnostics for --debug: why a file was or was not read, and the like. One line without a line break.
  virtual void on_debug(std::string_view line) = 0;
};

// Results, whoever holds them: a scan that just ended, and later a case. Sequences are in canonical order (sources and
// findings: path bytes, container path, place, rule id; anomalies: source, offset, code; coverage: rule id, behind them
// log hygiene) and each may be walked any number of times. A visitor that returns an error ends the walk with it. One
// thread at a time.
class ResultView {
 public:
  template <class T>
  using Visitor = std::function<Result<void>(const T&)>;

  virtual ~ResultView() = default;
  [[nodiscard]] virtual const Summary& summary() const = 0;
  [[nodiscard]] virtual const std::vector<RuleInfo>& rules() const = 0;      // all that were selected
  [[nodiscard]] virtual const std::vector<Setting>& settings() const = 0;    // all that the log sources know
  [[nodiscard]] virtual const std::vector<SourceInfo>& sources() const = 0;  // index = SourceInfo::index
  [[nodiscard]] virtual Result<void> each_finding(const Visitor<Finding>& visit) const = 0;
  [[nodiscard]] virtual Result<void> each_anomaly(const Visitor<Anomaly>& visit) const = 0;
  [[nodiscard]] virtual Result<void> each_coverage(const Visitor<RuleCoverage>& visit) const = 0;
};

}  // namespace tocsin
