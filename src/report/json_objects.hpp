// The objects of a results file (docs/formats/results.md), one function a type, keys in a fixed order. JSON Lines and
// JSON are the same objects, laid out differently.
//
// A key that has nothing to say is null, never left out, with exceptions named in the document: `sha256_prefix` and
// `no_hash` (only where there is no `sha256`), `growing` (only where files were followed), what a profile leaves out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "tocsin/report.hpp"

#include "report/rollup.hpp"

namespace tocsin::report {

// Rules as findings repeat them, as JSON: each is written once, up to a budget of memory. One thread.
class RuleTexts {
 public:
  RuleTexts(const ResultView& view, Profile profile) : view_(view), profile_(profile) {}
  // Good until the next call.
  [[nodiscard]] std::string_view of(std::uint32_t rule);

 private:
  static constexpr std::size_t kMaxBytes = std::size_t{8} << 20;
  const ResultView& view_;
  Profile profile_;
  std::unordered_map<std::uint32_t, std::string> texts_;
  std::size_t bytes_ = 0;
};

void append_header(std::string& out, const ResultView& view, Profile profile);
void append_source(std::string& out, const SourceInfo& source);
void append_finding(std::string& out, const ResultView& view, const Finding& finding, Profile profile);
void append_finding(std::string& out, const ResultView& view, const Finding& finding, Profile profile,
                    RuleTexts& rules);
void append_anomaly(std::string& out, const ResultView& view, const Anomaly& anomaly);
void append_coverage(std::string& out, const ResultView& view, const RuleCoverage& coverage);
void append_technique(std::string& out, const ResultView& view, const TechniqueCoverage& technique);
void append_setting(std::string& out, const ResultView& view, const SettingUse& use);
void append_summary(std::string& out, const Summary& summary, const Rollup& rollup);

// "read", "container" (an archive itself), "not_recognised", "nothing_in_it" (no event at all), "filtered_out" (no
// event inside --from/--to/--channel).
[[nodiscard]] std::string_view source_status(const SourceInfo& source);

}  // namespace tocsin::report
