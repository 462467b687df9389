// Rules compiled against log sources: one flat blob with offsets (no pointers, no library objects), immutable and
// shared by all threads; and the judge, of which each thread has its own.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/finding.hpp"
#include "tocsin/ruleset.hpp"
#include "tocsin/scanner.hpp"

#include "detect/sigma/item_lowering.hpp"
#include "detect/sigma/log_source.hpp"
#include "detect/sigma/rule.hpp"
#include "model/event.hpp"
#include "model/field_table.hpp"

namespace tocsin::sigma {

class CompiledSet {
 public:
  // Problems found while compiling (bad modifier combinations, bad networks, refused expressions) are added to
  // `problems`; such a rule is rejected, others go on. Rules keep their order; `rules()[i]` is Hit::rule i.
  [[nodiscard]] static CompiledSet compile(std::vector<Rule> rules, const LogSources& log_sources,
                                           const Placeholders& placeholders, std::vector<RuleProblem>& problems);
  CompiledSet(CompiledSet&&) noexcept;
  CompiledSet& operator=(CompiledSet&&) noexcept;
  ~CompiledSet();

  [[nodiscard]] const std::vector<RuleInfo>& rules() const;
  [[nodiscard]] const model::FieldTable& fields() const;  // every event field that any rule may ask for
  [[nodiscard]] std::string describe(std::uint32_t rule) const;
  [[nodiscard]] const std::vector<Setting>& settings() const;
  // Indexes of those that give the logs, events and fields that the rule asks for, ascending.
  [[nodiscard]] std::vector<std::uint32_t> settings_for(std::uint32_t rule) const;
  [[nodiscard]] std::uint64_t rejected() const;
  // True where some judged event of this kind must be put together from parts first.
  [[nodiscard]] bool wants_script_blocks() const;

  struct Impl;
  explicit CompiledSet(std::unique_ptr<Impl> impl);
  [[nodiscard]] const Impl& impl() const { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// A rule that was true for an event, under one of its log-source variants.
struct Hit {
  std::uint32_t rule = 0;
  std::uint32_t instance = 0;  // the judge's own: rule x variant
};

// What a judge saw, for coverage. Add those of all threads, then ask `coverage`.
class Observations {
 public:
  explicit Observations(const CompiledSet& set);
  Observations(Observations&&) noexcept;
  Observations& operator=(Observations&&) noexcept;
  ~Observations();
  void add(const Observations& other);
  // One per rule, in rule order. `events_outside_reach` observations were made with Judge::observe_only.
  [[nodiscard]] std::vector<RuleCoverage> coverage(std::span<const std::uint64_t> findings_per_rule) const;

  struct State;

 private:
  friend class Judge;
  std::unique_ptr<State> state_;
};

// How a judge finds the rules that are true; which ones it finds does not depend on it.
struct JudgeMode {
  bool plain = false;                  // every rule of the event's log is judged; else only those that a value wakes
  std::size_t remembered = 1U << 15U;  // values whose findings are kept; a power of two, or 0
  [[nodiscard]] static JudgeMode from_environment();  // base/cpu.hpp
};

class Judge {
 public:
  // REQUIRES: `set` outlives the judge. One thread at a time.
  explicit Judge(const CompiledSet& set, const JudgeMode& mode = JudgeMode::from_environment());
  Judge(Judge&&) noexcept;
  ~Judge();

  // Appends the rules that are true for the event, by rule index, each once. No allocation where nothing matches.
  void judge(const model::Event& event, std::vector<Hit>& hits);
  // An event that the user's filters leave out: only noted, so that coverage can say `out_of_reach`.
  void observe_only(const model::Event& event);
  // True where the event is a part (PowerShell 4104, MessageTotal > 1, with MessageNumber and ScriptBlockId) that must
  // be assembled before it is judged by the rules that ask for it; `judge` then skips those rules. A part that lacks
  // what it would be put together by is judged alone.
  [[nodiscard]] bool is_part(const model::Event& event) const;
  void judge_assembled(const model::Event& event, std::vector<Hit>& hits);

  // Proof of a hit just given (D27 to D30), and the name of the log-source variant.
  // Values over `longest` bytes are cut to the part around the match: a finding repeats its value for each line of the
  // rule, and evidence can make one as large as a record.
  static constexpr std::size_t kLongestMatchValue = std::size_t{16} << 10;
  [[nodiscard]] std::vector<Match> matches(const model::Event& event, const Hit& hit,
                                           std::size_t longest = kLongestMatchValue);
  [[nodiscard]] std::string_view variant(const Hit& hit) const;
  // Which happening the event tells of, whatever the log: the fields that the log source names for it, one after the
  // other in lower case; empty where the log source names none, or the event lacks one.
  struct Happening {
    std::string fields;
    std::uint32_t within_seconds = 0;  // how far apart logs may tell of it
  };
  [[nodiscard]] Happening happening(const model::Event& event, const Hit& hit);
  // The event's own number in its log; empty where it has none.
  [[nodiscard]] std::string_view record_id(const model::Event& event) const;
  // What the rule excludes by fields that this kind of log never has, as a sentence; mostly empty.
  [[nodiscard]] std::string_view caveat(const Hit& hit) const;
  // The whole condition tree for one rule and event, true or not. Fills log source, nodes, matches, matched.
  void explain(const model::Event& event, std::uint32_t rule, Explanation& out);

  [[nodiscard]] const Observations& observations() const;
  // --stats: time spent per rule; off by default.
  void measure(bool on);
  [[nodiscard]] std::vector<ScanStats::SlowRule> slow_rules(std::size_t most) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tocsin::sigma
