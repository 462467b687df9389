// Engine and oracle over the same rules, event by event.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "detect/sigma/compiled_set.hpp"
#include "detect/sigma/log_source.hpp"
#include "detect/sigma/rule.hpp"
#include "tests/oracle/oracle.hpp"

namespace tocsin::oracle {

// The same rules, compiled and for the oracle. Immutable; any thread.
class RulePair {
 public:
  static constexpr std::uint32_t kRejected = 0xFFFFFFFF;

  explicit RulePair(std::vector<sigma::Rule> rules);
  RulePair(const RulePair&) = delete;
  RulePair& operator=(const RulePair&) = delete;

  [[nodiscard]] const std::vector<sigma::Rule>& rules() const { return rules_; }
  [[nodiscard]] const sigma::CompiledSet& compiled() const { return *compiled_; }
  [[nodiscard]] const Oracle& oracle() const { return *oracle_; }
  // Index among the compiled rules of a rule as given; kRejected where the compiler refused it.
  [[nodiscard]] std::uint32_t compiled_index(std::size_t rule) const { return compiled_index_[rule]; }
  [[nodiscard]] const std::vector<RuleProblem>& problems() const { return problems_; }
  // Rules that the engine judges and the oracle cannot.
  [[nodiscard]] std::vector<std::size_t> beyond_the_oracle() const;

 private:
  std::vector<sigma::Rule> rules_;
  std::vector<RuleProblem> problems_;
  std::optional<sigma::CompiledSet> compiled_;
  std::optional<Oracle> oracle_;
  std::vector<std::uint32_t> compiled_index_;
};

// One thread's comparison. The pair outlives it.
class Comparison {
 public:
  explicit Comparison(const RulePair& pair) : pair_(pair), judge_(pair.compiled()) {}

  // Each difference in words: findings that only one has, and other matches, spans or variants.
  [[nodiscard]] std::vector<std::string> differences(const model::Event& event, bool assembled = false);
  // Does the engine find anything? For samples that want to hold every finding against the oracle.
  [[nodiscard]] bool engine_finds(const model::Event& event);
  [[nodiscard]] std::uint64_t findings() const { return findings_; }  // of the oracle, so far

 private:
  [[nodiscard]] std::string name(std::size_t rule) const;

  const RulePair& pair_;
  sigma::Judge judge_;
  std::vector<sigma::Hit> hits_;
  std::uint64_t findings_ = 0;
};

}  // namespace tocsin::oracle
