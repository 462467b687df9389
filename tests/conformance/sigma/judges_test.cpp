// Every case of the suite before the engine and before the oracle, in one process and, for the engine, one compiled
// set.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conformance/sigma/rules.hpp"
#include "tests/conformance/sigma/trial.hpp"
#include "tests/oracle/compare.hpp"

namespace tocsin::conformance {
namespace {

std::string said(const std::vector<RuleProblem>& problems) {
  std::string text;
  for (const RuleProblem& problem : problems) text += "\n  " + problem.code + " " + problem.message;
  return text;
}

void expect_as_said(const Case& one, const Outcome& match, const Outcome& miss) {
  EXPECT_EQ(match.findings, one.findings) << place(one) << "\n" << one.rule << one.match;
  EXPECT_EQ(miss.findings, 0U) << place(one) << "\n" << one.rule << one.miss;
  EXPECT_EQ(match.trouble + miss.trouble, "") << place(one);
  if (!one.proof.empty()) {
    EXPECT_THAT(match.proof, ::testing::ElementsAreArray(one.proof)) << place(one);
  }
}

TEST(SigmaSuite, TheEngineSaysWhatTheCasesSay) {
  const SuiteRules& all = suite_rules();
  EngineTrial trial(*all.set);
  for (const Case& one : all.suite.cases) {
    if (one.refuses()) continue;
    ASSERT_TRUE(trial.has(one.id)) << place(one) << said(all.problems);
    const Outcome match = trial.run(one.id, one.match);
    expect_as_said(one, match, trial.run(one.id, one.miss));
  }
}

TEST(SigmaSuite, TheOracleSaysWhatTheCasesSay) {
  const SuiteRules& all = suite_rules();
  LogReader reader(all.set->fields());
  for (std::size_t i = 0; i < all.suite.cases.size(); ++i) {
    const Case& one = all.suite.cases[i];
    if (one.refuses()) continue;
    const std::vector<sigma::Rule> rule{all.rules[i]};
    const oracle::Oracle oracle(rule, all.log_sources, all.suite.placeholders);
    EXPECT_TRUE(oracle.unjudged().empty()) << place(one);
    const Outcome match = run_oracle(oracle, reader, one.match);
    expect_as_said(one, match, run_oracle(oracle, reader, one.miss));
  }
}

// What a rule is refused for, by its parse and then by the compiler; empty where it loads.
std::vector<RuleProblem> errors_of(const std::string& rule, const std::string& name) {
  const SuiteRules& all = suite_rules();
  sigma::ParsedFile parsed = sigma::parse_rules(rule, name, "");
  std::vector<RuleProblem> problems = std::move(parsed.problems);
  const bool none = parsed.rules.empty();
  (void)sigma::CompiledSet::compile(std::move(parsed.rules), all.log_sources, all.suite.placeholders, problems);
  std::erase_if(problems, [](const RuleProblem& p) { return p.severity != RuleProblem::Severity::error; });
  if (none && problems.empty()) problems.emplace_back().message = "no rule at all";
  return problems;
}

TEST(SigmaSuite, RulesAreRefusedWithTheCodeAndTheirTwinsLoad) {
  for (const Case& one : suite_rules().suite.cases) {
    if (!one.refuses()) continue;
    const auto errors = errors_of(one.rule, one.id);
    EXPECT_THAT(errors, ::testing::Contains(::testing::Field(&RuleProblem::code, one.error)))
        << place(one) << said(errors) << "\n"
        << one.rule;
    const auto twin = errors_of(one.twin_rule, one.id);
    EXPECT_TRUE(twin.empty()) << place(one) << said(twin) << "\n" << one.twin_rule;
  }
}

// What each log holds is what the runner means it to hold.
TEST(SigmaSuite, TheLogsAreReadWhole) {
  LogReader reader(suite_rules().set->fields());
  for (const Case& one : suite_rules().suite.cases) {
    if (one.refuses()) continue;
    for (const std::string* log : {&one.match, &one.miss}) {
      std::size_t events = 0;
      reader.read(
          *log, [&](const model::Event&) { ++events; },
          [&](const Anomaly& anomaly) { ADD_FAILURE() << place(one) << ": " << anomaly.message; });
      EXPECT_EQ(events, static_cast<std::size_t>(std::ranges::count(*log, '\n'))) << place(one);
    }
  }
}

// Each rule before the events of all cases too: what one rule's literals do to another's prefilter shows only so.
TEST(SigmaSuite, EngineAndOracleAgreeOnTheEventsOfAllCases) {
  const SuiteRules& all = suite_rules();
  std::vector<sigma::Rule> rules;
  for (std::size_t i = 0; i < all.rules.size(); ++i) {
    if (all.suite.cases[i].refuses()) continue;
    rules.push_back(all.rules[i]);
    rules.back().info.file = all.suite.cases[i].id;
  }
  const oracle::RulePair pair(std::move(rules));
  oracle::Comparison comparison(pair);
  LogReader reader(pair.compiled().fields());
  std::size_t shown = 0;
  for (const Case& one : all.suite.cases) {
    for (const std::string* log : {&one.match, &one.miss}) {
      reader.read(*log, [&](const model::Event& event) {
        for (const std::string& difference : comparison.differences(event)) {
          if (++shown <= 10) ADD_FAILURE() << "an event of " << place(one) << "\n" << difference;
        }
      });
    }
  }
  EXPECT_EQ(shown, 0U) << "differences in all";
  EXPECT_GT(comparison.findings(), all.suite.cases.size());
}

}  // namespace
}  // namespace tocsin::conformance
