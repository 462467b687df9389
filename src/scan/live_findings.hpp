// Findings told as they are made. Their ids are those of a scan: occurrences of equal ones are counted as they come,
// for as many as are remembered. Findings that tell of the same thing as another one are told all the same; which those
// are is known at the end.
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tocsin/result.hpp"
#include "tocsin/scanner.hpp"
#include "tocsin/sink.hpp"

#include "base/hash.hpp"
#include "scan/pipeline.hpp"

namespace tocsin::scanning {

class LiveFindings final : public ResultView {
 public:
  static constexpr std::size_t kRemembered = 65'536;  // identities whose occurrences are counted

  // `rules`: with those of log hygiene, where it is asked for. REQUIRES: settings and sink outlive it.
  LiveFindings(std::vector<RuleInfo> rules, const std::vector<Setting>& settings, std::string rule_set_hash,
               FindingSink& sink);
  [[nodiscard]] Result<void> begin() { return sink_.on_begin(*this); }
  void begin_source(const SourceContext& source);
  void read(const SourceContext& source, std::uint64_t read_to) { sources_[source.ordinal].grown_to = read_to; }
  // What encode_finding gave, its id still empty.
  [[nodiscard]] Result<void> tell(std::string_view rule_id, std::span<const base::Sha256::Digest> records,
                                  std::string_view encoded);

  const Summary& summary() const override { return summary_; }
  const std::vector<RuleInfo>& rules() const override { return rules_; }
  const std::vector<Setting>& settings() const override { return settings_; }
  const std::vector<SourceInfo>& sources() const override { return sources_; }
  Result<void> each_finding(const Visitor<Finding>&) const override { return {}; }
  Result<void> each_anomaly(const Visitor<Anomaly>&) const override { return {}; }
  Result<void> each_coverage(const Visitor<RuleCoverage>&) const override { return {}; }

 private:
  [[nodiscard]] std::uint64_t occurrence(const std::string& identity);

  std::vector<RuleInfo> rules_;
  const std::vector<Setting>& settings_;
  FindingSink& sink_;
  Summary summary_;  // only the rule set's hash
  std::vector<SourceInfo> sources_;
  std::unordered_map<std::string, std::uint64_t> met_;  // by identity: how often
  std::deque<std::string> order_;                       // of met_, the oldest first
};

}  // namespace tocsin::scanning
