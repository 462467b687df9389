// Every public rule loads unchanged, ids kept (needs the corpus).
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

#include "base/builtin_files.hpp"
#include "base/text.hpp"
#include "detect/sigma/compiled_set.hpp"
#include "detect/sigma/loader.hpp"
#include "tests/support/paths.hpp"

namespace tocsin::sigma {
namespace {

namespace support = testing_support;

LogSources builtin_log_sources(std::vector<RuleProblem>& problems) {
  std::vector<LogSources::File> files;
  for (const base::BuiltinFile& file : base::builtin_files()) {
    if (file.name.starts_with("logsources/")) files.push_back({std::string(file.name), std::string(file.text)});
  }
  return LogSources::load(files, problems);
}

// The id of a rule file, read without any YAML.
std::string id_line(std::string_view text) {
  std::size_t at = text.starts_with("id:") ? 0 : text.find("\nid:") + 1;
  at = text.find(':', at) + 1;
  text = base::trim(text.substr(at, text.find('\n', at) - at));
  return std::string(text.substr(0, text.find(' ')));  // a comment may follow
}

std::set<std::string> ids_in_files(const std::filesystem::path& folder) {
  std::set<std::string> ids;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || entry.path().extension() != ".yml") continue;
    std::ifstream file(entry.path());
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    ids.insert(id_line(text));
  }
  return ids;
}

struct Folder {
  const char* name;
  std::size_t rules;  // 0: any number
};

class Corpus : public testing::TestWithParam<Folder> {};

TEST_P(Corpus, LoadsWholeWithIdsKept) {
  const auto corpus = support::corpus_dir("sigma-rules");
  if (!corpus) GTEST_SKIP() << support::kNoCorpus;
  const auto folder = *corpus / GetParam().name;
  auto loaded = load_rules({folder.string()}, {});
  ASSERT_TRUE(loaded) << loaded.error().message;
  for (const RuleProblem& problem : loaded->problems) {
    EXPECT_NE(problem.severity, RuleProblem::Severity::error)
        << problem.file << ":" << problem.line << ":" << problem.column << ": " << problem.message;
  }
  EXPECT_EQ(loaded->counts.rejected, 0U);
  EXPECT_EQ(loaded->counts.not_rules, 0U);
  EXPECT_EQ(loaded->counts.loaded, loaded->counts.files);
  if (GetParam().rules != 0) {
    EXPECT_EQ(loaded->counts.loaded, GetParam().rules);
  }
  std::set<std::string> ids;
  for (const Rule& rule : loaded->rules) ids.insert(rule.info.id);
  EXPECT_EQ(ids, ids_in_files(folder));

  std::vector<RuleProblem> problems;
  const LogSources log_sources = builtin_log_sources(problems);
  const CompiledSet set = CompiledSet::compile(std::move(loaded->rules), log_sources, {}, problems);
  for (const RuleProblem& problem : problems) ADD_FAILURE() << problem.file << ": " << problem.message;
  EXPECT_EQ(set.rejected(), 0U);
  EXPECT_EQ(set.rules().size(), loaded->counts.loaded);
}

INSTANTIATE_TEST_SUITE_P(Folders, Corpus,
                         testing::Values(Folder{"rules", 3141}, Folder{"rules-emerging-threats", 473},
                                         Folder{"rules-threat-hunting", 140}, Folder{"rules-placeholder", 0},
                                         Folder{"rules-compliance", 0}),
                         [](const auto& folder) {
                           std::string name = folder.param.name;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace tocsin::sigma
