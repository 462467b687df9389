#include "tests/makers/yaml_view.hpp"

#include <charconv>

#include <fmt/format.h>

namespace tocsin::makers {

using Kind = base::YamlNode::Kind;

YamlView YamlView::operator[](std::string_view key) const {
  if (!is_mapping()) return {};
  const std::uint32_t found = document_->find(node_, key);
  return found == base::YamlDocument::kAbsent ? YamlView{} : YamlView{*document_, found};
}

std::string YamlView::text(std::string_view otherwise) const {
  if (!exists() || document_->at(node_).kind != Kind::scalar) return std::string(otherwise);
  return document_->at(node_).text;
}

std::uint64_t YamlView::number(std::uint64_t otherwise) const {
  std::string digits = text();
  int base = 10;
  if (digits.starts_with("0x")) digits.erase(0, 2), base = 16;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  return error == std::errc{} && end == digits.data() + digits.size() ? value : otherwise;
}

bool YamlView::is_mapping() const {
  return exists() && document_->at(node_).kind == Kind::mapping;
}

std::vector<YamlView> YamlView::items() const {
  std::vector<YamlView> views;
  if (!exists()) return views;
  const base::YamlNode& node = document_->at(node_);
  if (node.kind == Kind::scalar) views.push_back(*this);
  if (node.kind != Kind::sequence) return views;
  for (const std::uint32_t child : node.children) views.emplace_back(*document_, child);
  return views;
}

std::vector<std::pair<std::string, YamlView>> YamlView::members() const {
  std::vector<std::pair<std::string, YamlView>> views;
  if (!is_mapping()) return views;
  const auto& children = document_->at(node_).children;
  for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
    views.emplace_back(document_->at(children[i]).text, YamlView{*document_, children[i + 1]});
  }
  return views;
}

std::uint32_t YamlView::line() const {
  return exists() ? document_->at(node_).begin.line : 0;
}

Result<base::YamlDocument> parse_one_document(std::string_view text, const std::string& name) {
  base::YamlResult parsed = base::parse_yaml(text);
  if (parsed.failed) {
    return fail(ErrorCode::malformed, parsed.message,
                fmt::format("{}:{}:{}", name, parsed.where.line, parsed.where.column));
  }
  if (parsed.documents.size() != 1 || parsed.documents[0].empty) {
    return fail(ErrorCode::malformed, "expected one YAML document", name);
  }
  return std::move(parsed.documents[0]);
}

}  // namespace tocsin::makers
