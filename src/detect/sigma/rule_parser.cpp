// Rule files: YAML in, rules out (rule.hpp). One bad rule never stops the others.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/yaml.hpp"
#include "detect/sigma/detection_parser.hpp"
#include "detect/sigma/problems.hpp"
#include "detect/sigma/rule.hpp"
#include "detect/sigma/rule_meta.hpp"
#include "detect/sigma/rule_tree.hpp"
#include "detect/sigma/suggest.hpp"

namespace tocsin::sigma {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::uint32_t count_lines(std::string_view text) {
  return static_cast<std::uint32_t>(std::ranges::count(text, '\n')) + 1;
}

// Lines [first, last), 1-based.
std::string_view slice_lines(std::string_view text, std::uint32_t first, std::uint32_t last) {
  std::size_t begin = 0;
  for (std::uint32_t line = 1; line < first && begin < text.size(); ++line) {
    begin = std::min(text.find('\n', begin), text.size() - 1) + 1;
  }
  std::size_t end = begin;
  for (std::uint32_t line = first; line < last && end < text.size(); ++line) {
    end = std::min(text.find('\n', end), text.size() - 1) + 1;
  }
  return text.substr(begin, end - begin);
}

class FileParser {
 public:
  FileParser(std::string_view text, const std::string& file, const std::string& sha256)
      : text_(text), file_(file), sha256_(sha256), problems_(text, file, out_.problems) {}

  ParsedFile run() {
    if (!base::is_utf8(text_)) {
      bad_encoding();
      return std::move(out_);
    }
    const base::YamlResult yaml = base::parse_yaml(text_);
    const RuleDocuments split = split_rules(yaml, count_lines(text_), problems_);
    out_.documents = split.documents;
    out_.not_rules = split.not_rules;
    for (const RuleDocument& document : split.rules) rule(document);
    if (yaml.failed) bad_yaml(yaml);
    return std::move(out_);
  }

 private:
  void bad_encoding() {
    if (!mentions_rule()) {
      ++out_.not_rules;
      return;
    }
    ++out_.rejected;
    std::uint32_t line = 1;
    for (std::size_t at = 0; at < text_.size();) {
      if (text_[at] == '\n') ++line;
      if (base::next_code_point(text_, at) >= 0x110000) break;
    }
    problems_.error(code::kEncoding, problems_.whole_line(line), "the file is not UTF-8", "in this line",
                    "save it as UTF-8");
  }

  [[nodiscard]] bool mentions_rule() const {
    return text_.find("detection:") != std::string_view::npos || text_.find("logsource:") != std::string_view::npos;
  }

  void bad_yaml(const base::YamlResult& yaml) {
    ++out_.documents;
    if (!mentions_rule()) {
      ++out_.not_rules;
      return;
    }
    ++out_.rejected;
    const std::string_view line = problems_.line(yaml.where.line);
    const std::size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
    const std::size_t tab = line.substr(0, indent).find('\t');
    if (tab != std::string_view::npos) {
      const auto column = static_cast<std::uint32_t>(tab) + 1;
      problems_.error(code::kTab, {yaml.where.line, column, column + 1}, "a tab is used for indentation",
                      "YAML allows only blanks here", "replace the tab by four blanks");
      return;
    }
    const Where where{yaml.where.line, yaml.where.column, yaml.where.column + 1};
    if (yaml.message.find(" than ") != std::string::npos) {
      problems_.error(code::kLimit, where, fmt::format("the file is over a limit: {}", yaml.message),
                      "reading stops here", "a rule needs far less; split the file");
      return;
    }
    problems_.error(code::kYaml, where, fmt::format("this is not valid YAML: {}", yaml.message), "YAML stops here",
                    yaml_help(line));
  }

  static std::string yaml_help(std::string_view line) {
    if (base::trim(line).starts_with("- '") || line.find(": '") != std::string_view::npos) {
      return "a quote `'` inside a quoted value is written twice: `''`";
    }
    return "put the value into single quotes if it holds `:`, `#`, `*`, `&`, `%`, `@` or a quote";
  }

  void rule(const RuleDocument& document) {
    const std::uint64_t errors = problems_.errors();
    const RuleTree& tree = document.tree;
    const bool correlation = tree.find("correlation") != nullptr;
    const bool filter = tree.find("filter") != nullptr && tree.find("detection") == nullptr;
    Rule rule;
    rule.info.file = file_;
    rule.info.sha256 = sha256_;
    rule.info.line = tree.pairs().empty() ? document.line : tree.pairs().front().key->begin.line;
    parse_meta(document, slice_lines(text_, document.line, document.end_line), correlation, rule.info, problems_);
    if (const RuleTree::Pair* const id = tree.find("id"); id != nullptr) {
      const Where where = problems_.where(*id->value);
      rule.id_line = where.line, rule.id_column = where.column, rule.id_column_end = where.column_end;
    }
    if (correlation || filter) {
      meta_rule(tree, correlation, rule);
    } else {
      detection(tree, rule);
    }
    problems_.set_rule({});
    if (document.bad || problems_.errors() > errors) {
      ++out_.rejected;
      return;
    }
    if (rule.not_evaluated != CoverageReason::none) ++out_.not_evaluated;
    out_.rules.push_back(std::move(rule));
  }

  void meta_rule(const RuleTree& tree, bool correlation, Rule& rule) {
    rule.not_evaluated = CoverageReason::unsupported;
    if (!correlation) {
      rule.not_evaluated_detail = "filters are not evaluated yet";
      return;
    }
    std::string type;
    const RuleTree::Pair& pair = *tree.find("correlation");
    if (pair.value->kind == base::YamlNode::Kind::mapping) {
      for (const RuleTree::Pair& part : RuleTree::below(pair, problems_)) {
        if (part.key->text == "type") type = part.value->text;
      }
    }
    rule.not_evaluated_detail = type.empty() ? "correlations are not evaluated yet"
                                             : fmt::format("correlations ({}) are not evaluated yet", type);
  }

  void detection(const RuleTree& tree, Rule& rule) {
    const RuleTree::Pair* const pair = tree.find("detection");
    if (pair != nullptr) {
      parse_detection(*pair, rule, problems_);
      return;
    }
    Where where = problems_.whole_line(rule.info.line);
    std::string help = "add `detection:` with a selection and a condition";
    constexpr std::string_view kDetection[] = {"detection"};
    for (const RuleTree::Pair& other : tree.pairs()) {
      if (other.key->text == "description" || nearest_word(other.key->text, kDetection).empty()) continue;
      where = problems_.where(*other.key);
      help = "did you mean `detection`?";
    }
    problems_.error(code::kMissing, where, "the rule has no `detection`", "nothing says what to look for",
                    std::move(help));
  }

  std::string_view text_;
  const std::string& file_;
  const std::string& sha256_;
  ParsedFile out_;
  Problems problems_;
};

}  // namespace

ParsedFile parse_rules(std::string_view text, const std::string& file, const std::string& sha256) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return FileParser(text, file, sha256).run();
}

}  // namespace tocsin::sigma
