// Rules: loaded, checked, compiled once; then immutable and shareable between threads.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/finding.hpp"
#include "tocsin/result.hpp"

namespace tocsin {

// Something wrong (or odd) in a rule file. `code` is stable ("S012"); lines and columns are 1-based, columns count code
// points; [column, column_end) is underlined.
struct RuleProblem {
  enum class Severity : std::uint8_t { error, warning };
  Severity severity = Severity::error;
  std::string code, file;
  std::uint32_t line = 0, column = 0, column_end = 0;
  std::string source_line;  // the text of that line
  std::string message;      // what is wrong
  std::string label;        // short text below the underline
  std::string help;         // what was likely meant, what to do
  std::string rule_id;      // where known
};

struct RuleSelection {
  std::optional<Level> minimum_level;
  std::vector<RuleStatus> statuses;              // empty: all but deprecated and unsupported
  std::vector<std::string> tags;                 // any of them, case-insensitive; "attack.t1059" also takes .001 …
  std::vector<std::string> include, exclude;     // rule ids, or names
  bool deprecated = false, unsupported = false;  // also take rules from folders or of status so named
};

// Compiled sets are kept between runs, so that the next load of the same rules is a read.
struct RuleCache {
  std::string folder;  // absolute, of this user alone, made where it is missing; empty: nothing is taken or kept
  // Instead of writing there, for processes that may not. Called once by a load that succeeds: with the bytes of the
  // file rule_cache_name(options), or with none where nothing is to be kept.
  std::function<Result<void>(std::string_view bytes)> keep;
};

struct RuleSetOptions {
  std::vector<std::string> paths;             // files and folders; empty: the rules built into the binary
  std::vector<std::string> log_source_files;  // the user's own, over the built-in ones
  struct Placeholder {
    std::string name, file;  // one value a line
  };
  std::vector<Placeholder> placeholders;
  RuleSelection selection;
  RuleCache cache;
};

// What became of the cache in one load. It never makes a load fail, and the set is the same with and without.
struct RuleCacheUse {
  bool taken = false;  // the set came from there
  bool kept = false;   // it was written there
  std::string file;    // empty: no cache was asked for
  std::uint64_t bytes = 0;
  std::string not_taken, not_kept;  // why; empty where it was, or had not to be
};
// The file in RuleCache::folder: the same for the same options and working folder.
[[nodiscard]] std::string rule_cache_name(const RuleSetOptions& options);
// Writes it. The oldest files go where there are more than 16, or than 200 MB.
[[nodiscard]] Result<void> keep_rule_cache(const std::string& folder, const std::string& name, std::string_view bytes);
struct RuleCacheState {
  std::uint64_t files = 0, bytes = 0;
};
// An error where the folder is missing (not_found), or is not this user's alone.
[[nodiscard]] Result<RuleCacheState> look_at_rule_cache(const std::string& folder);

// A rule in sentences.
struct RuleWords {
  RuleInfo rule;
  std::string condition;  // over the names of the parts; empty where the rule is not judged
  struct Part {
    std::string name;
    std::vector<std::vector<std::string>> ways;  // one of these is enough; all of its sentences must be true
  };
  std::vector<Part> parts;
  struct Log {
    std::string name;
    std::vector<std::string> channels, providers;
    std::vector<std::int64_t> event_ids;
    std::vector<std::string> event_names;  // of each event id; empty where it has none
    std::vector<std::string> notes;
  };
  std::vector<Log> logs;
  std::vector<Setting> settings;  // what gives the events that it looks at
  std::string not_evaluated;      // why it is not judged
};

// The rules on the logs themselves (log hygiene, decision 0013): built in, of no file; a scan judges them beside those
// of a set where ScanOptions::log_hygiene is set.
[[nodiscard]] const std::vector<RuleInfo>& log_hygiene_rules();
// RuleInfo::file of those; it names no file.
inline constexpr std::string_view kLogHygieneFile = "tocsin/log-hygiene";

class RuleSet {
 public:
  struct Counts {
    std::uint64_t files = 0, loaded = 0, rejected = 0, not_rules = 0, not_selected = 0;
    std::uint64_t not_evaluated = 0;  // correlations and filters: loaded, kept, said to be not evaluated yet
  };
  // What the selection includes or excludes, and no rule that was read has as its id or name.
  struct UnknownName {
    bool include = false;
    std::string name, nearest;  // nearest: what was likely meant; may be empty
  };
  struct Impl;

  // Reads and compiles. A bad rule is a problem, never an error of the whole; a path that cannot be opened is an error.
  [[nodiscard]] static Result<RuleSet> load(const RuleSetOptions& options);

  RuleSet(RuleSet&&) noexcept;
  RuleSet& operator=(RuleSet&&) noexcept;
  ~RuleSet();

  [[nodiscard]] const std::vector<RuleInfo>& rules() const;  // selected ones, by id, then file and line
  [[nodiscard]] const std::vector<RuleProblem>& problems() const;
  [[nodiscard]] const std::vector<UnknownName>& unknown_names() const;
  [[nodiscard]] const Counts& counts() const;
  [[nodiscard]] const RuleCacheUse& cache_use() const;
  [[nodiscard]] const std::string& hash() const;  // SHA-256 over everything that decides what is found
  // The rule in full, as compiled: log source variants, fields, predicates, condition. For `rules show`. Log hygiene's
  // rules are told too, here and by in_words().
  [[nodiscard]] Result<std::string> describe(std::string_view id) const;
  // The same for people. For `rules explain`.
  [[nodiscard]] Result<RuleWords> in_words(std::string_view id) const;
  // What the log-source files know to switch on, in their order; and which of them give the events and fields that a
  // rule asks for (indexes into it, ascending).
  [[nodiscard]] const std::vector<Setting>& settings() const;
  [[nodiscard]] std::vector<std::uint32_t> settings_for(std::uint32_t rule) const;
  [[nodiscard]] const Impl& impl() const { return *impl_; }

 private:
  explicit RuleSet(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin
