// CSV (RFC 4180: CRLF, quotes doubled), one line a finding, fixed columns (docs/formats/results.md).
#include <array>

#include "report/csv_row.hpp"
#include "report/output.hpp"
#include "report/tally.hpp"
#include "report/writers.hpp"

namespace tocsin::report {
namespace {

constexpr std::array<std::string_view, 24> kColumns{
    "time",   "level",   "title",     "author",    "host",    "channel",        "provider",   "event_id",
    "record", "source",  "container", "chunk",     "offset",  "length",         "techniques", "field",
    "value",  "pattern", "rule_id",   "rule_file", "license", "evidence_class", "sha256",     "finding_id"};

std::string joined(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& text : list) {
    if (!out.empty()) out += ' ';
    out += text;
  }
  return out;
}

void finding_row(std::string& out, const ResultView& view, const Finding& finding) {
  const RuleInfo& rule = view.rules().at(finding.rule);
  const SourceInfo& source = view.sources().at(finding.source);
  const Match none;
  const Match* best = best_match(finding);
  const Match& match = best != nullptr ? *best : finding.matches.empty() ? none : finding.matches.front();
  CsvRow row(out);
  row.cell(finding.time ? format_time(*finding.time) : std::string());
  row.cell(to_string(rule.level));
  for (const std::string* text : {&rule.title, &rule.author, &finding.computer, &finding.channel, &finding.provider}) {
    row.cell(*text);
  }
  finding.event_id ? row.signed_number(*finding.event_id) : row.cell({});
  row.number(finding.place.record);
  row.cell(source.path);
  row.cell(source.container);
  row.number(finding.place.chunk);
  row.number(finding.place.offset);
  row.number(finding.place.length);
  row.cell(joined(rule.techniques));
  for (const std::string* text : {&match.field, &match.value, &match.pattern, &rule.id, &rule.file, &rule.license}) {
    row.cell(*text);
  }
  row.cell(to_string(rule.evidence_class));
  row.cell(source.sha256);
  row.cell(finding.id);
  row.end();
}

}  // namespace

Result<void> write_csv(const ResultView& view, const ReportOptions&, ByteSink& sink) {
  Output out(sink);
  CsvRow header(out.text());
  for (const std::string_view column : kColumns) header.cell(column);
  header.end();
  TOCSIN_CHECK(view.each_finding([&](const Finding& finding) {
    finding_row(out.text(), view, finding);
    return out.spill();
  }));
  return out.finish();
}

}  // namespace tocsin::report
