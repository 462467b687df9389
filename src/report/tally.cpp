#include "report/tally.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "report/techniques.hpp"

namespace tocsin::report {

bool says_much(const Match& match) {
  static constexpr std::array<std::string_view, 6> kSaysLittle{"EventID", "Provider_Name",    "Channel",
                                                               "Image",   "OriginalFileName", "ParentImage"};
  const std::string_view field = std::string_view(match.field).substr(0, match.field.find('|'));
  return std::ranges::find(kSaysLittle, field) == kSaysLittle.end();
}

const Match* best_match(const Finding& finding) {
  const auto worth = [](const Match& match) {
    return std::pair(says_much(match), std::uint32_t{match.span.end - match.span.begin});
  };
  const Match* best = nullptr;
  for (const Match& match : finding.matches) {
    if (!match.negated && (best == nullptr || worth(match) > worth(*best))) best = &match;
  }
  return best;
}

namespace {

void add_finding(RuleTally& tally, const Finding& finding) {
  const bool earlier = tally.count == 0 || (finding.time && (!tally.first || *finding.time < *tally.first));
  if (earlier) {
    tally.earliest = finding;
    tally.earliest.event_json.clear();
  }
  ++tally.count;
  if (finding.time) {
    tally.first = tally.first ? std::min(*tally.first, *finding.time) : finding.time;
    tally.last = tally.last ? std::max(*tally.last, *finding.time) : finding.time;
  }
  if (!finding.computer.empty() && tally.hosts.size() < Tally::kHostsKept) tally.hosts.insert(finding.computer);
}

// "attack.credential-access" and "attack.credential_access" are both in use.
std::string tactic_of(std::string_view tag) {
  static constexpr std::string_view kPrefix = "attack.";
  if (!tag.starts_with(kPrefix)) return {};
  std::string name(tag.substr(kPrefix.size()));
  const bool is_id = name.size() > 1 && std::string_view("tgs").find(name[0]) != std::string_view::npos &&
                     name[1] >= '0' && name[1] <= '9';
  if (is_id) return {};
  std::ranges::replace_if(name, [](char c) { return c == '-' || c == '_'; }, ' ');
  return name;
}

// True where no more than the kind of event or the program matched: no text to judge by.
bool is_thin(const Finding& finding) {
  return std::ranges::none_of(finding.matches, [](const Match& match) { return !match.negated && says_much(match); });
}

// What an analyst wants to see first: grave, strongly evidenced, with text to judge by, from a rule that does not cry
// often and is well kept.
auto telling_order(const RuleTally& tally, const std::vector<RuleInfo>& rules) {
  const RuleInfo& rule = rules.at(tally.rule);
  const int unstable = rule.status == RuleStatus::stable ? 0 : rule.status == RuleStatus::test ? 1 : 2;
  return std::tuple(-static_cast<int>(rule.level), static_cast<int>(rule.evidence_class), is_thin(tally.earliest),
                    tally.count, unstable, std::string_view(rule.title), std::string_view(rule.id), tally.rule);
}

// The first few, each of another record: three rules on one event tell one story.
void keep_different(std::vector<const RuleTally*>& telling) {
  std::vector<const RuleTally*> kept;
  for (const RuleTally* one : telling) {
    const bool seen = std::ranges::any_of(kept, [&](const RuleTally* other) {
      return other->earliest.source == one->earliest.source && other->earliest.place == one->earliest.place;
    });
    if (!seen && kept.size() < Tally::kTelling) kept.push_back(one);
  }
  telling = std::move(kept);
}

Result<void> tally_findings(const ResultView& view, Tally& out) {
  std::map<std::uint32_t, RuleTally> by_rule;
  TOCSIN_CHECK(view.each_finding([&](const Finding& finding) -> Result<void> {
    if (!finding.same_as.empty()) return {};
    RuleTally& one = by_rule[finding.rule];
    one.rule = finding.rule;
    add_finding(one, finding);
    return {};
  }));
  for (auto& [index, one] : by_rule) {
    const RuleInfo& rule = view.rules().at(index);
    for (const std::string& technique : current_techniques(rule)) {
      out.techniques[technique] += one.count;
      Level& level = out.technique_levels.try_emplace(technique, rule.level).first->second;
      level = std::max(level, rule.level);
    }
    for (const std::string& tag : rule.tags) {
      if (std::string tactic = tactic_of(tag); !tactic.empty()) out.tactics.insert(std::move(tactic));
    }
    out.by_level.at(static_cast<std::size_t>(rule.level)).push_back(std::move(one));
  }
  for (std::vector<RuleTally>& level : out.by_level) {
    std::ranges::sort(level, [&](const RuleTally& a, const RuleTally& b) {
      const RuleInfo &x = view.rules()[a.rule], &y = view.rules()[b.rule];
      return std::tie(b.count, x.title, x.id, a.rule) < std::tie(a.count, y.title, y.id, b.rule);
    });
    for (const RuleTally& one : level) out.telling.push_back(&one);
  }
  std::ranges::sort(out.telling, [&](const RuleTally* a, const RuleTally* b) {
    return telling_order(*a, view.rules()) < telling_order(*b, view.rules());
  });
  keep_different(out.telling);
  return {};
}

Result<void> tally_anomalies(const ResultView& view, Tally& out) {
  std::map<std::string, AnomalyTally> by_code;
  std::map<std::string, std::set<std::string>> places;
  TOCSIN_CHECK(view.each_anomaly([&](const Anomaly& anomaly) -> Result<void> {
    AnomalyTally& one = by_code[anomaly.code];
    if (one.count == 0) one.example = anomaly;
    one.code = anomaly.code;
    one.count += anomaly.count;
    one.skipped += anomaly.skipped;
    places[anomaly.code].insert(anomaly.source == Anomaly::kNoSource ? anomaly.path : std::to_string(anomaly.source));
    return {};
  }));
  for (auto& [code, one] : by_code) {
    one.sources = places[code].size();
    out.anomalies.push_back(std::move(one));
  }
  // What was lost first, then what is frequent.
  std::ranges::stable_sort(out.anomalies, [](const auto& a, const auto& b) {
    return std::tuple(b.skipped, b.count) < std::tuple(a.skipped, a.count);
  });
  return {};
}

Result<void> tally_coverage(const ResultView& view, Tally& out) {
  std::map<CoverageReason, std::map<std::string, DetailTally>> reasons;
  TOCSIN_CHECK(view.each_coverage([&](const RuleCoverage& coverage) -> Result<void> {
    if (coverage.status != CoverageStatus::not_evaluable) return {};
    DetailTally& detail = reasons[coverage.reason][coverage.detail];
    if (detail.rules++ == 0) detail.settings = coverage.settings;
    return {};
  }));
  for (const auto& [reason, details] : reasons) {
    ReasonTally one{reason, 0, {}};
    for (const auto& [text, detail] : details) {
      one.rules += detail.rules;
      one.details.push_back({text, detail.rules, detail.settings});
    }
    std::ranges::stable_sort(one.details, [](const auto& a, const auto& b) { return a.rules > b.rules; });
    out.reasons.push_back(std::move(one));
  }
  std::ranges::stable_sort(out.reasons, [](const auto& a, const auto& b) { return a.rules > b.rules; });
  return {};
}

}  // namespace

Result<Tally> tally(const ResultView& view) {
  Result<Tally> out{std::in_place};
  TOCSIN_CHECK(tally_findings(view, *out));
  TOCSIN_CHECK(tally_anomalies(view, *out));
  TOCSIN_CHECK(tally_coverage(view, *out));
  return out;
}

}  // namespace tocsin::report
