// Evidence classes of Sigma rules: E6 unless the table rules/evidence-classes.yml (its head states the format) says
// more. Immutable after loading; may be read from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tocsin/finding.hpp"
#include "tocsin/ruleset.hpp"

namespace tocsin::sigma {

class EvidenceClasses {
 public:
  // An entry that is wrong becomes a problem (codes as in log_source_file.hpp) and is left out.
  [[nodiscard]] static EvidenceClasses load(std::string_view name, std::string_view text,
                                            std::vector<RuleProblem>& problems);
  // The table compiled into the binary.
  [[nodiscard]] static EvidenceClasses builtin();

  [[nodiscard]] EvidenceClass class_of(const RuleInfo& rule) const;

  struct Entry {
    std::string rule;                        // an id; or a log source:
    std::string product, category, service;  // empty: any
    EvidenceClass evidence_class = EvidenceClass::e6;
    std::string why;
  };
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
};

}  // namespace tocsin::sigma
