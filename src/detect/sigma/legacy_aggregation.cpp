// Sigma 1 aggregations, read far enough to write the correlation rule that replaces them.
#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "detect/sigma/detection_parser.hpp"

namespace tocsin::sigma {

namespace {

struct Aggregation {
  std::string function;  // lower case: count, sum, avg, min, max, near
  std::string field;
  std::vector<std::string> group_by;
  std::string comparison, number;
};

// Words, with `(`, `)` and `,` as words of their own and runs of `<>=` as one.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  const auto is_operator = [](char c) { return c == '<' || c == '>' || c == '='; };
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    std::size_t end = at + 1;
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      at = end;
      continue;
    }
    if (is_operator(c)) {
      while (end < text.size() && is_operator(text[end])) ++end;
    } else if (c != '(' && c != ')' && c != ',') {
      end = std::min(text.find_first_of(" \t\r\n(),<>=", at), text.size());
    }
    words.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

std::string comparison_key(std::string_view op) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kKeys{
      {{">", "gt"}, {">=", "gte"}, {"<", "lt"}, {"<=", "lte"}, {"=", "eq"}, {"==", "eq"}}};
  for (const auto& [sign, key] : kKeys) {
    if (sign == op) return std::string(key);
  }
  return {};
}

std::optional<Aggregation> read(std::string_view text) {
  const std::vector<std::string> words = words_of(text);
  if (words.empty()) return std::nullopt;
  Aggregation result;
  result.function = words[0];
  std::ranges::transform(result.function, result.function.begin(), base::fold_ascii);
  bool by = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (base::equal_fold(word, "by")) {
      by = true;
    } else if (const std::string key = comparison_key(word); !key.empty()) {
      result.comparison = key;
      if (i + 1 < words.size()) result.number = words[++i];
    } else if (word != "(" && word != ")" && word != ",") {
      if (by) {
        result.group_by.push_back(word);
      } else if (result.field.empty()) {
        result.field = word;
      }
    }
  }
  return result;
}

std::string_view correlation_type(const Aggregation& aggregation) {
  if (aggregation.function == "count") return aggregation.field.empty() ? "event_count" : "value_count";
  if (aggregation.function == "sum") return "value_sum";
  if (aggregation.function == "avg") return "value_avg";
  if (aggregation.function == "near") return "temporal";
  return {};
}

}  // namespace

std::string replace_aggregation(const LegacyAggregation& legacy) {
  const std::size_t bar = std::min(legacy.condition.find('|'), legacy.condition.size() - 1);
  const auto aggregation = read(std::string_view(legacy.condition).substr(bar + 1));
  const std::string_view type = aggregation ? correlation_type(*aggregation) : std::string_view();
  if (type.empty()) {
    return "no correlation type of Sigma 2.1.0 says the same; keep the condition in front of `|` and count by hand";
  }
  std::string yaml = fmt::format(
      "keep `condition: {}` and add this rule behind it:\n---\ntitle: {} (correlation)\ncorrelation:\n    type: {}\n"
      "    rules:\n        - {}\n",
      base::trim(std::string_view(legacy.condition).substr(0, bar)), legacy.rule_title, type, legacy.rule_reference);
  if (type == "temporal") yaml += fmt::format("        - the rule for `{}`\n", aggregation->field);
  if (!aggregation->group_by.empty()) yaml += "    group-by:\n";
  for (const std::string& field : aggregation->group_by) yaml += fmt::format("        - {}\n", field);
  yaml += fmt::format("    timespan: {}", legacy.timeframe.empty() ? "1h" : legacy.timeframe);
  if (type == "temporal") return yaml;
  yaml += "\n    condition:";
  if (!aggregation->field.empty()) yaml += fmt::format("\n        field: {}", aggregation->field);
  yaml += fmt::format("\n        {}: {}", aggregation->comparison.empty() ? "gte" : aggregation->comparison,
                      aggregation->number.empty() ? "1" : aggregation->number);
  return yaml;
}

}  // namespace tocsin::sigma
