// SARIF 2.1.0 (OASIS), one run: matched rules as reportingDescriptors, sources as artifacts with hashes, findings as
// results, anomalies and interruption as notifications. What a scan could not check is in run.properties.
#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "report/display.hpp"
#include "report/output.hpp"
#include "report/writers.hpp"

namespace tocsin::report {
namespace {

using base::JsonWriter;

constexpr std::int32_t kUnmatched = -1;

// SARIF 2.1.0 §3.27.10; informational findings are "note", so that a viewer does not hide them.
std::string_view sarif_level(Level level) {
  if (level >= Level::high) return "error";
  return level == Level::medium ? "warning" : "note";
}

// RFC 3986: everything but unreserved characters and '/' is percent-encoded, byte by byte.
std::string uri_of(const SourceInfo& source) {
  std::string out;
  const std::string path = source.container.empty() ? source.path : source.path + "!/" + source.container;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    plain ? out.push_back(c) : static_cast<void>(out += fmt::format("%{:02X}", static_cast<unsigned char>(c)));
  }
  while (out.starts_with('/')) out.erase(0, 1);
  return out;
}

void text_object(JsonWriter& json, std::string_view key, std::string_view text) {
  json.key(key);
  json.begin_object();
  json.member("text", text);
  json.end_object();
}

void descriptor(JsonWriter& json, const RuleInfo& rule) {
  json.begin_object();
  json.member("id", rule.id);
  text_object(json, "shortDescription", rule.title.empty() ? std::string_view(rule.id) : rule.title);
  text_object(json, "fullDescription", rule.description.empty() ? std::string_view(rule.title) : rule.description);
  json.key("defaultConfiguration");
  json.begin_object();
  json.member("level", sarif_level(rule.level));
  json.end_object();
  json.key("properties");
  json.begin_object();
  json.member("author", rule.author);
  json.member("license", rule.license);
  json.member("level", to_string(rule.level));
  json.member("status", to_string(rule.status));
  json.member("file", rule.file);
  json.member("sha256", rule.sha256);
  json.key("tags");
  json.begin_array();
  for (const std::string& tag : rule.tags) json.string(tag);
  json.end_array();
  json.end_object();
  json.end_object();
}

void artifact(JsonWriter& json, const SourceInfo& source) {
  json.begin_object();
  json.key("location");
  json.begin_object();
  json.member("uri", uri_of(source));
  json.member_uint("index", source.index);
  json.end_object();
  json.member_uint("length", source.size);
  if (!source.sha256.empty()) {
    json.key("hashes");
    json.begin_object();
    json.member("sha-256", source.sha256);
    json.end_object();
  }
  json.key("properties");
  json.begin_object();
  json.member("path", source.path);
  json.member("container", source.container);
  json.member("format", source.format);
  json.member_uint("records", source.records);
  json.end_object();
  json.end_object();
}

void location(JsonWriter& json, const ResultView& view, std::uint32_t source, const Place& place) {
  json.begin_object();
  json.key("physicalLocation");
  json.begin_object();
  json.key("artifactLocation");
  json.begin_object();
  json.member("uri", uri_of(view.sources().at(source)));
  json.member_uint("index", source);
  json.end_object();
  json.key("region");
  json.begin_object();
  if (place.line != Place::kNone) json.member_uint("startLine", place.line);
  json.member_uint("byteOffset", place.offset);
  json.member_uint("byteLength", place.length);
  json.end_object();
  json.end_object();
  if (place.record != Place::kNone) text_object(json, "message", fmt::format("record {}", place.record));
  json.end_object();
}

std::string message_of(const RuleInfo& rule, const Finding& finding) {
  std::string text = rule.title;
  if (!rule.author.empty()) text += " (rule by " + rule.author + ")";
  if (!finding.computer.empty()) text += " on " + finding.computer;
  for (const Match& match : finding.matches) {
    if (!match.negated) return text + ": " + (match.field.empty() ? "keyword" : match.field) + " met " + match.pattern;
  }
  return text;
}

void result_properties(JsonWriter& json, const RuleInfo& rule, const Finding& finding) {
  json.key("properties");
  json.begin_object();
  if (finding.time) json.member("time", format_time(*finding.time));
  json.member("level", to_string(rule.level));
  json.member("evidence_class", to_string(rule.evidence_class));
  json.member("host", finding.computer);
  json.member("channel", finding.channel);
  json.member("provider", finding.provider);
  if (finding.event_id) json.member_int("event_id", *finding.event_id);
  json.key("techniques");
  json.begin_array();
  for (const std::string& technique : rule.techniques) json.string(technique);
  json.end_array();
  json.end_object();
}

void result(JsonWriter& json, const ResultView& view, const Finding& finding, std::int32_t rule_index) {
  const RuleInfo& rule = view.rules().at(finding.rule);
  json.begin_object();
  json.member("ruleId", rule.id);
  json.member_int("ruleIndex", rule_index);
  json.member("level", sarif_level(rule.level));
  text_object(json, "message", message_of(rule, finding));
  json.key("locations");
  json.begin_array();
  location(json, view, finding.source, finding.place);
  json.end_array();
  if (!finding.parts.empty()) {
    json.key("relatedLocations");
    json.begin_array();
    for (const Finding::Part& part : finding.parts) location(json, view, part.source, part.place);
    json.end_array();
  }
  json.key("fingerprints");
  json.begin_object();
  json.member("tocsin/v1", finding.id);
  json.end_object();
  result_properties(json, rule, finding);
  json.end_object();
}

void notification(JsonWriter& json, const ResultView& view, const Anomaly& anomaly) {
  json.begin_object();
  json.key("descriptor");
  json.begin_object();
  json.member("id", anomaly.code);
  json.end_object();
  json.member("level", "warning");
  text_object(json, "message", anomaly.message);
  json.key("locations");
  json.begin_array();
  if (anomaly.source != Anomaly::kNoSource) {
    Place place;
    place.offset = anomaly.offset;
    place.length = anomaly.skipped;
    location(json, view, anomaly.source, place);
  }
  json.end_array();
  json.end_object();
}

// Indexes of matched rules in the run's rule array, in the order of the view's rules.
Result<std::vector<std::int32_t>> matched_rules(const ResultView& view) {
  std::vector<std::int32_t> index(view.rules().size(), kUnmatched);
  TOCSIN_CHECK(view.each_finding([&](const Finding& finding) -> Result<void> {
    index.at(finding.rule) = 0;
    return {};
  }));
  std::int32_t next = 0;
  for (std::int32_t& i : index) {
    if (i != kUnmatched) i = next++;
  }
  return index;
}

void tool(JsonWriter& json, const ResultView& view, const std::vector<std::int32_t>& index) {
  json.key("tool");
  json.begin_object();
  json.key("driver");
  json.begin_object();
  json.member("name", "tocsin");
  json.member("version", TOCSIN_VERSION);
  json.key("rules");
  json.begin_array();
  for (std::size_t rule = 0; rule < index.size(); ++rule) {
    if (index[rule] != kUnmatched) descriptor(json, view.rules()[rule]);
  }
  json.end_array();
  json.end_object();
  json.end_object();
}

Result<void> invocation(JsonWriter& json, const ResultView& view) {
  json.key("invocations");
  json.begin_array();
  json.begin_object();
  json.member("executionSuccessful", !view.summary().interrupted);
  json.key("toolExecutionNotifications");
  json.begin_array();
  TOCSIN_CHECK(view.each_anomaly([&](const Anomaly& anomaly) -> Result<void> {
    notification(json, view, anomaly);
    return {};
  }));
  json.end_array();
  json.end_object();
  json.end_array();
  return {};
}

void run_properties(JsonWriter& json, const Summary& summary) {
  json.key("properties");
  json.begin_object();
  json.member("rule_set_hash", summary.rule_set_hash);
  json.member_uint("rules_selected", summary.rules_selected);
  json.member_uint("rules_not_evaluable",
                   summary.rules_by_status[static_cast<std::size_t>(CoverageStatus::not_evaluable)]);
  json.member_uint("events_judged", summary.events_judged);
  json.end_object();
}

}  // namespace

Result<void> write_sarif(const ResultView& view, const ReportOptions&, ByteSink& sink) {
  TOCSIN_TRY(const auto index, matched_rules(view));
  Output out(sink);
  JsonWriter json(out.text());
  json.begin_object();
  json.member("$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json");
  json.member("version", "2.1.0");
  json.key("runs");
  json.begin_array();
  json.begin_object();
  tool(json, view, index);
  TOCSIN_CHECK(invocation(json, view));
  json.key("artifacts");
  json.begin_array();
  for (const SourceInfo& source : view.sources()) artifact(json, source);
  json.end_array();
  json.key("results");
  json.begin_array();
  TOCSIN_CHECK(view.each_finding([&](const Finding& finding) {
    result(json, view, finding, index.at(finding.rule));
    return out.spill();
  }));
  json.end_array();
  run_properties(json, view.summary());
  json.end_object();
  json.end_array();
  json.end_object();
  out.text() += '\n';
  return out.finish();
}

}  // namespace tocsin::report
