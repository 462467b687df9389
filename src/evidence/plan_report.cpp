#include "evidence/plan_report.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "evidence/sentence.hpp"

namespace tocsin::evidence {

void PlanReport::anomaly(std::string path, std::string code, std::string message, std::string remedy) {
  Anomaly anomaly;
  anomaly.path = std::move(path);
  anomaly.code = std::move(code);
  anomaly.message = as_sentence(std::move(message));
  anomaly.remedy = as_sentence(std::move(remedy));
  if (of_a_kind_[anomaly.code]++ < limits_.of_a_kind) {
    anomalies_.push_back(std::move(anomaly));
  } else if (const auto rest = rest_.find(anomaly.code); rest != rest_.end()) {
    ++rest->second.count;
  } else {
    std::string kind = anomaly.code;
    rest_.emplace(std::move(kind), std::move(anomaly));
  }
}

void PlanReport::add(Lines& lines, std::string line) const {
  if (lines.lines.size() < limits_.notes) {
    lines.lines.push_back(std::move(line));
  } else {
    ++lines.more;
  }
}

void PlanReport::finish(InputPlan& plan) {
  std::sort(anomalies_.begin(), anomalies_.end(),
            [](const Anomaly& a, const Anomaly& b) { return std::tie(a.path, a.code) < std::tie(b.path, b.code); });
  for (auto& [code, anomaly] : rest_) anomalies_.push_back(std::move(anomaly));
  plan.anomalies = std::move(anomalies_);
  for (Lines* one : {&notes_, &links_}) {
    std::sort(one->lines.begin(), one->lines.end());
    if (one->more > 0) one->lines.push_back(std::to_string(one->more) + " more like these");
  }
  plan.notes = std::move(notes_.lines);
  plan.skipped_symlinks = std::move(links_.lines);
}

}  // namespace tocsin::evidence
