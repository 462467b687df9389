// The slow, obvious matcher: rules straight from their parsed form, on every event that a log source lets through.
//
// It stands beside the compiler and the judge of src/detect/sigma and shares nothing with them but the parsed rule (of
// its condition only the text) and the log sources; and nothing at all with src/match. mutation.hpp spoils it on
// purpose. What it says is what docs/formats/sigma.md says.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "detect/sigma/log_source.hpp"
#include "detect/sigma/rule.hpp"
#include "model/event.hpp"
#include "tests/oracle/item.hpp"

namespace tocsin::oracle {

struct Verdict {
  std::size_t rule = 0;  // index into the rules given
  std::string variant;
  std::vector<Match> matches;
};

class Oracle {
 public:
  // REQUIRES: `rules` outlive the oracle.
  Oracle(const std::vector<sigma::Rule>& rules, const sigma::LogSources& log_sources,
         const sigma::Placeholders& placeholders = {});

  // The rules that are true for the event, in their order. `assembled`: the event was put together from its parts; only
  // the variants that ask for that judge it then, the others have judged the parts.
  [[nodiscard]] std::vector<Verdict> judge(const model::Event& event, const model::FieldTable& table,
                                           bool assembled = false) const;
  // Rules that it cannot judge; they never appear in a verdict.
  [[nodiscard]] const std::vector<std::size_t>& unjudged() const { return unjudged_; }

 private:
  struct Prepared {
    const sigma::Rule* rule = nullptr;
    std::size_t log_source = 0;
    std::vector<sigma::ConditionNode> condition;
    std::vector<std::vector<std::vector<Item>>> items;  // as Selection::alternatives
    bool judgeable = true;
  };
  static Prepared prepare(const sigma::Rule& rule, const sigma::Placeholders& placeholders);
  std::size_t log_source_of(const sigma::Rule& rule, const sigma::LogSources& log_sources);
  // The variants that the event is of, for each log source.
  [[nodiscard]] std::vector<std::vector<const sigma::Variant*>> fitting(const EventFields& fields,
                                                                        bool assembled) const;
  static bool evaluate(const Prepared& prepared, const EventFields& fields, const sigma::Variant& variant,
                       std::vector<Match>& matches);

  std::vector<Prepared> rules_;
  // Each log source that some rule names, resolved once.
  std::vector<std::pair<LogSource, std::vector<sigma::Variant>>> log_sources_;
  std::vector<std::size_t> unjudged_;
};

}  // namespace tocsin::oracle
