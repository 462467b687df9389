// The suite itself: how many cases there are, that each has its twin, that what it cites is there, and that no corner
// of the table of modifiers is empty.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "detect/sigma/modifiers.hpp"
#include "tests/conformance/sigma/rules.hpp"
#include "tests/support/paths.hpp"

namespace tocsin::conformance {
namespace {

constexpr std::size_t kFewestCases = 600;

const Suite& suite() {
  return suite_rules().suite;
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Runs of blanks as one, and without the backslashes with which Markdown escapes.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '|';
    if (c == '\\' || (blank && out.ends_with(' '))) continue;
    out.push_back(blank ? ' ' : c);
  }
  return out;
}

// What stands below a heading, up to the next heading of its level or above; nothing where there is no such heading.
std::string below(const std::string& document, std::string_view heading) {
  std::string out;
  std::size_t level = 0;
  for (std::size_t at = 0; at < document.size();) {
    const std::size_t end = std::min(document.find('\n', at), document.size());
    const std::string_view line = std::string_view(document).substr(at, end - at);
    const std::size_t hashes = std::min(line.find_first_not_of('#'), line.size());
    const bool is_heading = hashes > 0 && hashes < line.size() && line[hashes] == ' ';
    if (is_heading && level != 0 && hashes <= level) level = 0;
    if (level != 0) out += std::string(line) + "\n";
    if (is_heading && level == 0 && line.substr(hashes + 1) == heading) level = hashes;
    at = end + 1;
  }
  return out;
}

struct Documents {
  std::map<std::string, std::string, std::less<>> texts;
  Documents() {
    const auto docs = testing_support::source_dir() / "docs/formats";
    for (const char* name : {"logsources", "fields", "json", "sigma", "rule-errors"}) {
      texts[name] = read(docs / (std::string(name) + ".md"));
    }
    const auto corpus = testing_support::corpus_dir("sigma-specification");
    if (!corpus) return;
    for (const auto& [name, file] :
         {std::pair("rules", "sigma-rules-specification.md"), std::pair("modifiers", "sigma-appendix-modifiers.md"),
          std::pair("taxonomy", "sigma-appendix-taxonomy.md"),
          std::pair("correlations", "sigma-correlation-rules-specification.md"),
          std::pair("filters", "sigma-filters-specification.md")}) {
      texts[name] = read(*corpus / "specification" / file);
    }
  }
};

bool of_the_specification(std::string_view document) {
  constexpr std::array<std::string_view, 5> kPages{"rules", "modifiers", "taxonomy", "correlations", "filters"};
  return std::ranges::find(kPages, document) != kPages.end();
}

void expect_resolves(const Case& one, const Citation& cite, const Documents& documents) {
  if (cite.heading.empty()) {
    const bool code = cite.document.starts_with("S0");
    const std::string& text = documents.texts.at(code ? "rule-errors" : "sigma");
    EXPECT_NE(text.find("| " + cite.document + " |"), std::string::npos)
        << place(one) << " cites " << cite.document << ", which is no decision, no code, and no name of the file";
    return;
  }
  const auto document = documents.texts.find(cite.document);
  ASSERT_TRUE(document != documents.texts.end() || of_the_specification(cite.document))
      << place(one) << " cites the unknown document " << cite.document;
  if (document == documents.texts.end()) return;  // the specification is not here
  const std::string section = below(document->second, cite.heading);
  EXPECT_FALSE(section.empty()) << place(one) << ": " << cite.document << " has no heading " << cite.heading;
  EXPECT_FALSE(cite.words.empty()) << place(one) << " quotes nothing below " << cite.heading;
  EXPECT_NE(plain(section).find(plain(cite.words)), std::string::npos)
      << place(one) << ": not below " << cite.heading << ": " << cite.words;
}

TEST(SigmaSuiteItself, HasManyCasesEachWithItsTwin) {
  EXPECT_GE(suite().cases.size(), kFewestCases);
  std::set<std::string> ids;
  for (const Case& one : suite().cases) {
    EXPECT_TRUE(ids.insert(one.id).second) << place(one) << ": there is another case of this id";
    EXPECT_NE(one.refuses() ? one.twin_rule : one.miss, one.refuses() ? one.rule : one.match) << place(one);
    EXPECT_FALSE(one.refuses() ? one.twin_rule.empty() : one.miss.empty()) << place(one);
  }
}

TEST(SigmaSuiteItself, CitesWhatIsThere) {
  const Documents documents;
  for (const Case& one : suite().cases) {
    for (const Citation& cite : one.cites) expect_resolves(one, cite, documents);
  }
}

// Each modifier with each kind of value. `equals` is a value without a modifier.
TEST(SigmaSuiteItself, CoversEveryModifierWithEveryKindOfValue) {
  constexpr std::array<std::string_view, 33> kModifiers{
      "equals", "contains", "startswith", "endswith", "all",      "exists",       "cased",   "neq",     "windash",
      "re",     "re-i",     "re-m",       "re-s",     "base64",   "base64offset", "utf16le", "utf16be", "utf16",
      "wide",   "lt",       "lte",        "gt",       "gte",      "minute",       "hour",    "day",     "week",
      "month",  "year",     "cidr",       "expand",   "fieldref", "keywords"};
  constexpr std::array<std::string_view, 8> kCells{"match", "miss",  "absent", "null",
                                                   "empty", "array", "number", "non-ascii"};
  std::set<std::string> known, covered;
  for (const std::string_view modifier : kModifiers) {
    for (const std::string_view cell : kCells) known.insert(std::string(modifier) + "/" + std::string(cell));
  }
  for (const Case& one : suite().cases) {
    if (one.cell.empty()) continue;
    EXPECT_TRUE(known.contains(one.cell)) << place(one) << ": unknown cell " << one.cell;
    covered.insert(one.cell);
  }
  for (const std::string& cell : known) EXPECT_TRUE(covered.contains(cell)) << "no case for " << cell;
}

TEST(SigmaSuiteItself, EveryModifierOfTheEngineIsDocumented) {
  const std::string document = read(testing_support::source_dir() / "docs/formats/sigma.md");
  const std::string table = below(document, "Modifiers");
  for (const std::string_view name : sigma::modifier_names()) {
    const std::string quoted = "`" + std::string(name) + "`", flag = "`re\\|" + std::string(name) + "`";
    EXPECT_TRUE(table.find(quoted) != std::string::npos || table.find(flag) != std::string::npos) << name;
  }
}

}  // namespace
}  // namespace tocsin::conformance
