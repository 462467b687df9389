#include "report/json_objects.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "knowledge/attack.hpp"
#include "report/json_parts.hpp"
#include "report/writers.hpp"

namespace tocsin::report {
namespace {

void logsource_object(JsonWriter& json, const LogSource& logsource) {
  json.key("logsource");
  json.begin_object();
  text_or_null(json, "product", logsource.product);
  text_or_null(json, "category", logsource.category);
  text_or_null(json, "service", logsource.service);
  json.end_object();
}

void rule_object(JsonWriter& json, const RuleInfo& rule, Profile profile) {
  json.begin_object();
  json.member("id", rule.id);
  json.member("title", rule.title);
  text_or_null(json, "author", rule.author);
  text_or_null(json, "license", rule.license);
  json.member("file", rule.file);
  json.member_uint("line", rule.line);
  json.member("sha256", rule.sha256);
  strings(json, "tags", rule.tags);
  if (profile != Profile::minimal) {
    json.member("status", to_string(rule.status));
    text_or_null(json, "date", rule.date);
    text_or_null(json, "modified", rule.modified);
    text_or_null(json, "description", rule.description);
    logsource_object(json, rule.logsource);
    strings(json, "false_positives", rule.false_positives);
    strings(json, "references", rule.references);
    text_or_null(json, "condition", rule.condition);
    strings(json, "next", rule.next);
  }
  json.end_object();
}

template <class Indexes>
void setting_ids(JsonWriter& json, const ResultView& view, const Indexes& settings) {
  json.key("settings");
  json.begin_array();
  for (const std::uint32_t setting : settings) json.string(view.settings().at(setting).id);
  json.end_array();
}

// The span as bytes of the value as it is written: invalid bytes grow when they are made visible.
void value_and_span(JsonWriter& json, const Match& match) {
  const std::string_view value = match.value;
  std::size_t begin = std::min<std::size_t>(match.span.begin, value.size());
  std::size_t end = std::clamp<std::size_t>(match.span.end, begin, value.size());
  json.member("value", match.value);
  json.member("pattern", match.pattern);
  if (!base::is_utf8(value)) {
    const std::size_t length = base::visible_utf8(value.substr(begin, end - begin)).size();
    begin = base::visible_utf8(value.substr(0, begin)).size();
    end = begin + length;
  }
  json.key("span");
  json.begin_array();
  json.unsigned_integer(begin);
  json.unsigned_integer(end);
  json.end_array();
  if (match.value_size == 0) return;
  json.member_uint("value_from", match.value_from);
  json.member_uint("value_size", match.value_size);
}

void match_object(JsonWriter& json, const Match& match, Profile profile) {
  json.begin_object();
  json.member("selection", match.selection);
  text_or_null(json, "field", match.field);
  text_or_null(json, "event_field", match.event_field);
  value_and_span(json, match);
  json.member("negated", match.negated);
  if (profile != Profile::minimal) strings(json, "conversions", match.conversions);
  json.end_object();
}

void parts_array(JsonWriter& json, const ResultView& view, const std::vector<Finding::Part>& parts) {
  json.key("parts");
  json.begin_array();
  for (const Finding::Part& part : parts) {
    json.begin_object();
    source_reference(json, view, part.source);
    place_object(json, part.place);
    json.end_object();
  }
  json.end_array();
}

void id_gaps(JsonWriter& json, const SourceInfo& source) {
  json.member_uint("id_gap_count", source.id_gap_count);
  json.key("id_gaps");
  json.begin_array();
  for (const SourceInfo::IdGap& gap : source.id_gaps) {
    json.begin_object();
    text_or_null(json, "channel", gap.channel);
    json.member_uint("after_id", gap.after_id);
    json.member_uint("before_id", gap.before_id);
    time_or_null(json, "after_time", gap.after_time);
    time_or_null(json, "before_time", gap.before_time);
    json.end_object();
  }
  json.end_array();
}

void collected(JsonWriter& json, const SourceInfo::Collected& collected) {
  json.key("collected");
  if (collected.kind.empty()) {
    json.null();
    return;
  }
  json.begin_object();
  json.member("kind", collected.kind);
  text_or_null(json, "host", collected.host);
  text_or_null(json, "original_path", collected.original_path);
  text_or_null(json, "shadow_copy", collected.shadow_copy);
  json.end_object();
}

void time_gaps(JsonWriter& json, const SourceInfo& source) {
  json.member_uint("time_gap_count", source.time_gap_count);
  json.key("time_gaps");
  json.begin_array();
  for (const SourceInfo::TimeGap& gap : source.time_gaps) {
    json.begin_object();
    json.member("from", format_time(gap.from));
    json.member("to", format_time(gap.to));
    json.end_object();
  }
  json.end_array();
}

void levels_object(JsonWriter& json, const Summary& summary) {
  json.key("findings_by_level");
  json.begin_object();
  for (std::size_t level = summary.findings_by_level.size(); level-- > 0;) {
    json.member_uint(to_string(static_cast<Level>(level)), summary.findings_by_level[level]);
  }
  json.end_object();
}

void rules_object(JsonWriter& json, const Summary& summary) {
  json.key("rules");
  json.begin_object();
  json.member_uint("loaded", summary.rules_loaded);
  json.member_uint("rejected", summary.rules_rejected);
  json.member_uint("selected", summary.rules_selected);
  for (std::size_t status = 0; status < summary.rules_by_status.size(); ++status) {
    json.member_uint(to_string(static_cast<CoverageStatus>(status)), summary.rules_by_status[status]);
  }
  json.end_object();
}

}  // namespace

std::string_view source_status(const SourceInfo& source) {
  if (source.is_container) return "container";
  if (source.format.empty()) return "not_recognised";
  if (source.records == 0) return "nothing_in_it";
  return source.judged == 0 ? "filtered_out" : "read";
}

void append_header(std::string& out, const ResultView& view, Profile profile) {
  JsonWriter json(out);
  json.begin_object();
  json.member("type", "header");
  json.member("schema", kSchemaName);
  json.member_int("version", kSchemaVersion);
  json.member("tool", "tocsin");
  json.member("tool_version", TOCSIN_VERSION);
  json.member("rule_set_hash", view.summary().rule_set_hash);
  json.member("attack_release", knowledge::Attack::built_in().release_text());
  json.member("profile", profile == Profile::minimal ? "minimal" : profile == Profile::full ? "full" : "standard");
  json.end_object();
}

void append_source(std::string& out, const SourceInfo& source) {
  JsonWriter json(out);
  json.begin_object();
  json.member("type", "source");
  json.member_uint("index", source.index);
  json.member("path", source.path);
  text_or_null(json, "container", source.container);
  hashes(json, source);
  json.member_uint("size", source.size);
  text_or_null(json, "format", source.format);
  text_or_null(json, "shape", source.shape);
  json.member("status", source_status(source));
  json.member_uint("records", source.records);
  json.member_uint("judged", source.judged);
  time_or_null(json, "first_time", source.first_time);
  time_or_null(json, "last_time", source.last_time);
  strings(json, "channels", source.channels);
  strings(json, "computers", source.computers);
  json.member_uint("anomalies", source.anomalies);
  collected(json, source.collected);
  id_gaps(json, source);
  time_gaps(json, source);
  json.end_object();
}

std::string_view RuleTexts::of(std::uint32_t rule) {
  if (const auto found = texts_.find(rule); found != texts_.end()) return found->second;
  if (bytes_ > kMaxBytes) {
    texts_.clear();
    bytes_ = 0;
  }
  std::string text;
  JsonWriter json(text);
  rule_object(json, view_.rules().at(rule), profile_);
  bytes_ += text.size();
  return texts_.emplace(rule, std::move(text)).first->second;
}

void append_finding(std::string& out, const ResultView& view, const Finding& finding, Profile profile) {
  RuleTexts rules(view, profile);
  append_finding(out, view, finding, profile, rules);
}

void append_finding(std::string& out, const ResultView& view, const Finding& finding, Profile profile,
                    RuleTexts& rules) {
  const RuleInfo& rule = view.rules().at(finding.rule);
  JsonWriter json(out);
  json.begin_object();
  json.member("type", "finding");
  json.member("id", finding.id);
  text_or_null(json, "same_as", finding.same_as);
  time_or_null(json, "time", finding.time);
  json.member("level", to_string(rule.level));
  json.member("evidence_class", to_string(rule.evidence_class));
  json.key("rule");
  json.raw(rules.of(finding.rule));
  strings(json, "techniques", rule.techniques);
  source_reference(json, view, finding.source);
  place_object(json, finding.place);
  parts_array(json, view, finding.parts);
  text_or_null(json, "host", finding.computer);
  text_or_null(json, "channel", finding.channel);
  text_or_null(json, "provider", finding.provider);
  json.key("event_id");
  finding.event_id ? json.integer(*finding.event_id) : json.null();
  text_or_null(json, "log_source", finding.log_source_variant);
  json.key("matches");
  json.begin_array();
  for (const Match& match : finding.matches) match_object(json, match, profile);
  json.end_array();
  if (profile != Profile::minimal) strings(json, "notes", finding.notes);
  if (profile == Profile::full) {
    json.key("event");
    finding.event_json.empty() ? json.null() : json.raw(finding.event_json);
  }
  json.end_object();
}

void append_anomaly(std::string& out, const ResultView& view, const Anomaly& anomaly) {
  JsonWriter json(out);
  json.begin_object();
  json.member("type", "anomaly");
  json.member("code", anomaly.code);
  json.member("message", anomaly.message);
  text_or_null(json, "remedy", anomaly.remedy);
  if (anomaly.source != Anomaly::kNoSource) {
    source_reference(json, view, anomaly.source);
  } else {
    json.key("source");
    json.begin_object();
    json.member("path", anomaly.path);
    text_or_null(json, "container", {});
    text_or_null(json, "sha256", {});
    json.end_object();
  }
  json.member_uint("offset", anomaly.offset);
  json.member_uint("skipped", anomaly.skipped);
  json.member_uint("count", anomaly.count);
  json.end_object();
}

void append_coverage(std::string& out, const ResultView& view, const RuleCoverage& coverage) {
  const RuleInfo& rule = view.rules().at(coverage.rule);
  JsonWriter json(out);
  json.begin_object();
  json.member("type", "coverage");
  json.key("rule");
  json.begin_object();
  json.member("id", rule.id);
  json.member("title", rule.title);
  text_or_null(json, "author", rule.author);
  json.member("file", rule.file);
  json.member("level", to_string(rule.level));
  json.end_object();
  json.member("status", to_string(coverage.status));
  json.key("reason");
  coverage.reason == CoverageReason::none ? json.null() : json.string(to_string(coverage.reason));
  text_or_null(json, "detail", coverage.detail);
  json.member_uint("events_judged", coverage.events_judged);
  json.member_uint("findings", coverage.findings);
  setting_ids(json, view, coverage.settings);
  json.end_object();
}

namespace {
void tactics(JsonWriter& json, const knowledge::Technique* technique) {
  std::string_view rest = technique == nullptr ? std::string_view() : technique->tactics;
  json.begin_array();
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find(','));
    json.string(one);
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
  }
  json.end_array();
}
}  // namespace

void append_technique(std::string& out, const ResultView& view, const TechniqueCoverage& technique) {
  JsonWriter json(out);
  json.begin_object();
  json.member("type", "technique");
  json.member("technique", technique.technique);
  const knowledge::Technique* known = knowledge::Attack::built_in().find(technique.technique);
  text_or_null(json, "name", known == nullptr ? std::string_view() : known->name);
  json.key("tactics");
  tactics(json, known);
  strings(json, "tagged_as", std::vector<std::string>(technique.tagged_as.begin(), technique.tagged_as.end()));
  json.key("rules");
  json.begin_object();
  json.member_uint("matched", technique.matched);
  json.member_uint("not_seen", technique.not_seen);
  json.member_uint("not_evaluable", technique.not_evaluable);
  json.end_object();
  setting_ids(json, view, technique.settings);
  json.end_object();
}

void append_setting(std::string& out, const ResultView& view, const SettingUse& use) {
  const Setting& setting = view.settings().at(use.setting);
  JsonWriter json(out);
  json.begin_object();
  json.member("type", "setting");
  json.member("id", setting.id);
  json.member("title", setting.title);
  json.member("product", setting.product);
  text_or_null(json, "fetch", setting.fetch);
  text_or_null(json, "command", setting.command);
  text_or_null(json, "cost", setting.cost);
  json.member("on_by_default", setting.on_by_default);
  json.member_uint("rules", use.rules);
  strings(json, "techniques", use.techniques);
  json.key("reach_days");
  setting.reach_days == 0 ? json.null() : json.unsigned_integer(setting.reach_days);
  json.key("short_sources");
  json.begin_array();
  for (const std::uint32_t source : use.short_sources) json.unsigned_integer(source);
  json.end_array();
  json.end_object();
}

void append_summary(std::string& out, const Summary& summary, const Rollup& rollup) {
  JsonWriter json(out);
  json.begin_object();
  json.member("type", "summary");
  json.member("interrupted", summary.interrupted);
  json.member_uint("sources_read", summary.sources_read);
  json.member_uint("sources_unrecognised", summary.sources_unrecognised);
  json.member_uint("paths_failed", summary.paths_failed);
  json.member_uint("bytes", summary.bytes);
  json.member_uint("events", summary.events);
  json.member_uint("events_judged", summary.events_judged);
  time_or_null(json, "first_time", summary.first_time);
  time_or_null(json, "last_time", summary.last_time);
  json.member_uint("findings", summary.findings);
  json.member_uint("same_findings", summary.same_findings);
  levels_object(json, summary);
  json.key("techniques");
  json.begin_object();
  for (const TechniqueCoverage& one : rollup.techniques) {
    if (one.findings > 0) json.member_uint(one.technique, one.findings);
  }
  json.end_object();
  json.member_uint("anomalies", summary.anomalies);
  rules_object(json, summary);
  unmet_filters(json, summary.unmet_filters);
  json.member("rule_set_hash", summary.rule_set_hash);
  json.end_object();
}

}  // namespace tocsin::report
