// Runs tests/rules/<rule>.yml: the events of each case are written in several forms of evidence, read by the real
// readers and judged by the one rule; every form must give the number of findings that the case names.
#include "tests/makers/rule_cases.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include <gtest/gtest.h>

#include "tocsin/ruleset.hpp"
#include "tocsin/scanner.hpp"

#include "tests/makers/catalogue.hpp"
#include "tests/makers/collector_json.hpp"
#include "tests/makers/event_xml.hpp"
#include "tests/makers/evtx_json.hpp"
#include "tests/makers/evtx_writer.hpp"
#include "tests/makers/json_lines.hpp"
#include "tests/makers/outputs.hpp"
#include "tests/support/paths.hpp"

namespace tocsin::makers {
namespace {

using Specs = std::vector<EventSpec>;

std::filesystem::path rules_dir() {
  return testing_support::source_dir() / "rules/windows";
}
std::filesystem::path cases_dir() {
  return testing_support::source_dir() / "tests/rules";
}

const Catalogue& catalogue() {
  static const Catalogue kCatalogue = [] {
    const auto text = read_text_file(testing_support::source_dir() / "tests/makers/scenarios/catalogue.yml");
    return Catalogue::load(text.value(), "catalogue.yml").value();
  }();
  return kCatalogue;
}

// The forms of evidence in which each case is told.
std::string as_evtx(const Specs& specs, const EvtxShape& shape) {
  EvtxWriter writer({.shape = shape});
  for (const EventSpec& spec : specs) writer.add(spec);
  return writer.finish();
}
std::string as_lines(const Specs& specs, std::string (*line)(const EventSpec&)) {
  std::string lines;
  for (const EventSpec& spec : specs) lines += line(spec) + "\n";
  return lines;
}
struct Form {
  const char* file;
  std::function<std::string(const Specs&)> write;
};
const std::vector<Form>& forms() {
  static const std::vector<Form> kForms{
      {"live.evtx", [](const Specs& specs) { return as_evtx(specs, {}); }},
      {"exported.evtx", [](const Specs& specs) { return as_evtx(specs, {.exported = true}); }},
      {"literal.evtx", [](const Specs& specs) { return as_evtx(specs, {.literal_provider = true}); }},
      {"dump.ndjson", [](const Specs& specs) { return as_lines(specs, evtx_json); }},
      {"winlogbeat.ndjson", [](const Specs& specs) { return as_lines(specs, winlogbeat_json); }},
      {"elastic.ndjson", [](const Specs& specs) { return as_lines(specs, elastic_json); }},
      {"flat.ndjson", [](const Specs& specs) { return as_lines(specs, flat_json); }},
      {"wazuh.ndjson", [](const Specs& specs) { return as_lines(specs, wazuh_json); }},
      {"velociraptor.ndjson", [](const Specs& specs) { return as_lines(specs, velociraptor_json); }},
      {"velociraptor_rows.ndjson", [](const Specs& specs) { return as_lines(specs, velociraptor_row_json); }},
      {"sentinel.ndjson", [](const Specs& specs) { return as_lines(specs, sentinel_json); }},
      {"gelf.ndjson", [](const Specs& specs) { return as_lines(specs, gelf_json); }},
      {"evtxecmd.ndjson", [](const Specs& specs) { return as_lines(specs, evtxecmd_json); }},
      {"events.xml", [](const Specs& specs) { return event_viewer_xml(specs); }},
  };
  return kForms;
}

std::uint64_t findings_in(const std::filesystem::path& evidence, const RuleSet& rules) {
  ScanOptions options;
  options.evidence.paths = {evidence.string()};
  options.evidence.threads = 1;
  const auto result = scan(options, rules, nullptr);
  EXPECT_TRUE(result) << result.error().message;
  if (!result) return 0;
  EXPECT_TRUE((*result)->failed_paths().empty());
  EXPECT_GT((*result)->summary().events, 0U);
  return (*result)->summary().findings;
}

std::vector<std::string> rule_names() {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(rules_dir())) names.insert(entry.path().stem().string());
  return {names.begin(), names.end()};
}

class RuleCases : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(::testing::TempDir()) / ("tocsin_rule_cases_" + GetParam());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
};

TEST_P(RuleCases, FindWhatTheyShouldAndNothingElse) {
  const auto cases = read_rule_cases(cases_dir() / (GetParam() + ".yml"), catalogue());
  ASSERT_TRUE(cases) << cases.error().place << ": " << cases.error().message;
  RuleSetOptions options;
  options.paths = {(rules_dir() / (GetParam() + ".yml")).string()};
  const auto rules = RuleSet::load(options);
  ASSERT_TRUE(rules) << rules.error().message;
  ASSERT_EQ(rules->counts().loaded, 1U);
  ASSERT_TRUE(rules->problems().empty()) << rules->problems().front().message;
  std::size_t hits = 0, misses = 0;
  for (const RuleCase& one : *cases) {
    (one.findings > 0 ? hits : misses) += 1;
    for (const Form& form : forms()) {
      const auto file = folder_ / form.file;
      std::ofstream(file, std::ios::binary) << form.write(one.events);
      EXPECT_EQ(findings_in(file, *rules), one.findings) << one.name << " (" << form.file << ")";
    }
  }
  EXPECT_GE(hits, 1U) << "a rule needs an event that it finds";
  EXPECT_GE(misses, 2U) << "and near misses that it does not";
}

INSTANTIATE_TEST_SUITE_P(Windows, RuleCases, ::testing::ValuesIn(rule_names()),
                         [](const auto& instance) { return instance.param; });

TEST(RuleCasesFolder, HasNoCasesWithoutARule) {
  const std::vector<std::string> names = rule_names();
  const std::set<std::string> rules(names.begin(), names.end());
  for (const auto& entry : std::filesystem::directory_iterator(cases_dir())) {
    if (entry.path().extension() != ".yml") continue;
    EXPECT_TRUE(rules.contains(entry.path().stem().string())) << entry.path().filename();
  }
}

}  // namespace
}  // namespace tocsin::makers
