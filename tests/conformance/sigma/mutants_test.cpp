// Every seeded fault of the oracle (tests/oracle/mutation.hpp) before the suite: a case must go otherwise than it says.
// Those that none notices stand in survivors.yml with the reason; the list must be true in both directions.
#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/conformance/sigma/rules.hpp"
#include "tests/conformance/sigma/trial.hpp"
#include "tests/makers/outputs.hpp"
#include "tests/makers/yaml_view.hpp"
#include "tests/oracle/mutation.hpp"
#include "tests/support/paths.hpp"

namespace tocsin::conformance {
namespace {

using oracle::kMutantNames;
using oracle::Mutant;

constexpr std::size_t kFewestMutants = 60;
constexpr double kFewestKilled = 0.95;

class WithMutant {
 public:
  explicit WithMutant(std::size_t number) { oracle::the_mutant = static_cast<Mutant>(number); }
  WithMutant(const WithMutant&) = delete;
  WithMutant& operator=(const WithMutant&) = delete;
  ~WithMutant() { oracle::the_mutant = Mutant::none; }
};

bool goes_otherwise(const SuiteRules& all, std::size_t number, LogReader& reader) {
  const Case& one = all.suite.cases[number];
  const std::vector<sigma::Rule> rule{all.rules[number]};
  const oracle::Oracle oracle(rule, all.log_sources, all.suite.placeholders);
  const Outcome match = run_oracle(oracle, reader, one.match);
  if (match.findings != one.findings || (!one.proof.empty() && match.proof != one.proof)) return true;
  return run_oracle(oracle, reader, one.miss).findings != 0;
}

// The first case that notices; empty: none does.
std::string killer(std::size_t mutant) {
  const SuiteRules& all = suite_rules();
  static LogReader reader(all.set->fields());
  const WithMutant active(mutant);
  for (std::size_t i = 0; i < all.suite.cases.size(); ++i) {
    if (!all.suite.cases[i].refuses() && goes_otherwise(all, i, reader)) return all.suite.cases[i].id;
  }
  return {};
}

std::map<std::string, std::string> known_survivors() {
  const auto path = testing_support::source_dir() / "tests/conformance/sigma/survivors.yml";
  const auto text = makers::read_text_file(path);
  const auto document = makers::parse_one_document(text.value(), "survivors.yml");
  std::map<std::string, std::string> survivors;
  for (const auto& [name, reason] : makers::YamlView(document.value()).members()) survivors[name] = reason.text();
  return survivors;
}

TEST(SigmaMutants, AreKilled) {
  const std::size_t mutants = kMutantNames.size() - 1;
  ASSERT_GE(mutants, kFewestMutants);
  ASSERT_TRUE(killer(0).empty()) << "without a fault: " << killer(0);
  const auto known = known_survivors();
  std::size_t killed = 0;
  for (std::size_t i = 1; i <= mutants; ++i) {
    const std::string name(kMutantNames[i]);
    const std::string by = killer(i);
    const auto listed = known.find(name);
    if (by.empty()) {
      EXPECT_TRUE(listed != known.end()) << name << " survives, and survivors.yml does not say why";
      continue;
    }
    ++killed;
    EXPECT_TRUE(listed == known.end()) << name << " is killed by " << by << ", but stands in survivors.yml";
  }
  for (const auto& [name, reason] : known) {
    EXPECT_NE(std::ranges::find(kMutantNames, name), kMutantNames.end()) << name << " is no mutant";
    EXPECT_FALSE(reason.empty()) << name;
  }
  std::printf("%zu of %zu mutants killed\n", killed, mutants);
  EXPECT_GE(static_cast<double>(killed), kFewestKilled * static_cast<double>(mutants));
}

}  // namespace
}  // namespace tocsin::conformance
