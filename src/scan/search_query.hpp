// What a search looks for: patterns, compiled once, and the matcher that each thread has of its own.
//
// A pattern is text that any value may contain (D20 of docs/formats/sigma.md), or `Field=value` for all of a value. A
// field is named as in docs/formats/fields.md, or by the end of the event's own path ("event_data.Image"), in any case.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/finding.hpp"
#include "tocsin/result.hpp"
#include "tocsin/scanner.hpp"

#include "match/regex.hpp"
#include "match/text_pattern.hpp"
#include "model/event.hpp"

namespace tocsin::scanning {

struct SearchCondition {
  std::string text;        // as the user wrote it
  std::string field;       // empty: any value
  std::string expression;  // --regex
  match::CompiledText pattern;
  // Text that lies in a unit's bytes wherever the condition is met, in lower case; empty: cannot be told. In EVTX, and
  // in JSON, where more can be told.
  std::string needle, json_needle;
  bool negative = false;
  std::size_t number = 0;  // in the query
};

// Immutable; may be used from any thread.
class SearchQuery {
 public:
  static constexpr std::size_t kMaxPatterns = 64;
  static constexpr std::size_t kMaxPatternBytes = 4096;

  [[nodiscard]] static Result<SearchQuery> make(const SearchOptions& options);
  [[nodiscard]] const std::vector<SearchCondition>& conditions() const { return conditions_; }
  [[nodiscard]] bool any() const { return any_; }
  [[nodiscard]] bool cased() const { return cased_; }
  [[nodiscard]] bool regex() const { return regex_; }
  // False: no event of a unit of these bytes can be a hit. `format`: SourceInfo::format; those whose text may be
  // escaped in ways not known here always may. Of JSON the bytes may be those of one record.
  [[nodiscard]] bool may_be_in(std::string_view format, ByteView bytes) const;
  [[nodiscard]] std::optional<match::TextSpan> search_regex(const SearchCondition& condition,
                                                            std::string_view text) const {
    return regexes_.search(condition.number, condition.expression, {.ignore_case = !cased_}, text);
  }

 private:
  explicit SearchQuery(std::size_t patterns) : regexes_(patterns) {}
  Result<void> add(std::string_view text, bool plain, bool negative);

  std::vector<SearchCondition> conditions_;
  match::RegexCache regexes_;
  bool any_ = false, cased_ = false, regex_ = false;
};

// The last names of a path in the event's own words: "event_data.Image" of "winlog.event_data.Image".
[[nodiscard]] bool is_end_of(std::string_view path, std::string_view name);

class SearchMatcher {
 public:
  // REQUIRES: `query` outlives the matcher. One thread at a time.
  explicit SearchMatcher(const SearchQuery& query);
  // Whether the event is a hit; `matches` then has one for each pattern that was met, in the query's order.
  [[nodiscard]] bool match(const model::Event& event, std::vector<Match>& matches);
  // Whether a value meets one condition of the query, whatever its field.
  [[nodiscard]] bool meets(const SearchCondition& condition, std::string_view value);

 private:
  [[nodiscard]] bool head_excludes(const model::EventHead& head);
  void look_at(const SearchCondition& condition, std::string_view name, std::string_view value);
  void walk(const model::Event& event);
  void forget_folded();
  [[nodiscard]] std::optional<match::TextSpan> find(const SearchCondition& condition, std::string_view value);

  const SearchQuery& query_;
  std::vector<bool> met_;
  std::vector<Match> found_;  // by condition
  std::string folded_;
  std::string_view folded_of_;
  bool same_offsets_ = false;
};

}  // namespace tocsin::scanning
