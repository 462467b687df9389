// Every rule of SigmaHQ loads unchanged, with its id; and the log sources that nothing reads are those that
// docs/formats/logsources.md lists.
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

#include "tocsin/report.hpp"
#include "tocsin/ruleset.hpp"

#include "detect/sigma/log_source.hpp"
#include "tests/support/paths.hpp"

namespace tocsin {
namespace {

constexpr const char* kRuleFolders[] = {"rules", "rules-emerging-threats", "rules-threat-hunting"};

Result<RuleSet> load(std::initializer_list<const char*> folders) {
  RuleSetOptions options;
  for (const char* folder : folders) {
    options.paths.push_back((*testing_support::corpus_dir("sigma-rules") / folder).string());
  }
  return RuleSet::load(options);
}

TEST(SigmaRules, AllLoadAndNoneIsRejected) {
  if (!testing_support::corpus_dir("sigma-rules")) GTEST_SKIP() << testing_support::kNoCorpus;
  const auto rules = load({kRuleFolders[0], kRuleFolders[1], kRuleFolders[2]});
  ASSERT_TRUE(rules) << rules.error().message;
  EXPECT_EQ(rules->counts().rejected, 0U);
  EXPECT_EQ(rules->counts().loaded, 3754U);
  std::set<std::string> ids;
  for (const RuleInfo& rule : rules->rules()) ids.insert(rule.id);
  EXPECT_EQ(ids.size(), rules->rules().size());
  for (const RuleProblem& problem : rules->problems()) {
    EXPECT_NE(problem.severity, RuleProblem::Severity::error) << format_problem(problem, false);
  }
}

TEST(SigmaRules, PlaceholderAndComplianceFoldersLoadToo) {
  if (!testing_support::corpus_dir("sigma-rules")) GTEST_SKIP() << testing_support::kNoCorpus;
  const auto rules = load({"rules-placeholder", "rules-compliance"});
  ASSERT_TRUE(rules) << rules.error().message;
  EXPECT_EQ(rules->counts().rejected, 0U);
  EXPECT_GT(rules->counts().loaded, 0U);
}

TEST(SigmaRules, LogSourcesWithoutAReaderAreListedInTheDocuments) {
  if (!testing_support::corpus_dir("sigma-rules")) GTEST_SKIP() << testing_support::kNoCorpus;
  const auto rules = load({kRuleFolders[0], kRuleFolders[1], kRuleFolders[2]});
  ASSERT_TRUE(rules) << rules.error().message;
  std::vector<RuleProblem> problems;
  const auto sources = sigma::LogSources::load(sigma::builtin_log_source_files(), problems);
  std::map<std::string, std::size_t> missing;
  std::size_t resolved = 0;
  for (const RuleInfo& rule : rules->rules()) {
    if (!sources.resolve(rule.logsource).variants.empty()) {
      ++resolved;
      continue;
    }
    const auto shown = [](const std::string& text) { return text.empty() ? "–" : text; };
    ++missing["| " + shown(rule.logsource.product) + " | " + shown(rule.logsource.category) + " | " +
              shown(rule.logsource.service) + " |"];
  }
  std::ostringstream documents;
  documents << std::ifstream(testing_support::source_dir() / "docs/formats/logsources.md").rdbuf();
  for (const auto& [row, count] : missing) {
    const std::string whole = row + " " + std::to_string(count) + " |";
    EXPECT_NE(documents.str().find(whole), std::string::npos) << "docs/formats/logsources.md lacks: " << whole;
  }
  const std::string total = std::to_string(resolved) + " of " + std::to_string(rules->rules().size());
  EXPECT_NE(documents.str().find(total), std::string::npos) << "docs/formats/logsources.md should say: " << total;
}

}  // namespace
}  // namespace tocsin
