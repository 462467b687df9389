// Comfortable, read-only access to a parsed YAML document for the makers' data files.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tocsin/result.hpp"

#include "base/yaml.hpp"

namespace tocsin::makers {

// Borrows the document. An absent node answers every question with "nothing".
class YamlView {
 public:
  YamlView() = default;
  YamlView(const base::YamlDocument& document, std::uint32_t node) : document_(&document), node_(node) {}
  explicit YamlView(const base::YamlDocument& document) : YamlView(document, document.root) {}

  [[nodiscard]] bool exists() const { return document_ != nullptr; }
  [[nodiscard]] YamlView operator[](std::string_view key) const;
  [[nodiscard]] std::string text(std::string_view otherwise = {}) const;
  [[nodiscard]] std::uint64_t number(std::uint64_t otherwise = 0) const;  // decimal or 0x
  [[nodiscard]] bool truth() const { return text() == "true"; }
  [[nodiscard]] std::vector<YamlView> items() const;  // of a sequence; a scalar is a list of one
  [[nodiscard]] std::vector<std::pair<std::string, YamlView>> members() const;
  [[nodiscard]] bool is_mapping() const;
  [[nodiscard]] std::uint32_t line() const;

 private:
  const base::YamlDocument* document_ = nullptr;
  std::uint32_t node_ = 0;
};

// One file with one document. `name` is for messages only.
[[nodiscard]] Result<base::YamlDocument> parse_one_document(std::string_view text, const std::string& name);

}  // namespace tocsin::makers
