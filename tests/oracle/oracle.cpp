#include "tests/oracle/oracle.hpp"

#include <algorithm>

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
    if (node.kind == NodeKind::selection && polarity[i].positive) asked[node.selection] = true;
    const bool turned = node.kind == NodeKind::logical_not;
    for (const std::uint32_t child : node.children) {
      polarity[child].positive |= turned ? polarity[i].negative : polarity[i].positive;
      polarity[child].negative |= turned ? polarity[i].positive : polarity[i].negative;
    }
  }
  return asked;
}

bool is_count(std::string_view text) {
  return !text.empty() && text.size() < 20 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// PowerShell 4104 with more than one part, and with what the parts are put together by.
bool is_part(const EventFields& fields) {
  if (fields.event().head().event_id != 4104) return false;
  const auto& total = fields.own("MessageTotal").values;
  const auto& number = fields.own("MessageNumber").values;
  const auto& id = fields.own("ScriptBlockId").values;
  if (total.empty() || number.empty() || id.empty() || id.front().text.bytes.empty()) return false;
  return is_count(total.front().text.bytes) && is_count(number.front().text.bytes) &&
         compare_numbers(total.front().text.bytes, "1").value_or(0) > 0;
}

}  // namespace

Oracle::Prepared Oracle::prepare(const sigma::Rule& rule) {
  Prepared out;
  out.rule = &rule;
  out.judgeable = rule.not_evaluated == CoverageReason::none && !rule.condition.empty();
  for (const sigma::Selection& selection : rule.selections) {
    auto& alternatives = out.items.emplace_back();
    for (const auto& map : selection.alternatives) {
      auto& items = alternatives.emplace_back();
      for (const sigma::FieldItem& item : map) {
        items.emplace_back(item);
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

Oracle::Oracle(const std::vector<sigma::Rule>& rules, const sigma::LogSources& log_sources) {
  for (std::size_t i = 0; i < rules.size(); ++i) {
    Prepared prepared = prepare(rules[i]);
    prepared.log_source = log_source_of(rules[i], log_sources);
    if (!prepared.judgeable) unjudged_.push_back(i);
    rules_.push_back(std::move(prepared));
  }
}

bool Oracle::evaluate(const Prepared& prepared, const EventFields& fields, const sigma::Variant& variant,
                      std::vector<Match>& matches) {
  std::vector<bool> truths;
  std::vector<std::vector<Match>> proofs;
  for (std::size_t s = 0; s < prepared.items.size(); ++s) {
    const std::string& name = prepared.rule->selections[s].name;
    bool truth = false;
    std::vector<Match> proof;
    for (const std::vector<Item>& items : prepared.items[s]) {
      std::vector<Match> found;
      const bool all_true =
          std::ranges::all_of(items, [&](const Item& item) { return item.evaluate(fields, variant, name, found); });
      if (all_true) proof.insert(proof.end(), found.begin(), found.end());
      truth = truth || all_true;
    }
    truths.push_back(truth);
    proofs.push_back(std::move(proof));
  }
  if (!node_truths(prepared.rule->condition, truths).back()) return false;
  const std::vector<bool> asked = asked_for(prepared.rule->condition, truths.size());
  for (std::size_t s = 0; s < truths.size(); ++s) {
    if (truths[s] && asked[s]) matches.insert(matches.end(), proofs[s].begin(), proofs[s].end());
  }
  return true;
}

std::vector<Verdict> Oracle::judge(const model::Event& event, const model::FieldTable& table, bool assembled) const {
  const EventFields fields(event, table);
  const bool part = !assembled && is_part(fields);
  std::vector<std::vector<const sigma::Variant*>> fitting;
  for (const auto& [log_source, variants] : log_sources_) {
    auto& list = fitting.emplace_back();
    for (const sigma::Variant& variant : variants) {
      const bool wanted = variant.assemble_script_blocks ? !part : !assembled;
      if (wanted && fields.fits(variant)) list.push_back(&variant);
    }
  }
  std::vector<Verdict> verdicts;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (!rules_[i].judgeable) continue;
    for (const sigma::Variant* variant : fitting[rules_[i].log_source]) {
      Verdict verdict{.rule = i, .variant = variant->name, .matches = {}};
      if (!evaluate(rules_[i], fields, *variant, verdict.matches)) continue;
      verdicts.push_back(std::move(verdict));
      break;  // one finding for a rule and an event
    }
  }
  return verdicts;
}

}  // namespace tocsin::oracle
