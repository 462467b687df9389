// SigmaHQ's own regression cases: a rule's findings on the events that its authors recorded for it. Both forms of each
// case, EVTX and JSON, must give what the case says. Cases are found, not listed: whatever lies in the corpus is run.
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tocsin/ruleset.hpp"
#include "tocsin/scanner.hpp"

#include "base/yaml.hpp"
#include "tests/support/paths.hpp"

namespace tocsin {
namespace {

namespace fs = std::filesystem;
constexpr const char* kRuleFolders[] = {"rules", "rules-emerging-threats", "rules-threat-hunting"};

struct Case {
  std::string name;  // of the rule's file
  std::string rule_id;
  std::string form;  // "evtx", "json"
  fs::path evidence;
  std::uint64_t expected = 0;  // 0: at least one
  std::string skipped;         // why it is not run
};
void PrintTo(const Case& test, std::ostream* out) {
  *out << test.name << " " << test.form;
}

std::string read_text(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::string text_at(const base::YamlDocument& yaml, std::uint32_t node, std::string_view key) {
  const std::uint32_t at = yaml.find(node, key);
  return at == base::YamlDocument::kAbsent ? std::string() : yaml.at(at).text;
}

// The items of a list below the root.
std::vector<std::uint32_t> list_at(const base::YamlDocument& yaml, std::string_view key) {
  const std::uint32_t at = yaml.find(yaml.root, key);
  return at == base::YamlDocument::kAbsent ? std::vector<std::uint32_t>() : yaml.at(at).children;
}

void add_cases(const fs::path& info, std::vector<Case>& cases) {
  const base::YamlResult parsed = base::parse_yaml(read_text(info));
  Case test;
  test.name = info.parent_path().filename().string();
  if (parsed.failed || parsed.documents.empty()) {
    test.skipped = "info.yml is not readable: " + parsed.message;
    cases.push_back(test);
    return;
  }
  const base::YamlDocument& yaml = parsed.documents.front();
  for (const std::uint32_t rule : list_at(yaml, "rule_metadata")) test.rule_id = text_at(yaml, rule, "id");
  const std::vector<std::uint32_t> runs = list_at(yaml, "regression_tests_info");
  if (runs.empty()) {
    test.skipped = "its authors have switched it off (no entry below regression_tests_info)";
    cases.push_back(test);
  }
  for (const std::uint32_t run : runs) {
    const std::string count = text_at(yaml, run, "match_count");
    std::from_chars(count.data(), count.data() + count.size(), test.expected);
    fs::path evidence = info.parent_path() / fs::path(text_at(yaml, run, "path")).filename();
    for (const std::string form : {"evtx", "json"}) {
      test.form = form;
      test.evidence = evidence.replace_extension(form);
      cases.push_back(test);
    }
  }
}

std::vector<Case> find_cases() {
  std::vector<Case> cases;
  const auto folder = testing_support::corpus_dir("sigma-regression");
  if (!folder) return cases;
  std::vector<fs::path> infos;
  for (const auto& entry : fs::recursive_directory_iterator(*folder)) {
    if (entry.path().filename() == "info.yml") infos.push_back(entry.path());
  }
  std::ranges::sort(infos);
  for (const fs::path& info : infos) add_cases(info, cases);
  return cases;
}

// All rules at once, as a user would run them.
const RuleSet& all_rules() {
  static const RuleSet rules = [] {
    RuleSetOptions options;
    const fs::path root = *testing_support::corpus_dir("sigma-rules");
    for (const char* folder : kRuleFolders) options.paths.push_back((root / folder).string());
    Result<RuleSet> loaded = RuleSet::load(options);
    if (!loaded) throw std::runtime_error(loaded.error().message);
    return std::move(*loaded);
  }();
  return rules;
}

class SigmaRegression : public ::testing::TestWithParam<Case> {};

TEST_P(SigmaRegression, FindsWhatTheRulesAuthorsFound) {
  const Case& test = GetParam();
  if (!test.skipped.empty()) GTEST_SKIP() << test.skipped;
  ScanOptions options;
  options.evidence.paths = {test.evidence.string()};
  options.evidence.threads = 1;
  const auto result = scan(options, all_rules(), nullptr);
  ASSERT_TRUE(result) << result.error().message;
  ASSERT_GT((*result)->summary().events, 0U);
  std::uint64_t found = 0;
  const auto walked = (*result)->each_finding([&](const Finding& finding) -> Result<void> {
    if (all_rules().rules().at(finding.rule).id == test.rule_id) ++found;
    return {};
  });
  ASSERT_TRUE(walked);
  if (test.expected > 0) {
    EXPECT_EQ(found, test.expected) << "rule " << test.rule_id << " on " << test.evidence;
  } else {
    EXPECT_GE(found, 1U) << "rule " << test.rule_id << " on " << test.evidence;
  }
}

std::string case_name(const ::testing::TestParamInfo<Case>& info) {
  std::string name = info.param.name + "_" + info.param.form;
  std::ranges::replace_if(name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name + "_" + std::to_string(info.index);
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SigmaRegression);
INSTANTIATE_TEST_SUITE_P(SigmaHQ, SigmaRegression, ::testing::ValuesIn(find_cases()), case_name);

TEST(SigmaRegressionCorpus, IsThere) {
  if (!testing_support::corpus_dir("sigma-regression")) GTEST_SKIP() << testing_support::kNoCorpus;
  EXPECT_FALSE(find_cases().empty());
}

}  // namespace
}  // namespace tocsin
