#include "tests/oracle/oracle.hpp"

#include <algorithm>

#include "tests/oracle/condition.hpp"
#include "tests/oracle/mutation.hpp"

namespace tocsin::oracle {
namespace {

using NodeKind = sigma::ConditionNode::Kind;

// Truth of every node; children come before their parents.
std::vector<bool> node_truths(const std::vector<sigma::ConditionNode>& nodes, const std::vector<bool>& selections) {
  std::vector<bool> truths;
  for (const sigma::ConditionNode& node : nodes) {
    const auto is_true = [&](std::uint32_t child) { return static_cast<bool>(truths.at(child)); };
    const auto count = static_cast<std::size_t>(std::ranges::count_if(node.children, is_true));
    switch (node.kind) {
      case NodeKind::selection:
        truths.push_back(selections.at(node.selection));
        break;
      case NodeKind::all_of:
      case NodeKind::logical_and:
        truths.push_back(count == node.children.size());
        break;
      case NodeKind::n_of:
        truths.push_back(count >= node.count);
        break;
      case NodeKind::logical_or:
        truths.push_back(count > 0);
        break;
      case NodeKind::logical_not:
        truths.push_back(count == 0);
        break;
    }
  }
  return truths;
}

// Which selections stand below an even number of `not` somewhere (D27). Parents are walked before their children.
std::vector<bool> asked_for(const std::vector<sigma::ConditionNode>& nodes, std::size_t selections) {
  struct Polarity {
    bool positive = false, negative = false;
  };
  std::vector<Polarity> polarity(nodes.size());
  std::vector<bool> asked(selections, false);
  if (!nodes.empty()) polarity.back().positive = true;
  for (std::size_t i = nodes.size(); i-- > 0;) {
    const sigma::ConditionNode& node = nodes[i];
    const bool shown = polarity[i].positive || active(Mutant::proof_of_excluded_selections);
    if (node.kind == NodeKind::selection && shown) asked[node.selection] = true;
    const bool turned = node.kind == NodeKind::logical_not;
    for (const std::uint32_t child : node.children) {
      polarity[child].positive |= turned ? polarity[i].negative : polarity[i].positive;
      polarity[child].negative |= turned ? polarity[i].positive : polarity[i].negative;
    }
  }
  return asked;
}

}  // namespace

// Rules that tests put together by hand have no text of a condition, only its tree.
Oracle::Prepared Oracle::prepare(const sigma::Rule& rule, const sigma::Placeholders& placeholders) {
  Prepared out;
  out.rule = &rule;
  out.condition = rule.info.condition.empty() || rule.condition.empty()
                      ? rule.condition
                      : parse_condition(rule.info.condition, rule.selections);
  out.judgeable = rule.not_evaluated == CoverageReason::none && !rule.condition.empty();
  for (const sigma::Selection& selection : rule.selections) {
    auto& alternatives = out.items.emplace_back();
    for (const auto& map : selection.alternatives) {
      auto& items = alternatives.emplace_back();
      for (const sigma::FieldItem& item : map) {
        items.emplace_back(item, placeholders);
        out.judgeable = out.judgeable && items.back().judgeable();
      }
    }
  }
  return out;
}

std::size_t Oracle::log_source_of(const sigma::Rule& rule, const sigma::LogSources& log_sources) {
  LogSource key = rule.info.logsource;
  key.definition.clear();
  for (std::size_t i = 0; i < log_sources_.size(); ++i) {
    if (log_sources_[i].first == key) return i;
  }
  log_sources_.emplace_back(key, log_sources.resolve(key).variants);
  return log_sources_.size() - 1;
}

Oracle::Oracle(const std::vector<sigma::Rule>& rules, const sigma::LogSources& log_sources,
               const sigma::Placeholders& placeholders) {
  for (std::size_t i = 0; i < rules.size(); ++i) {
    Prepared prepared = prepare(rules[i], placeholders);
    prepared.log_source = log_source_of(rules[i], log_sources);
    if (!prepared.judgeable) unjudged_.push_back(i);
    rules_.push_back(std::move(prepared));
  }
}

namespace {

bool map_is_true(const std::vector<Item>& items, const EventFields& fields, const sigma::Variant& variant,
                 const std::string& name, std::vector<Match>& found) {
  const auto holds = [&](const Item& item) { return item.evaluate(fields, variant, name, found); };
  return active(Mutant::map_is_or) ? std::ranges::any_of(items, holds) : std::ranges::all_of(items, holds);
}

}  // namespace

bool Oracle::evaluate(const Prepared& prepared, const EventFields& fields, const sigma::Variant& variant,
                      std::vector<Match>& matches) {
  std::vector<bool> truths;
  std::vector<std::vector<Match>> proofs;
  for (std::size_t s = 0; s < prepared.items.size(); ++s) {
    const std::string& name = prepared.rule->selections[s].name;
    std::size_t truth = 0;
    std::vector<Match> proof;
    for (const std::vector<Item>& items : prepared.items[s]) {
      std::vector<Match> found;
      if (!map_is_true(items, fields, variant, name, found)) continue;
      proof.insert(proof.end(), found.begin(), found.end());
      ++truth;
    }
    const bool every = active(Mutant::list_of_maps_is_and);
    truths.push_back(every ? truth == prepared.items[s].size() : truth > 0);
    proofs.push_back(std::move(proof));
  }
  if (!node_truths(prepared.condition, truths).back()) return false;
  const std::vector<bool> asked = asked_for(prepared.condition, truths.size());
  for (std::size_t s = 0; s < truths.size(); ++s) {
    if (truths[s] && asked[s]) matches.insert(matches.end(), proofs[s].begin(), proofs[s].end());
  }
  return true;
}

std::vector<std::vector<const sigma::Variant*>> Oracle::fitting(const EventFields& fields, bool assembled) const {
  const bool part = !assembled && is_script_block_part(fields) && !active(Mutant::parts_judged_alone);
  std::vector<std::vector<const sigma::Variant*>> all;
  for (const auto& [log_source, variants] : log_sources_) {
    auto& list = all.emplace_back();
    for (const sigma::Variant& variant : variants) {
      const bool wanted = variant.assemble_script_blocks ? !part : !assembled;
      if (wanted && fields.fits(variant)) list.push_back(&variant);
      if (active(Mutant::only_first_variant)) break;
    }
  }
  return all;
}

std::vector<Verdict> Oracle::judge(const model::Event& event, const model::FieldTable& table, bool assembled) const {
  const EventFields fields(event, table);
  const auto variants = fitting(fields, assembled);
  std::vector<Verdict> verdicts;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (!rules_[i].judgeable) continue;
    for (const sigma::Variant* variant : variants[rules_[i].log_source]) {
      Verdict verdict{.rule = i, .variant = variant->name, .matches = {}};
      if (!evaluate(rules_[i], fields, *variant, verdict.matches)) continue;
      verdicts.push_back(std::move(verdict));
      if (!active(Mutant::every_variant_finds)) break;  // one finding for a rule and an event
    }
  }
  return verdicts;
}

}  // namespace tocsin::oracle
