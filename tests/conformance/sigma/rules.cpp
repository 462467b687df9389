#include "tests/conformance/sigma/rules.hpp"

#include <gtest/gtest.h>

namespace tocsin::conformance {
namespace {

SuiteRules load() {
  SuiteRules all;
  auto suite = load_suite();
  if (!suite) ADD_FAILURE() << suite.error().place << ": " << suite.error().message;
  if (suite) all.suite = *std::move(suite);
  all.log_sources = sigma::LogSources::load(sigma::builtin_log_source_files(), all.problems);
  std::vector<sigma::Rule> loaded;
  for (const Case& one : all.suite.cases) {
    sigma::Rule& rule = all.rules.emplace_back();
    if (one.refuses()) continue;
    sigma::ParsedFile parsed = sigma::parse_rules(one.rule, one.id, "");
    all.problems.insert(all.problems.end(), parsed.problems.begin(), parsed.problems.end());
    if (parsed.rules.size() != 1) continue;
    rule = parsed.rules.front();
    loaded.push_back(std::move(parsed.rules.front()));
  }
  all.set = sigma::CompiledSet::compile(std::move(loaded), all.log_sources, all.suite.placeholders, all.problems);
  return all;
}

}  // namespace

const SuiteRules& suite_rules() {
  static const SuiteRules kAll = load();
  return kAll;
}

std::string place(const Case& one) {
  return one.file + ":" + std::to_string(one.line) + ": " + one.id + ": " + one.why;
}

}  // namespace tocsin::conformance
