#include "detect/sigma/rule_meta.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "detect/sigma/suggest.hpp"

namespace tocsin::sigma {

namespace {

using base::YamlNode;

constexpr std::size_t kIdHashDigits = 32;
constexpr std::array<std::string_view, 5> kLevels{"informational", "low", "medium", "high", "critical"};
constexpr std::array<std::string_view, 5> kStatuses{"stable", "test", "experimental", "deprecated", "unsupported"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "attack.t1059.001" -> "T1059.001"; empty for every other tag.
std::string technique_of(std::string_view tag) {
  std::string text(tag);
  std::ranges::transform(text, text.begin(), base::fold_ascii);
  std::string_view rest = text;
  if (!rest.starts_with("attack.t")) return {};
  rest.remove_prefix(8);
  const bool main = rest.size() >= 4 && std::ranges::all_of(rest.substr(0, 4), is_digit);
  if (!main) return {};
  if (rest.size() == 4) return fmt::format("T{}", rest);
  const bool sub = rest.size() == 8 && rest[4] == '.' && std::ranges::all_of(rest.substr(5), is_digit);
  return sub ? fmt::format("T{}", rest) : std::string();
}

class Meta {
 public:
  Meta(const RuleDocument& document, RuleInfo& info, Problems& problems)
      : document_(document), tree_(document.tree), info_(info), problems_(problems) {}

  void run(std::string_view document_text, bool correlation) {
    info_.id = text("id");
    if (info_.id.empty()) info_.id = "sha256:" + base::sha256_hex(document_text).substr(0, kIdHashDigits);
    problems_.set_rule(info_.id);
    info_.title = text("title");
    if (info_.title.empty() && tree_.find("title") == nullptr) {
      missing("title", "the rule has no `title`", "add `title:` and a few words that say what it finds");
    }
    info_.name = text("name");
    info_.description = text("description");
    info_.license = text("license");
    info_.date = text("date");
    info_.modified = text("modified");
    info_.author = fmt::format("{}", fmt::join(texts("author"), ", "));
    info_.references = texts("references");
    info_.false_positives = texts("falsepositives");
    info_.fields = texts("fields");
    info_.next = own_texts("next");
    info_.tags = texts("tags");
    for (const std::string& tag : info_.tags) {
      std::string technique = technique_of(tag);
      if (!technique.empty() && std::ranges::find(info_.techniques, technique) == info_.techniques.end()) {
        info_.techniques.push_back(std::move(technique));
      }
    }
    level();
    status();
    log_source(correlation);
  }

 private:
  // A key that is not there: where a similar one stands, that is underlined.
  void missing(std::string_view key, std::string message, std::string help) {
    Where where = problems_.whole_line(first_line());
    const std::string_view wanted[] = {key};
    for (const RuleTree::Pair& pair : tree_.pairs()) {
      const bool known = pair.key->text == "id" || pair.key->text == "level" || pair.key->text == "tags";
      if (known || nearest_word(pair.key->text, wanted).empty()) continue;
      where = problems_.where(*pair.key);
      help = fmt::format("did you mean `{}`?", key);
      break;
    }
    problems_.error(code::kMissing, where, std::move(message), "needed by every rule", std::move(help));
  }

  [[nodiscard]] std::uint32_t first_line() const {
    return tree_.pairs().empty() ? document_.line : tree_.pairs().front().key->begin.line;
  }

  void wrong_type(const RuleTree::Pair& pair, const YamlNode& node, std::string_view wanted) {
    problems_.error(code::kWrongType, problems_.where(node), fmt::format("`{}` must be {}", pair.key->text, wanted),
                    fmt::format("expected {}", wanted));
  }

  std::string text(std::string_view key) {
    const RuleTree::Pair* const pair = tree_.find(key);
    if (pair == nullptr) return {};
    if (pair->value->kind != YamlNode::Kind::scalar) {
      wrong_type(*pair, *pair->value, "text");
      return {};
    }
    return std::string(base::trim(pair->value->text));
  }

  std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> list;
    const RuleTree::Pair* const pair = tree_.find(key);
    if (pair == nullptr) return list;
    if (pair->value->kind == YamlNode::Kind::scalar) {
      if (pair->value->type != YamlNode::Type::null) list.emplace_back(base::trim(pair->value->text));
      return list;
    }
    if (pair->value->kind != YamlNode::Kind::sequence) {
      wrong_type(*pair, *pair->value, "a list of texts");
      return list;
    }
    for (std::size_t i = 0; i < pair->value->children.size(); ++i) {
      const NodeRef item = pair->value.child(i);
      if (item->kind == YamlNode::Kind::scalar) {
        list.emplace_back(base::trim(item->text));
      } else {
        wrong_type(*pair, *item, "a list of texts");
      }
    }
    return list;
  }

  // A key that Sigma does not know: in a rule of another house it may mean anything, so what does not fit is no error.
  std::vector<std::string> own_texts(std::string_view key) const {
    const RuleTree::Pair* const pair = tree_.find(key);
    std::vector<std::string> list;
    if (pair == nullptr) return list;
    const bool one = pair->value->kind == YamlNode::Kind::scalar;
    if (!one && pair->value->kind != YamlNode::Kind::sequence) return list;
    for (std::size_t i = 0; i < (one ? 1 : pair->value->children.size()); ++i) {
      const YamlNode& item = one ? *pair->value : *pair->value.child(i);
      if (item.kind == YamlNode::Kind::scalar && item.type != YamlNode::Type::null) {
        list.emplace_back(base::trim(item.text));
      }
    }
    return list;
  }

  void level() {
    const std::string name = text("level");
    if (name.empty()) return;
    if (const auto level = parse_level(name)) {
      info_.level = *level;
      return;
    }
    std::string help = did_you_mean(name, kLevels);
    if (help.empty()) help = fmt::format("write one of: {}", fmt::join(kLevels, ", "));
    problems_.error(code::kBadLevel, problems_.where(*tree_.find("level")->value),
                    fmt::format("`{}` is no level", name), "not a level of Sigma 2.1.0", std::move(help));
  }

  void status() {
    const std::string name = text("status");
    if (name.empty()) return;
    const auto status = parse_rule_status(name);
    if (status && *status != RuleStatus::unknown) {
      info_.status = *status;
      return;
    }
    std::string help = did_you_mean(name, kStatuses);
    if (help.empty()) help = fmt::format("write one of: {}", fmt::join(kStatuses, ", "));
    problems_.error(code::kBadStatus, problems_.where(*tree_.find("status")->value),
                    fmt::format("`{}` is no status", name), "not a status of Sigma 2.1.0", std::move(help));
  }

  void log_source(bool correlation) {
    const RuleTree::Pair* const pair = tree_.find("logsource");
    if (pair == nullptr) {
      if (!correlation) {
        missing("logsource", "the rule has no `logsource`", "add `logsource:` with a product, category or service");
      }
      return;
    }
    if (pair->value->kind != YamlNode::Kind::mapping) {
      wrong_type(*pair, *pair->value, "a map of product, category and service");
      return;
    }
    for (const RuleTree::Pair& part : RuleTree::below(*pair, problems_)) {
      std::string* const place = log_source_part(part.key->text);
      if (place == nullptr) continue;
      if (part.value->kind != YamlNode::Kind::scalar) {
        wrong_type(part, *part.value, "text");
        continue;
      }
      *place = base::trim(part.value->text);
    }
    if (info_.logsource.product.empty() && info_.logsource.category.empty() && info_.logsource.service.empty()) {
      problems_.error(code::kEmptyLogSource, problems_.where(*pair->key), "the `logsource` names nothing",
                      "no product, category or service", "add for example `product: windows`");
    }
  }

  std::string* log_source_part(std::string_view key) {
    if (key == "product") return &info_.logsource.product;
    if (key == "category") return &info_.logsource.category;
    if (key == "service") return &info_.logsource.service;
    return key == "definition" ? &info_.logsource.definition : nullptr;
  }

  const RuleDocument& document_;
  const RuleTree& tree_;
  RuleInfo& info_;
  Problems& problems_;
};

}  // namespace

void parse_meta(const RuleDocument& document, std::string_view document_text, bool correlation, RuleInfo& info,
                Problems& problems) {
  Meta(document, info, problems).run(document_text, correlation);
}

}  // namespace tocsin::sigma
