// Every bad rule in golden/ (NAME.yml) against what is said of it (NAME.txt). The name begins with the code that it is
// about. TOCSIN_UPDATE_GOLDENS=1 rewrites the texts; review the difference.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tocsin/report.hpp"

#include "detect/sigma/rule.hpp"
#include "tests/support/paths.hpp"

namespace tocsin {
namespace {

namespace fs = std::filesystem;

fs::path golden_folder() {
  return testing_support::source_dir() / "tests/rule_errors/golden";
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const auto& entry : fs::directory_iterator(golden_folder())) {
    if (entry.path().extension() == ".yml") all.push_back(entry.path().stem().string());
  }
  std::ranges::sort(all);
  return all;
}

std::string said_of(const std::string& name, const sigma::ParsedFile& parsed) {
  std::string text;
  for (const RuleProblem& problem : parsed.problems) text += format_problem(problem, false) + "\n";
  text += "loaded " + std::to_string(parsed.rules.size()) + ", rejected " + std::to_string(parsed.rejected) +
          ", no rules " + std::to_string(parsed.not_rules) + "\n";
  if (text.empty()) text = name;
  return text;
}

class BadRule : public testing::TestWithParam<std::string> {};

TEST_P(BadRule, IsExplained) {
  const std::string yaml = read(golden_folder() / (GetParam() + ".yml"));
  const sigma::ParsedFile parsed = sigma::parse_rules(yaml, GetParam() + ".yml", std::string(64, '0'));
  const std::string text = said_of(GetParam(), parsed);
  const fs::path golden = golden_folder() / (GetParam() + ".txt");
  if (std::getenv("TOCSIN_UPDATE_GOLDENS") != nullptr) {
    std::ofstream(golden, std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(read(golden), text);
  const std::string code = GetParam().substr(0, 4);
  EXPECT_TRUE(std::ranges::any_of(parsed.problems, [&](const RuleProblem& problem) { return problem.code == code; }))
      << "the file is named after a code that is not among its problems";
}

INSTANTIATE_TEST_SUITE_P(Golden, BadRule, testing::ValuesIn(names()), [](const auto& one) {
  std::string name = one.param;
  std::ranges::replace_if(name, [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
});

// Each code that the source knows has its entry in the documentation, and a bad rule here.
TEST(RuleErrors, EveryCodeIsDocumentedAndShown) {
  const std::string source = read(testing_support::source_dir() / "src/detect/sigma/problems.hpp");
  const std::string document = read(testing_support::source_dir() / "docs/formats/rule-errors.md");
  const std::vector<std::string> shown = names();
  std::size_t codes = 0;
  for (std::size_t at = source.find("\"S0"); at != std::string::npos; at = source.find("\"S0", at + 1)) {
    const std::string code = source.substr(at + 1, 4);
    ++codes;
    EXPECT_NE(document.find("| " + code + " |"), std::string::npos) << code << " is not in docs/formats/rule-errors.md";
    // Given by the loader or by the reading of folders, not by one file.
    if (code == "S007" || code == "S014") continue;
    EXPECT_TRUE(std::ranges::any_of(shown, [&](const std::string& name) { return name.starts_with(code); }))
        << code << " has no bad rule in golden/";
  }
  EXPECT_GT(codes, 30U);
}

}  // namespace
}  // namespace tocsin
