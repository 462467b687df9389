// The conformance suite as data: cases/*.yml, in the format that README.md describes. Plain values; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tocsin/result.hpp"

#include "detect/sigma/value_forms.hpp"

namespace tocsin::conformance {

// What a case rests on, resolved: "D9", "S026", or document, heading and the words quoted from below it.
struct Citation {
  std::string document, heading, words;
};

struct Case {
  std::string file, id, cell, why;
  std::uint32_t line = 0;
  std::vector<Citation> cites{};
  std::string rule{};                // a whole rule file; its `id` is the case's
  std::string match{}, miss{};       // logs: one JSON event a line
  std::size_t findings = 0;          // in `match`; in `miss` there is none
  std::vector<std::string> proof{};  // of the first finding: "selection key pattern begin-end"; empty: not asked for
  // A case of a rule that must be refused has these instead of logs: the code, and a near twin that must load.
  std::string error{}, twin_rule{};
  [[nodiscard]] bool refuses() const { return !error.empty(); }
};

struct Suite {
  std::vector<Case> cases;
  sigma::Placeholders placeholders;
};

// All files of cases/, by name. An error names file and line.
[[nodiscard]] Result<Suite> load_suite();

}  // namespace tocsin::conformance
