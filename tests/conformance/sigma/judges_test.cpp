// Every case of the suite before the engine and before the oracle, in one process and, for the engine, one compiled
// set.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/conformance/sigma/suite.hpp"
#include "tests/conformance/sigma/trial.hpp"

namespace tocsin::conformance {
namespace {

using ::testing::ElementsAreArray;

std::string place(const Case& one) {
  return one.file + ":" + std::to_string(one.line) + ": " + one.id + ": " + one.why;
}

const Suite& suite() {
  static const Suite kSuite = [] {
    auto loaded = load_suite();
    if (!loaded) ADD_FAILURE() << loaded.error().place << ": " << loaded.error().message;
    return loaded ? *std::move(loaded) : Suite{};
  }();
  return kSuite;
}

std::string said(const std::vector<RuleProblem>& problems) {
  std::string text;
  for (const RuleProblem& problem : problems) text += "\n  " + problem.code + " " + problem.message;
  return text;
}

// The suite's rules that must load, with the problems of those that do not.
struct Rules {
  std::vector<sigma::Rule> rules;
  std::vector<RuleProblem> problems;
  sigma::LogSources log_sources = sigma::LogSources::load(sigma::builtin_log_source_files(), problems);
  std::optional<sigma::CompiledSet> set;

  Rules() {
    for (const Case& one : suite().cases) {
      if (one.refuses()) continue;
      sigma::ParsedFile parsed = sigma::parse_rules(one.rule, one.id, "");
      if (parsed.rules.size() != 1) ADD_FAILURE() << place(one) << said(parsed.problems) << "\n" << one.rule;
      for (sigma::Rule& rule : parsed.rules) rules.push_back(std::move(rule));
    }
    set = sigma::CompiledSet::compile(rules, log_sources, suite().placeholders, problems);
  }
};
const Rules& rules() {
  static const Rules kRules;
  return kRules;
}

void expect_as_said(const Case& one, const Outcome& match, const Outcome& miss) {
  EXPECT_EQ(match.findings, one.findings) << place(one) << "\n" << one.rule << one.match;
  EXPECT_EQ(miss.findings, 0U) << place(one) << "\n" << one.rule << one.miss;
  if (!one.proof.empty()) {
    EXPECT_THAT(match.proof, ElementsAreArray(one.proof)) << place(one);
  }
}

TEST(SigmaSuite, TheEngineSaysWhatTheCasesSay) {
  for (const Case& one : suite().cases) {
    if (one.refuses()) continue;
    EngineTrial trial(*rules().set, one.id);
    ASSERT_TRUE(trial.loaded()) << place(one) << said(rules().problems);
    const Outcome match = trial.run(one.match);
    expect_as_said(one, match, trial.run(one.miss));
  }
}

TEST(SigmaSuite, TheOracleSaysWhatTheCasesSay) {
  std::map<std::string, const sigma::Rule*> by_id;
  for (const sigma::Rule& rule : rules().rules) by_id[rule.info.id] = &rule;
  const model::FieldTable& fields = rules().set->fields();
  for (const Case& one : suite().cases) {
    if (one.refuses()) continue;
    ASSERT_TRUE(by_id.contains(one.id)) << place(one);
    const std::vector<sigma::Rule> rule{*by_id.at(one.id)};
    const oracle::Oracle oracle(rule, rules().log_sources, suite().placeholders);
    EXPECT_TRUE(oracle.unjudged().empty()) << place(one);
    const Outcome match = run_oracle(oracle, fields, one.match);
    expect_as_said(one, match, run_oracle(oracle, fields, one.miss));
  }
}

// What a rule is refused for, by its parse and then by the compiler; empty where it loads.
std::vector<RuleProblem> errors_of(const std::string& rule, const std::string& name) {
  sigma::ParsedFile parsed = sigma::parse_rules(rule, name, "");
  std::vector<RuleProblem> problems = std::move(parsed.problems);
  const bool none = parsed.rules.empty();
  (void)sigma::CompiledSet::compile(std::move(parsed.rules), rules().log_sources, suite().placeholders, problems);
  std::erase_if(problems, [](const RuleProblem& p) { return p.severity != RuleProblem::Severity::error; });
  if (none && problems.empty()) problems.emplace_back().message = "no rule at all";
  return problems;
}

TEST(SigmaSuite, RulesAreRefusedWithTheCodeAndTheirTwinsLoad) {
  for (const Case& one : suite().cases) {
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
  for (const Case& one : suite().cases) {
    if (one.refuses()) continue;
    for (const std::string* log : {&one.match, &one.miss}) {
      std::size_t events = 0;
      read_log(
          *log, rules().set->fields(), [&](const model::Event&) { ++events; },
          [&](const Anomaly& anomaly) { ADD_FAILURE() << place(one) << ": " << anomaly.message; });
      EXPECT_EQ(events, static_cast<std::size_t>(std::ranges::count(*log, '\n'))) << place(one);
    }
  }
}

}  // namespace
}  // namespace tocsin::conformance
