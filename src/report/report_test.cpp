// The machine formats against hand-made results: order of keys, escapes, guards. docs/formats/results.schema.json is
// checked against real output by tests/e2e.
#include "tocsin/report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "report/fake_view.hpp"
#include "report/golden_testing.hpp"

namespace tocsin::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ordered = nlohmann::ordered_json;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find('\n', from), text.size());
    lines.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return lines;
}

std::vector<ordered> objects(Profile profile) {
  std::vector<ordered> out;
  for (const std::string& line : lines_of(rendered(intrusion(), {ReportFormat::jsonl, profile}))) {
    out.push_back(ordered::parse(line));
  }
  return out;
}

std::vector<std::string> keys(const ordered& object) {
  std::vector<std::string> out;
  for (const auto& [key, value] : object.items()) out.push_back(key);
  return out;
}

ordered first_of(const std::vector<ordered>& all, std::string_view type) {
  for (const ordered& one : all) {
    if (one["type"] == type) return one;
  }
  return nullptr;
}

TEST(Jsonl, BeginsWithTheSchemaAndEndsWithTheSummary) {
  const auto all = objects(Profile::standard);
  EXPECT_EQ(all.front()["type"], "header");
  EXPECT_EQ(all.front()["schema"], "tocsin.results");
  EXPECT_EQ(all.front()["version"], 1);
  EXPECT_EQ(all.back()["type"], "summary");
  std::string order;
  for (const ordered& one : all) {
    const std::string type = one["type"];
    if (!order.ends_with(type)) order += type;
  }
  EXPECT_EQ(order, "headersourcefindinganomalycoveragetechniquesettingsummary");
}

TEST(Jsonl, FindingHasItsKeysInOrder) {
  const ordered finding = first_of(objects(Profile::standard), "finding");
  EXPECT_THAT(keys(finding), ElementsAre("type", "id", "same_as", "time", "level", "evidence_class", "rule",
                                         "techniques", "source", "place", "parts", "host", "channel", "provider",
                                         "event_id", "log_source", "matches", "notes"));
  EXPECT_THAT(keys(finding["rule"]), ElementsAre("id", "title", "author", "license", "file", "line", "sha256", "tags",
                                                 "status", "date", "modified", "description", "logsource",
                                                 "false_positives", "references", "condition", "next"));
  EXPECT_THAT(keys(finding["source"]), ElementsAre("path", "container", "sha256"));
  EXPECT_THAT(keys(finding["place"]), ElementsAre("kind", "record", "chunk", "line", "offset", "length", "carved"));
  EXPECT_THAT(keys(finding["matches"][0]),
              ElementsAre("selection", "field", "event_field", "value", "pattern", "span", "negated", "conversions"));
  EXPECT_EQ(finding["time"], "2024-03-11T02:14:07.1234567Z");
  EXPECT_EQ(finding["place"]["offset"], 4096 + 3002 * 512);
  EXPECT_TRUE(finding["source"]["container"].is_null());
}

TEST(Jsonl, SpanCutsThePatternOutOfTheValueAndBadBytesAreVisible) {
  const ordered match = first_of(objects(Profile::standard), "finding")["matches"][0];
  const std::string value = match["value"];
  EXPECT_EQ(value.substr(match["span"][0], match["span"][1].get<std::size_t>() - match["span"][0].get<std::size_t>()),
            "sekurlsa::");
  EXPECT_THAT(value, HasSubstr("\\xFF"));
}

TEST(Jsonl, ProfilesDifferInWhatTheySay) {
  const ordered minimal = first_of(objects(Profile::minimal), "finding");
  EXPECT_FALSE(minimal.contains("notes"));
  EXPECT_FALSE(minimal["rule"].contains("description"));
  EXPECT_EQ(minimal["matches"].size(), 2U);
  EXPECT_FALSE(first_of(objects(Profile::standard), "finding").contains("event"));
  std::size_t events = 0;
  for (const ordered& one : objects(Profile::full)) events += one.contains("event") && one["event"].is_object();
  EXPECT_EQ(events, 1U);
  EXPECT_THAT(rendered(intrusion(), {ReportFormat::jsonl, Profile::full}), HasSubstr("12345678901234567890123"));
}

TEST(Jsonl, SourceKnownByAPrefixSaysSo) {
  for (const ordered& one : objects(Profile::standard)) {
    if (one["type"] != "source" || one["index"] != 1) continue;
    EXPECT_TRUE(one["sha256"].is_null());
    EXPECT_EQ(one["sha256_prefix"]["length"], 1048576);
    EXPECT_EQ(one["sha256_prefix"]["sha256"], std::string(64, '1'));
  }
}

TEST(Jsonl, CoverageAndAnomalyNameRuleAndPlace) {
  const auto all = objects(Profile::standard);
  EXPECT_THAT(keys(first_of(all, "coverage")),
              ElementsAre("type", "rule", "status", "reason", "detail", "events_judged", "findings", "settings"));
  EXPECT_THAT(keys(first_of(all, "technique")),
              ElementsAre("type", "technique", "name", "tactics", "tagged_as", "rules", "settings"));
  EXPECT_THAT(keys(first_of(all, "setting")),
              ElementsAre("type", "id", "title", "product", "fetch", "command", "cost", "on_by_default", "rules",
                          "techniques", "reach_days", "short_sources"));
  EXPECT_THAT(keys(first_of(all, "anomaly")),
              ElementsAre("type", "code", "message", "remedy", "source", "offset", "skipped", "count"));
  const ordered& summary = all.back();
  EXPECT_EQ(summary["techniques"]["T1033"], 5000);
  EXPECT_EQ(summary["findings_by_level"]["medium"], 5000);
  EXPECT_THAT(keys(summary["findings_by_level"]), ElementsAre("critical", "high", "medium", "low", "informational"));
}

TEST(Json, HoldsTheSameObjects) {
  const std::string text = rendered(intrusion(), {ReportFormat::json, Profile::full});
  const ordered document = ordered::parse(text);
  EXPECT_THAT(keys(document), ElementsAre("header", "sources", "findings", "anomalies", "coverage", "techniques",
                                          "settings", "summary"));
  EXPECT_EQ(document["findings"].size(), 5002U);
  const auto lines = objects(Profile::full);
  EXPECT_EQ(document["findings"][0], first_of(lines, "finding"));
  EXPECT_EQ(document["summary"], lines.back());
  EXPECT_TRUE(ordered::accept(rendered(FakeView{}, {ReportFormat::json})));
}

TEST(Csv, GuardsAgainstFormulasAndKeepsOneLineARecord) {
  const std::string text = rendered(intrusion(), {ReportFormat::csv});
  std::size_t lines = 0;
  for (std::size_t at = 0; (at = text.find("\r\n", at)) != std::string::npos; ++at) ++lines;
  EXPECT_EQ(lines, 5003U);
  EXPECT_THAT(text, HasSubstr("\"'=cmd|' /C calc'!A0 \"\"quoted\"\", and more\""));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_TRUE(text.starts_with("time,level,title,author,"));
}

// Ends with the link between two that tell of the same thing.
TEST(Csv, IsAsReviewed) {
  FakeView view = intrusion();
  view.findings_.erase(view.findings_.begin() + 3, view.findings_.end() - 1);
  view.findings_.at(2).same_as = view.findings_.at(1).id;
  expect_golden("findings.csv", rendered(view, {ReportFormat::csv}));
}

TEST(Sarif, IsOneRunWhoseIndexesFit) {
  const ordered document = ordered::parse(rendered(intrusion(), {ReportFormat::sarif}));
  EXPECT_EQ(document["version"], "2.1.0");
  const ordered& run = document["runs"][0];
  const ordered& rules = run["tool"]["driver"]["rules"];
  EXPECT_EQ(rules.size(), 3U);
  EXPECT_EQ(run["results"].size(), 5002U);
  for (const ordered& result : run["results"]) {
    EXPECT_EQ(rules.at(result["ruleIndex"].get<std::size_t>())["id"], result["ruleId"]);
    const ordered& place = result["locations"][0]["physicalLocation"];
    const ordered& artifact = run["artifacts"].at(place["artifactLocation"]["index"].get<std::size_t>());
    EXPECT_EQ(artifact["location"]["uri"], place["artifactLocation"]["uri"]);
    EXPECT_GT(place["region"]["byteLength"], 0);
    EXPECT_EQ(result["fingerprints"]["tocsin/v1"].get<std::string>().size(), 32U);
  }
  EXPECT_EQ(run["artifacts"][0]["hashes"]["sha-256"], std::string(64, '0'));
}

TEST(Report, EveryFormatIsTheSameEachTime) {
  for (const ReportFormat format : {ReportFormat::text, ReportFormat::table, ReportFormat::jsonl, ReportFormat::json,
                                    ReportFormat::csv, ReportFormat::sarif}) {
    EXPECT_EQ(rendered(intrusion(), {format}), rendered(intrusion(), {format}));
    EXPECT_FALSE(rendered(FakeView{}, {format}).empty());
  }
}

TEST(Report, AWriteErrorEndsIt) {
  struct Full : ByteSink {
    Result<void> write(std::string_view) override { return fail(ErrorCode::io, "no space left", "out"); }
    Result<void> flush() override { return {}; }
  } full;
  for (const char* name : {"text", "table", "jsonl", "json", "csv", "sarif"}) {
    const auto result = write_report(intrusion(), {parse_report_format(name).value()}, full);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().message, "no space left");
  }
  EXPECT_FALSE(parse_report_format("JSON"));
  EXPECT_FALSE(parse_profile("all"));
}

TEST(Columns, AreNamedAndParsed) {
  EXPECT_EQ(parse_column("host")->heading, "host");
  EXPECT_EQ(parse_column("Computer=host")->heading, "Computer");
  EXPECT_EQ(parse_column("Computer=host")->what, "host");
  EXPECT_EQ(parse_column("X=event.A")->what, "event.A");
  for (const char* wrong : {"", "hots", "=host", "event.", "Heading="}) {
    const auto column = parse_column(wrong);
    ASSERT_FALSE(column) << wrong;
    EXPECT_THAT(column.error().message, HasSubstr("expected a column such as host"));
    EXPECT_THAT(column.error().hint, HasSubstr("columns are time, datetime,"));
  }
  for (const ColumnProfile& profile : column_profiles()) EXPECT_GT(profile.columns.size(), 5U) << profile.name;
}

TEST(Columns, FlatJsonHasThemInOrderAndNullForNothing) {
  ReportOptions options{ReportFormat::jsonl, Profile::standard};
  options.columns = {parse_column("When=time").value(), parse_column("event_id").value(),
                     parse_column("event.NoSuchField").value(), parse_column("title").value()};
  const FakeView view = intrusion();
  std::size_t row = 0;
  for (const std::string& line : lines_of(rendered(view, options))) {
    const ordered one = ordered::parse(line);
    EXPECT_THAT(keys(one), ElementsAre("When", "event_id", "event.NoSuchField", "title"));
    EXPECT_TRUE(one["event.NoSuchField"].is_null());
    EXPECT_EQ(one["title"], view.rules_.at(view.findings_.at(row++).rule).title);
  }
  EXPECT_EQ(row, view.findings_.size());
  options.format = ReportFormat::json;
  EXPECT_EQ(ordered::parse(rendered(view, options)).size(), row);
  EXPECT_EQ(rendered(FakeView{}, options), "[]\n");
}

TEST(Columns, CsvKeepsItsGuardsInEveryProfile) {
  FakeView view = intrusion();
  view.findings_.at(0).computer = "=cmd()";
  ReportOptions options{ReportFormat::csv, Profile::standard};
  options.columns = {parse_column("Computer=host").value()};
  EXPECT_THAT(rendered(view, options), ::testing::StartsWith("Computer\r\n'=cmd()\r\n"));
}

TEST(Columns, FieldsAreFoundInEveryShapeOfEvent) {
  FakeView view = intrusion();
  view.findings_.resize(1);
  ReportOptions options{ReportFormat::jsonl, Profile::standard};
  options.columns = {parse_column("a=event.A").value(), parse_column("all=all_fields").value()};
  const auto row = [&](const std::string& event) {
    view.findings_.at(0).event_json = event;
    return ordered::parse(rendered(view, options));
  };
  EXPECT_EQ(row(R"({"Event":{"EventData":{"A":"x","B":2}}})")["all"], "A: x \u00A6 B: 2");
  EXPECT_EQ(row(R"({"Event":{"UserData":{"Part":{"#attributes":{"n":1},"A":"x"}}}})")["all"], "A: x");
  EXPECT_EQ(row(R"({"Event":{"System":{"A":5},"EventData":null}})")["a"], "5");
  EXPECT_EQ(row(R"({"A":{"deep":[1,2]}})")["a"], R"({"deep":[1,2]})");
  for (const char* nothing : {"", "[]", "7", R"({"Event":[]})", R"({"Event":{"UserData":[1]}})"}) {
    EXPECT_TRUE(row(nothing)["a"].is_null()) << nothing;
  }
}

}  // namespace
}  // namespace tocsin::report
