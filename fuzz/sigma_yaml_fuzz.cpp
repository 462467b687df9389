// Rule files: parsed, compiled, and judged, proved and explained on events made of the rule's own words, so that much
// of it is true.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "detect/sigma/compiled_set.hpp"
#include "model/owned_event.hpp"

namespace {

using tocsin::model::OwnedEvent;
using tocsin::model::OwnedField;
using tocsin::sigma::CompiledSet;
using tocsin::sigma::FieldItem;
using tocsin::sigma::Hit;
using tocsin::sigma::Judge;
using tocsin::sigma::LogSources;
using tocsin::sigma::ParsedFile;
using tocsin::sigma::Placeholders;
using tocsin::sigma::Rule;
using tocsin::sigma::RuleValue;
using tocsin::sigma::Selection;

constexpr std::size_t kMaxFields = 64;

const LogSources& log_sources() {
  static const LogSources sources = [] {
    std::vector<tocsin::RuleProblem> problems;
    return LogSources::load(
        {{"fuzz.yml",
          "product: windows\nmappings:\n    twin:\n        fields:\n            A: B\n"
          "            C: {from: [A, B], join: '-', convert: [hex_to_decimal, registry_path]}\n"
          "            D: {value: fixed}\n        absent: [E]\n"
          "logsources:\n    - category: process_creation\n      variants:\n"
          "          - {name: plain, channel: Test}\n          - {name: twin, channel: Test, mapping: twin}\n"
          "    - {service: security, channel: Test}\n"}},
        problems);
  }();
  return sources;
}

// Each field of the rules with the texts that they compare it with.
std::vector<OwnedField> fields_of(const std::vector<Rule>& rules) {
  std::vector<OwnedField> fields;
  for (const Rule& rule : rules) {
    for (const Selection& selection : rule.selections) {
      for (const auto& alternative : selection.alternatives) {
        for (const FieldItem& item : alternative) {
          for (const RuleValue& value : item.values) {
            if (fields.size() >= kMaxFields) return fields;
            OwnedField field;
            field.name = item.field;
            field.kind = value.kind == RuleValue::Kind::null ? tocsin::model::Value::Kind::null
                                                             : tocsin::model::Value::Kind::string;
            field.text = value.kind == RuleValue::Kind::null ? std::string() : value.text;
            fields.push_back(std::move(field));
          }
        }
      }
    }
  }
  return fields;
}

void check(const tocsin::Match& match) {
  if (match.span.begin > match.span.end || match.span.end > match.value.size()) __builtin_trap();
}

void judge(const CompiledSet& set, const std::vector<OwnedField>& fields) {
  tocsin::model::EventHead head;
  head.product = "windows";
  head.channel = "Test";
  head.event_id = 1;
  const OwnedEvent event(head, fields, set.fields());
  Judge judge(set);
  std::vector<Hit> hits;
  judge.judge(event, hits);
  for (const Hit& hit : hits) {
    for (const tocsin::Match& match : judge.matches(event, hit)) check(match);
  }
  std::vector<std::uint64_t> findings(set.rules().size());
  for (const Hit& hit : hits) ++findings[hit.rule];
  for (std::uint32_t rule = 0; rule < set.rules().size(); ++rule) {
    tocsin::Explanation explanation;
    judge.explain(event, rule, explanation);
    // The tree and the program are two ways to one truth.
    if (explanation.log_source_fits && explanation.matched != (findings[rule] > 0)) __builtin_trap();
    if (set.describe(rule).empty()) __builtin_trap();
  }
  for (const tocsin::RuleCoverage& coverage : judge.observations().coverage(findings)) {
    const bool matched = coverage.status == tocsin::CoverageStatus::matched;
    if (matched != (findings[coverage.rule] > 0)) __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ParsedFile parsed = tocsin::sigma::parse_rules(text, "fuzz.yml", std::string(64, '0'));
  for (const tocsin::RuleProblem& problem : parsed.problems) {
    if (problem.code.empty() || problem.message.empty()) __builtin_trap();
  }
  const std::vector<OwnedField> fields = fields_of(parsed.rules);
  for (const Placeholders& placeholders : {Placeholders{}, Placeholders{{"x", {"a", "b*"}}}}) {
    std::vector<tocsin::RuleProblem> problems;
    const CompiledSet set = CompiledSet::compile(parsed.rules, log_sources(), placeholders, problems);
    judge(set, fields);
  }
  return 0;
}
