// CSV (RFC 4180: CRLF, quotes doubled), one line a finding, fixed columns (docs/formats/results.md).
//
// Spreadsheets run what looks like a formula. A cell whose text begins with = + - @ (also behind blanks) gets a single
// quote in front. Control characters are made visible first, so that a record is always one line.
#include <array>

#include "report/display.hpp"
#include "report/output.hpp"
#include "report/tally.hpp"
#include "report/writers.hpp"

namespace tocsin::report {
namespace {

constexpr std::array<std::string_view, 24> kColumns{
    "time",   "level",   "title",     "author",    "host",    "channel",        "provider",   "event_id",
    "record", "source",  "container", "chunk",     "offset",  "length",         "techniques", "field",
    "value",  "pattern", "rule_id",   "rule_file", "license", "evidence_class", "sha256",     "finding_id"};

class Row {
 public:
  explicit Row(std::string& out) : out_(out) {}
  void cell(std::string_view raw) {
    if (!first_) out_ += ',';
    first_ = false;
    std::string text = visible(raw, Charset::unicode);
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin != std::string::npos && std::string_view("=+-@").find(text[begin]) != std::string_view::npos) {
      text.insert(0, 1, '\'');
    }
    const bool blank_ends = !text.empty() && (text.front() == ' ' || text.back() == ' ');
    if (text.find_first_of(",\"") == std::string::npos && !blank_ends) {
      out_ += text;
      return;
    }
    out_ += '"';
    for (const char c : text) out_.append(c == '"' ? 2 : 1, c);
    out_ += '"';
  }
  void number(std::uint64_t value) { cell(value == Place::kNone ? std::string() : std::to_string(value)); }
  // Event ids may be negative in damaged logs; digits alone are no formula.
  void signed_number(std::int64_t value) {
    out_ += first_ ? "" : ",";
    first_ = false;
    out_ += std::to_string(value);
  }
  void end() { out_ += "\r\n"; }

 private:
  std::string& out_;
  bool first_ = true;
};

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
  Row row(out);
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
  Row header(out.text());
  for (const std::string_view column : kColumns) header.cell(column);
  header.end();
  TOCSIN_CHECK(view.each_finding([&](const Finding& finding) {
    finding_row(out.text(), view, finding);
    return out.spill();
  }));
  return out.finish();
}

}  // namespace tocsin::report
