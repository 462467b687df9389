#include "detect/sigma/problems.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace tocsin::sigma {

namespace {

// Byte offset of a 1-based column.
std::size_t offset_of_column(std::string_view line, std::uint32_t column) {
  std::size_t at = 0;
  for (std::uint32_t i = 1; i < column && at < line.size(); ++i) static_cast<void>(base::next_code_point(line, at));
  return at;
}

}  // namespace

std::uint32_t count_code_points(std::string_view text) {
  std::uint32_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) static_cast<void>(base::next_code_point(text, at));
  return count;
}

Problems::Problems(std::string_view text, std::string file, std::vector<RuleProblem>& out)
    : text_(text), file_(std::move(file)), out_(out) {
  line_starts_.push_back(0);
  for (std::size_t at = text_.find('\n'); at != std::string_view::npos; at = text_.find('\n', at + 1)) {
    line_starts_.push_back(at + 1);
  }
}

std::string_view Problems::line(std::uint32_t number) const {
  if (number == 0 || number > line_starts_.size()) return {};
  const std::size_t begin = line_starts_[number - 1];
  const std::size_t end = number < line_starts_.size() ? line_starts_[number] - 1 : text_.size();
  std::string_view line = text_.substr(begin, end - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Where Problems::whole_line(std::uint32_t number) const {
  const std::string_view all = line(number);
  const std::size_t begin = std::min(all.find_first_not_of(" \t"), all.size());
  const std::string_view text = base::trim(all);
  const std::uint32_t column = count_code_points(all.substr(0, begin)) + 1;
  return {number, column, column + std::max(1U, count_code_points(text))};
}

Where Problems::where(const base::YamlNode& node) const {
  Where where{node.begin.line, node.begin.column, node.end.column};
  if (node.end.line != node.begin.line || node.kind == base::YamlNode::Kind::mapping ||
      node.kind == base::YamlNode::Kind::sequence) {
    where.column_end = count_code_points(line(node.begin.line)) + 1;
  }
  where.column_end = std::max(where.column_end, where.column + 1);
  return where;
}

Where Problems::within(const base::YamlNode& scalar, std::size_t begin, std::size_t end) const {
  const Where whole = where(scalar);
  const std::string_view all = line(whole.line);
  const std::size_t start = offset_of_column(all, whole.column) + (scalar.quoted ? 1U : 0U);
  const bool same = start <= all.size() && all.substr(start).starts_with(scalar.text);
  if (!same || begin >= end || end > scalar.text.size()) return whole;
  const std::string_view value = scalar.text;
  const std::uint32_t column = whole.column + (scalar.quoted ? 1U : 0U) + count_code_points(value.substr(0, begin));
  return {whole.line, column, column + count_code_points(value.substr(begin, end - begin))};
}

RuleProblem& Problems::error(std::string_view code, Where where, std::string message, std::string label,
                             std::string help) {
  ++errors_;
  RuleProblem& problem = out_.emplace_back();
  problem.code = code;
  problem.file = file_;
  problem.line = where.line;
  problem.column = where.column;
  problem.column_end = where.column_end;
  problem.source_line = line(where.line);
  problem.message = std::move(message);
  problem.label = std::move(label);
  problem.help = std::move(help);
  problem.rule_id = rule_id_;
  return problem;
}

void Problems::take_back(Mark mark) {
  out_.resize(mark.problems);
  errors_ = mark.errors;
}

RuleProblem& Problems::warning(std::string_view code, Where where, std::string message, std::string label,
                               std::string help) {
  RuleProblem& problem = error(code, where, std::move(message), std::move(label), std::move(help));
  --errors_;
  problem.severity = RuleProblem::Severity::warning;
  return problem;
}

}  // namespace tocsin::sigma
