#include "tests/oracle/compare.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace tocsin::oracle {
namespace {

constexpr std::size_t kShownValue = 300;  // bytes

std::string key_of(const RuleInfo& info) {
  return fmt::format("{}:{}:{}", info.file, info.line, info.id);
}

std::string shown(const Match& match) {
  return fmt::format("    {}: {} [{}] `{}` by `{}` {}-{}{}{} {}\n", match.selection, match.field, match.event_field,
                     match.value.substr(0, kShownValue), match.pattern, match.span.begin, match.span.end,
                     match.negated ? " negated" : "", match.conversions.empty() ? "" : ", converted by",
                     fmt::join(match.conversions, ", "));
}

constexpr std::size_t kWholeValues = std::numeric_limits<std::size_t>::max();

std::string shown(std::string_view who, std::string_view variant, const std::vector<Match>& matches) {
  std::string text = fmt::format("  {} ({})\n", who, variant);
  for (const Match& match : matches) text += shown(match);
  return text;
}

bool uses_placeholders(const sigma::Rule& rule) {
  for (const sigma::Selection& selection : rule.selections) {
    for (const auto& map : selection.alternatives) {
      for (const sigma::FieldItem& item : map) {
        if (std::ranges::find(item.modifiers, "expand") != item.modifiers.end()) return true;
      }
    }
  }
  return false;
}

}  // namespace

RulePair::RulePair(std::vector<sigma::Rule> rules) : rules_(std::move(rules)) {
  const auto log_sources = sigma::LogSources::load(sigma::builtin_log_source_files(), problems_);
  compiled_ = sigma::CompiledSet::compile(rules_, log_sources, {}, problems_);
  oracle_.emplace(rules_, log_sources);
  std::map<std::string, std::uint32_t> by_key;
  for (std::uint32_t i = 0; i < compiled_->rules().size(); ++i) by_key[key_of(compiled_->rules()[i])] = i;
  for (const sigma::Rule& rule : rules_) {
    const auto found = by_key.find(key_of(rule.info));
    compiled_index_.push_back(found == by_key.end() ? kRejected : found->second);
  }
}

std::vector<std::size_t> RulePair::beyond_the_oracle() const {
  std::vector<std::size_t> beyond;
  for (const std::size_t rule : oracle_->unjudged()) {
    const bool nobody_judges = rules_[rule].not_evaluated != CoverageReason::none ||
                               compiled_index_[rule] == kRejected || uses_placeholders(rules_[rule]);
    if (!nobody_judges) beyond.push_back(rule);
  }
  return beyond;
}

std::string Comparison::name(std::size_t rule) const {
  return pair_.rules()[rule].info.id + " " + pair_.rules()[rule].info.file;
}

bool Comparison::engine_finds(const model::Event& event) {
  hits_.clear();
  judge_.judge(event, hits_);
  return !hits_.empty();
}

std::vector<std::string> Comparison::differences(const model::Event& event, bool assembled) {
  std::vector<std::string> out;
  hits_.clear();
  assembled ? judge_.judge_assembled(event, hits_) : judge_.judge(event, hits_);
  std::map<std::uint32_t, sigma::Hit> engine;
  for (const sigma::Hit& hit : hits_) {
    if (!engine.emplace(hit.rule, hit).second) out.emplace_back("  the engine gives a rule twice\n");
  }
  for (const Verdict& verdict : pair_.oracle().judge(event, pair_.compiled().fields(), assembled)) {
    if (pair_.compiled_index(verdict.rule) == RulePair::kRejected) continue;  // its problem says why
    ++findings_;
    const auto found = engine.find(pair_.compiled_index(verdict.rule));
    if (found == engine.end()) {
      out.push_back(
          fmt::format("  rule {}\n{}", name(verdict.rule), shown("only the oracle", verdict.variant, verdict.matches)));
      continue;
    }
    const std::vector<Match> matches = judge_.matches(event, found->second, kWholeValues);
    const std::string variant(judge_.variant(found->second));
    if (matches != verdict.matches || variant != verdict.variant) {
      out.push_back(fmt::format("  rule {}\n{}{}", name(verdict.rule),
                                shown("oracle", verdict.variant, verdict.matches), shown("engine", variant, matches)));
    }
    engine.erase(found);
  }
  for (const auto& [rule, hit] : engine) {
    out.push_back(fmt::format("  rule {}\n{}", pair_.compiled().rules()[rule].id,
                              shown("only the engine", judge_.variant(hit), judge_.matches(event, hit, kWholeValues))));
  }
  return out;
}

}  // namespace tocsin::oracle
