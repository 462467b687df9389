// For tests beside the code: one rule against one made-up event. The log source `test` has the channel "Test"; its twin
// "Twin" (event id 2) names the fields differently.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "detect/sigma/compiled_set.hpp"
#include "model/owned_event.hpp"

namespace tocsin::sigma::testing {

using Fields = std::vector<model::OwnedField>;
using Kind = model::Value::Kind;

inline model::OwnedField text(std::string name, std::string value) {
  return {.name = std::move(name), .kind = Kind::string, .text = std::move(value)};
}
inline model::OwnedField null(std::string name) {
  return {.name = std::move(name), .kind = Kind::null};
}
inline model::OwnedField number(std::string name, std::string digits) {
  return {.name = std::move(name), .kind = Kind::integer, .text = std::move(digits)};
}

inline LogSources test_log_sources() {
  constexpr std::string_view kFile = R"(
product: test
mappings:
  twin:
    fields:
      Image: NewProcessName
      Pid: {from: HexPid, convert: hex_to_decimal}
      User: {from: [Domain, Name], join: '\'}
      EventID: {value: '1'}
    absent: [Hashes]
logsources:
  - category: made_up
    variants:
      - {name: plain, channel: Test, event-id: 1}
      - {name: twin, channel: Twin, event-id: 2, mapping: twin}
      - {name: limited, channel: Limited, event-id: 3, only: {EventType: [CreateKey, DeleteKey]}}
      - {name: blocks, channel: Microsoft-Windows-PowerShell/Operational, event-id: 4104, assemble-script-blocks: true}
  - {category: elsewhere, variants: [], note: nobody writes it}
enable:
  - {id: get-test, title: the log Test, gives: {channel: test}}
  - {id: audit-one, title: auditing of one, gives: {channel: Test, event-id: [1, 7]}}
  - {id: lines, title: lines in one, gives: {channel: Test, event-id: 1, field: [Line, Other]}}
  - {id: hashes, title: a log with hashes, gives: {channel: Twin, field: Hashes}}
  - {id: longer, title: a larger log, gives: {channel: Test, reach-days: 30}}
)";
  std::vector<RuleProblem> problems;
  return LogSources::load({{"test.yml", std::string(kFile)}}, problems);
}

// A whole rule around a detection, whose lines are given without indentation.
inline std::string rule_text(std::string_view detection, std::string_view category = "made_up") {
  std::string text =
      "title: Test\nid: 00000000-0000-4000-8000-000000000001\nlogsource:\n    product: test\n    category: ";
  text += category;
  text += "\ndetection:\n";
  while (!detection.empty()) {
    const std::size_t end = std::min(detection.find('\n'), detection.size());
    text += "    ";
    text += detection.substr(0, end);
    text += '\n';
    detection.remove_prefix(std::min(end + 1, detection.size()));
  }
  return text;
}

struct Compiled {
  CompiledSet set;
  std::vector<RuleProblem> problems;
};

inline Compiled compile(const std::string& rules, const Placeholders& placeholders = {}) {
  ParsedFile parsed = parse_rules(rules, "test.yml", std::string(64, '0'));
  std::vector<RuleProblem> problems = std::move(parsed.problems);
  CompiledSet set = CompiledSet::compile(std::move(parsed.rules), test_log_sources(), placeholders, problems);
  return {std::move(set), std::move(problems)};
}

inline model::EventHead test_head(std::string_view channel = "Test", std::int64_t event_id = 1) {
  model::EventHead head;
  head.product = "test";
  head.channel = channel;
  head.event_id = event_id;
  return head;
}

struct Outcome {
  bool compiled = false;
  bool matched = false;
  std::vector<Match> matches;
  std::string problem;  // "S020 unknown modifier `x`", the first
};

// One detection against one event.
inline Outcome judge(std::string_view detection, Fields fields, const Placeholders& placeholders = {},
                     const model::EventHead& head = test_head()) {
  const Compiled compiled = compile(rule_text(detection), placeholders);
  Outcome outcome;
  outcome.compiled = !compiled.set.rules().empty();
  if (!compiled.problems.empty()) {
    outcome.problem = compiled.problems.front().code + " " + compiled.problems.front().message;
  }
  const model::OwnedEvent event(head, std::move(fields), compiled.set.fields());
  Judge judge(compiled.set);
  std::vector<Hit> hits;
  judge.judge(event, hits);
  outcome.matched = !hits.empty();
  if (outcome.matched) outcome.matches = judge.matches(event, hits.front());
  return outcome;
}

// One item ("Field|contains: x") as the only one of a selection.
inline Outcome judge_item(std::string_view item, Fields fields) {
  return judge("selection:\n    " + std::string(item) + "\ncondition: selection", std::move(fields));
}

}  // namespace tocsin::sigma::testing
