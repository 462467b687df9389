// What planning has to say beside the files: anomalies and lines for --debug, each bounded, however many there are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "evidence/inputs.hpp"
#include "evidence/inputs_lister.hpp"

namespace tocsin::evidence {

class PlanReport {
 public:
  // REQUIRES: `limits` outlives this.
  explicit PlanReport(const PlanLimits& limits) : limits_(limits) {}

  void anomaly(std::string path, std::string code, std::string message, std::string remedy);
  void note(std::string line) { add(notes_, std::move(line)); }
  void skipped_link(std::string path) { add(links_, std::move(path)); }
  // In canonical order, into the plan; what was only counted stands behind the rest.
  void finish(InputPlan& plan);

 private:
  struct Lines {
    std::vector<std::string> lines;
    std::uint64_t more = 0;
  };
  void add(Lines& lines, std::string line) const;

  const PlanLimits& limits_;
  std::vector<Anomaly> anomalies_;
  std::map<std::string, std::size_t> of_a_kind_;  // anomalies by code
  std::map<std::string, Anomaly> rest_;           // by code: those that are only counted
  Lines notes_, links_;
};

}  // namespace tocsin::evidence
