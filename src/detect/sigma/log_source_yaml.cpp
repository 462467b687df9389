#include "detect/sigma/log_source_yaml.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace tocsin::sigma {
namespace {

using base::YamlDocument;
using base::YamlNode;

std::string_view line_of(std::string_view text, std::uint32_t line) {
  for (std::uint32_t i = 1; i < line; ++i) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::string_view kind_name(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::scalar:
      return "a single value";
    case YamlNode::Kind::sequence:
      return "a list";
    case YamlNode::Kind::mapping:
      return "a mapping";
    case YamlNode::Kind::alias:
      return "a YAML alias";
  }
  return "something else";
}

}  // namespace

void YamlReport::add(RuleProblem::Severity severity, std::string_view code, base::YamlMark begin, base::YamlMark end,
                     std::string message, std::string help) const {
  RuleProblem problem;
  problem.severity = severity;
  problem.code = code;
  problem.file = file;
  problem.line = begin.line;
  problem.column = begin.column;
  problem.column_end = end.line == begin.line && end.column > begin.column ? end.column : begin.column + 1;
  problem.source_line = line_of(text, begin.line);
  problem.message = std::move(message);
  problem.help = std::move(help);
  problems->push_back(std::move(problem));
}

bool YamlMap::is_map(std::string_view what) const {
  if (node().kind == YamlNode::Kind::mapping) return true;
  report_->error("L002", node(),
                 fmt::format("{} must be a mapping of keys to values, but is {}", what, kind_name(node())),
                 "see docs/formats/logsources.md");
  return false;
}

void YamlMap::expect_keys(std::initializer_list<std::string_view> known) const {
  for (const Member& member : members()) {
    if (std::ranges::find(known, member.key->text) != known.end()) continue;
    report_->error("L003", *member.key, fmt::format("the key `{}` is not known here", member.key->text),
                   fmt::format("known keys: {}", fmt::join(known, ", ")));
  }
}

std::vector<YamlMap::Member> YamlMap::members() const {
  std::vector<Member> members;
  if (node().kind != YamlNode::Kind::mapping) return members;
  const auto& children = node().children;
  for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
    members.push_back({&document_->at(children[i]), children[i + 1]});
  }
  return members;
}

std::vector<std::string> yaml_texts(const YamlDocument& document, std::uint32_t node, const YamlReport& report) {
  const YamlNode& value = document.at(node);
  std::vector<std::string> texts;
  if (value.kind == YamlNode::Kind::scalar) {
    texts.push_back(value.text);
  } else if (value.kind == YamlNode::Kind::sequence) {
    for (const std::uint32_t child : value.children) {
      const YamlNode& item = document.at(child);
      if (item.kind == YamlNode::Kind::scalar) {
        texts.push_back(item.text);
      } else {
        report.error("L002", item, fmt::format("expected a single value, found {}", kind_name(item)),
                     "write a text, in quotes if it holds special characters");
      }
    }
  } else {
    report.error("L002", value, fmt::format("expected a value or a list of values, found {}", kind_name(value)),
                 "aliases and nested mappings are not understood here");
  }
  return texts;
}

std::string YamlMap::text(std::string_view key) const {
  const std::uint32_t at = find(key);
  if (at == YamlDocument::kAbsent) return {};
  const YamlNode& value = document_->at(at);
  if (value.kind == YamlNode::Kind::scalar) return value.text;
  report_->error("L002", value, fmt::format("`{}` takes a single value, but is {}", key, kind_name(value)), "");
  return {};
}

std::vector<std::string> YamlMap::list(std::string_view key) const {
  const std::uint32_t at = find(key);
  return at == YamlDocument::kAbsent ? std::vector<std::string>() : yaml_texts(*document_, at, *report_);
}

bool YamlMap::flag(std::string_view key) const {
  const std::uint32_t at = find(key);
  if (at == YamlDocument::kAbsent) return false;
  const YamlNode& value = document_->at(at);
  if (value.kind == YamlNode::Kind::scalar && (value.text == "true" || value.text == "false")) {
    return value.text == "true";
  }
  report_->error("L002", value, fmt::format("`{}` is true or false", key), "");
  return false;
}

}  // namespace tocsin::sigma
