// Collects what is wrong in a rule file, with the place underlined. Codes are stable; each has an entry in
// docs/formats/rule-errors.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/ruleset.hpp"

#include "base/yaml.hpp"

namespace tocsin::sigma {

namespace code {
// The file and its YAML.
inline constexpr std::string_view kYaml = "S001", kTab = "S002", kLimit = "S003", kDuplicateKey = "S004",
                                  kAlias = "S005", kEncoding = "S006", kUnreadable = "S007", kCollection = "S008";
// The rule's parts.
inline constexpr std::string_view kMissing = "S010", kWrongType = "S011", kBadLevel = "S012", kBadStatus = "S013",
                                  kDuplicateId = "S014", kEmptyLogSource = "S015";
// Selections and values.
inline constexpr std::string_view kUnknownModifier = "S020", kContradiction = "S021", kValueType = "S022",
                                  kFlagWithoutRe = "S023", kAllSingle = "S024", kWildcardEncoded = "S025",
                                  kBadRegex = "S026", kUnsupportedRegex = "S027", kBadNetwork = "S028",
                                  kHostBits = "S029", kNullKeyword = "S030", kEmptySelection = "S031", kNested = "S032",
                                  kNullModified = "S033", kTooManyForms = "S034", kNeedsField = "S035",
                                  kNullInList = "S036", kNoPlaceholder = "S037";
// The condition.
inline constexpr std::string_view kCondition = "S040", kUnknownIdentifier = "S041", kPatternOfNothing = "S042",
                                  kAggregation = "S043", kConditionLimit = "S044", kCount = "S045";
}  // namespace code

// Columns count code points, 1-based; `column_end` is behind the last one. On one line.
struct Where {
  std::uint32_t line = 1, column = 1, column_end = 2;
};

// REQUIRES: `text` and `out` outlive it. One thread at a time.
class Problems {
 public:
  Problems(std::string_view text, std::string file, std::vector<RuleProblem>& out);

  void set_rule(std::string id) { rule_id_ = std::move(id); }
  // Gives the problem just added, so that a caller may go on filling it.
  RuleProblem& error(std::string_view code, Where where, std::string message, std::string label = {},
                     std::string help = {});
  RuleProblem& warning(std::string_view code, Where where, std::string message, std::string label = {},
                       std::string help = {});
  [[nodiscard]] std::uint64_t errors() const { return errors_; }
  // For what turns out not to have been worth a word: everything after the mark is taken back.
  struct Mark {
    std::size_t problems = 0;
    std::uint64_t errors = 0;
  };
  [[nodiscard]] Mark mark() const { return {out_.size(), errors_}; }
  void take_back(Mark mark);

  // The line without its break; empty behind the last.
  [[nodiscard]] std::string_view line(std::uint32_t number) const;
  // The whole line without the blanks around it.
  [[nodiscard]] Where whole_line(std::uint32_t number) const;
  [[nodiscard]] Where where(const base::YamlNode& node) const;
  // Bytes [begin, end) of a scalar's value; the whole scalar where its spelling in the file differs from the value.
  [[nodiscard]] Where within(const base::YamlNode& scalar, std::size_t begin, std::size_t end) const;

 private:
  std::string_view text_;
  std::string file_, rule_id_;
  std::vector<std::size_t> line_starts_;
  std::vector<RuleProblem>& out_;
  std::uint64_t errors_ = 0;
};

[[nodiscard]] std::uint32_t count_code_points(std::string_view text);

}  // namespace tocsin::sigma
