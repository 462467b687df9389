// For tests: results made by hand, as a scan would give them. Names, rules and values are invented.
#pragma once

#include <string>
#include <vector>

#include "tocsin/report.hpp"
#include "tocsin/sink.hpp"

namespace tocsin::report {

class FakeView : public ResultView {
 public:
  Summary summary_;
  std::vector<RuleInfo> rules_;
  std::vector<Setting> settings_;
  std::vector<SourceInfo> sources_;
  std::vector<Finding> findings_;
  std::vector<Anomaly> anomalies_;
  std::vector<RuleCoverage> coverage_;

  const Summary& summary() const override { return summary_; }
  const std::vector<RuleInfo>& rules() const override { return rules_; }
  const std::vector<Setting>& settings() const override { return settings_; }
  const std::vector<SourceInfo>& sources() const override { return sources_; }
  Result<void> each_finding(const Visitor<Finding>& visit) const override { return each(findings_, visit); }
  Result<void> each_anomaly(const Visitor<Anomaly>& visit) const override { return each(anomalies_, visit); }
  Result<void> each_coverage(const Visitor<RuleCoverage>& visit) const override { return each(coverage_, visit); }

 private:
  template <class T>
  static Result<void> each(const std::vector<T>& items, const Visitor<T>& visit) {
    for (const T& item : items) TOCSIN_CHECK(visit(item));
    return {};
  }
};

class StringSink : public ByteSink {
 public:
  std::string text;
  Result<void> write(std::string_view bytes) override {
    text += bytes;
    return {};
  }
  Result<void> flush() override { return {}; }
};

// One intrusion over two servers: 3 rules with findings, a noisy one among them, 4 that could not be judged, hostile
// text in values, a source known by a prefix only, gaps, anomalies.
[[nodiscard]] inline Timestamp at(const char* text) {
  return parse_time(text).value();
}
[[nodiscard]] FakeView intrusion();
[[nodiscard]] inline std::string rendered(const ResultView& view, const ReportOptions& options) {
  StringSink sink;
  return write_report(view, options, sink) ? sink.text : std::string("error");
}

}  // namespace tocsin::report
