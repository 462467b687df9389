#include "report/rollup.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "knowledge/attack.hpp"
#include "report/techniques.hpp"

namespace tocsin::report {
namespace {

constexpr std::int64_t kTicksPerDay = std::int64_t{24} * 3600 * 10'000'000;

// One channel alone: in a mixed export nobody knows which log it is that begins late.
bool is_log_of(const SourceInfo& source, const Setting& setting) {
  return source.channels.size() == 1 && std::ranges::any_of(setting.channels, [&](const std::string& channel) {
           return base::equal_ascii(channel, source.channels.front());
         });
}

bool reaches(const SourceInfo& source, std::uint32_t days) {
  return source.last_time->ticks - source.first_time->ticks >= days * kTicksPerDay;
}

std::vector<std::uint32_t> short_sources(const ResultView& view, const Setting& setting) {
  std::vector<std::uint32_t> found;
  for (const SourceInfo& source : view.sources()) {
    if (source.size < kLeastRolledBytes || !source.first_time || !source.last_time) continue;
    if (is_log_of(source, setting) && !reaches(source, setting.reach_days)) found.push_back(source.index);
  }
  return found;
}

void count(TechniqueCoverage& technique, const RuleCoverage& rule) {
  technique.findings += rule.findings;
  switch (rule.status) {
    case CoverageStatus::matched:
      ++technique.matched;
      break;
    case CoverageStatus::not_seen:
      ++technique.not_seen;
      break;
    case CoverageStatus::not_evaluable:
      ++technique.not_evaluable;
      technique.settings.insert(rule.settings.begin(), rule.settings.end());
      break;
  }
}

void note_older(std::map<std::string, TechniqueCoverage>& techniques, const std::string& tag) {
  const std::string_view now = knowledge::Attack::built_in().current(tag);
  if (now != tag) techniques[std::string(now)].tagged_as.insert(tag);
}

}  // namespace

Result<Rollup> roll_up(const ResultView& view) {
  std::map<std::string, TechniqueCoverage> techniques;
  std::map<std::uint32_t, std::pair<std::uint64_t, std::set<std::string>>> settings;
  std::set<std::string> products;
  TOCSIN_CHECK(view.each_coverage([&](const RuleCoverage& rule) -> Result<void> {
    const RuleInfo& info = view.rules().at(rule.rule);
    const std::vector<std::string> named = current_techniques(info);
    for (const std::string& name : named) count(techniques[name], rule);
    for (const std::string& tag : info.techniques) note_older(techniques, tag);
    if (rule.status != CoverageStatus::not_evaluable) products.insert(view.rules()[rule.rule].logsource.product);
    for (const std::uint32_t setting : rule.settings) {
      auto& [rules, about] = settings[setting];
      ++rules;
      about.insert(named.begin(), named.end());
    }
    return {};
  }));
  Rollup out;
  out.products = std::move(products);
  for (auto& [name, technique] : techniques) {
    technique.technique = name;
    out.techniques.push_back(std::move(technique));
  }
  for (const auto& [setting, use] : settings) {
    out.settings.push_back({setting, use.first, {use.second.begin(), use.second.end()}, {}});
  }
  std::ranges::stable_sort(out.settings, [](const auto& a, const auto& b) { return a.rules > b.rules; });
  for (std::uint32_t i = 0; i < view.settings().size(); ++i) {
    if (view.settings()[i].reach_days == 0) continue;
    std::vector<std::uint32_t> sources = short_sources(view, view.settings()[i]);
    if (!sources.empty()) out.settings.push_back({i, 0, {}, std::move(sources)});
  }
  return out;
}

}  // namespace tocsin::report
