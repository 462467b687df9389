#include "detect/sigma/evidence_class.hpp"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/builtin_files.hpp"
#include "base/text.hpp"
#include "base/yaml.hpp"
#include "detect/sigma/log_source_yaml.hpp"

namespace tocsin::sigma {
namespace {

constexpr std::string_view kBuiltinName = "evidence-classes.yml";

std::optional<EvidenceClass> parse_class(std::string_view text) {
  if (text.size() != 2 || text[0] != 'E' || text[1] < '1' || text[1] > '7') return std::nullopt;
  return static_cast<EvidenceClass>(text[1] - '0');
}

bool parse_entry(const YamlMap& map, EvidenceClasses::Entry& out) {
  if (!map.is_map("an entry of `classes`")) return false;
  map.expect_keys({"rule", "product", "category", "service", "class", "why"});
  out = {.rule = map.text("rule"),
         .product = map.text("product"),
         .category = map.text("category"),
         .service = map.text("service"),
         .why = map.text("why")};
  const std::string text = map.text("class");
  const std::optional<EvidenceClass> evidence_class = parse_class(text);
  if (!evidence_class) {
    map.report().error("L002", map.node(), fmt::format("`class` must be E1 to E7, but is `{}`", text), "");
    return false;
  }
  out.evidence_class = *evidence_class;
  const bool by_log_source = !out.product.empty() || !out.category.empty() || !out.service.empty();
  if (by_log_source == !out.rule.empty()) {
    map.report().error("L004", map.node(), "an entry names either a rule or a log source",
                       "give `rule` its id, or `category`, `product`, `service`");
    return false;
  }
  return true;
}

bool fits(const EvidenceClasses::Entry& entry, const LogSource& logsource) {
  return entry.rule.empty() && (entry.product.empty() || base::equal_ascii(entry.product, logsource.product)) &&
         (entry.category.empty() || base::equal_ascii(entry.category, logsource.category)) &&
         (entry.service.empty() || base::equal_ascii(entry.service, logsource.service));
}

}  // namespace

EvidenceClasses EvidenceClasses::load(std::string_view name, std::string_view text,
                                      std::vector<RuleProblem>& problems) {
  EvidenceClasses classes;
  const YamlReport report{.file = name, .text = text, .problems = &problems};
  const base::YamlResult yaml = base::parse_yaml(text);
  if (yaml.failed) {
    report.add(RuleProblem::Severity::error, "L001", yaml.where, yaml.where,
               fmt::format("this is not readable as YAML: {}", yaml.message), "");
  }
  for (const base::YamlDocument& document : yaml.documents) {
    if (document.empty) continue;
    const YamlMap top(document, document.root, report);
    if (!top.is_map("a table of evidence classes")) continue;
    top.expect_keys({"classes"});
    const std::uint32_t list = top.find("classes");
    if (list == base::YamlDocument::kAbsent || document.at(list).kind != base::YamlNode::Kind::sequence) {
      report.error("L002", top.node(), "there is no list `classes`", "begin each entry with `- `");
      continue;
    }
    for (const std::uint32_t child : document.at(list).children) {
      Entry entry;
      if (parse_entry(top.child(child), entry)) classes.entries_.push_back(std::move(entry));
    }
  }
  return classes;
}

EvidenceClasses EvidenceClasses::builtin() {
  std::vector<RuleProblem> problems;
  for (const base::BuiltinFile& file : base::builtin_files()) {
    if (file.name != kBuiltinName) continue;
    EvidenceClasses classes = load(file.name, file.text, problems);
    assert(problems.empty());
    return classes;
  }
  assert(false && "the table is compiled into the binary");
  return {};
}

EvidenceClass EvidenceClasses::class_of(const RuleInfo& rule) const {
  for (const Entry& entry : entries_) {
    if (!entry.rule.empty() && base::equal_ascii(entry.rule, rule.id)) return entry.evidence_class;
  }
  for (const Entry& entry : entries_) {
    if (fits(entry, rule.logsource)) return entry.evidence_class;
  }
  return EvidenceClass::e6;
}

}  // namespace tocsin::sigma
