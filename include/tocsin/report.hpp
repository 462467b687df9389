// Results as text, tables and machine formats: each writer is a pure view of a ResultView.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/bytes.hpp"
#include "tocsin/result.hpp"
#include "tocsin/ruleset.hpp"
#include "tocsin/scanner.hpp"
#include "tocsin/sink.hpp"

namespace tocsin {

enum class ReportFormat : std::uint8_t { text, table, jsonl, json, csv, sarif };
[[nodiscard]] std::optional<ReportFormat> parse_report_format(std::string_view text);
enum class Profile : std::uint8_t { minimal, standard, full };
[[nodiscard]] std::optional<Profile> parse_profile(std::string_view text);

// One column of a flat table of findings: its heading, and what stands below it (docs/formats/results.md, "Columns").
struct Column {
  std::string heading, what;
};
// "host", or "Computer=host" with a heading of one's own; `event.NAME` is a field of the event.
[[nodiscard]] Result<Column> parse_column(std::string_view text);
[[nodiscard]] std::vector<std::string_view> column_names();
// Whether a scan must keep the whole events for them (ScanOptions::full_events).
[[nodiscard]] bool want_event(const std::vector<Column>& columns);
struct ColumnProfile {
  std::string name;
  std::vector<Column> columns;
};
// The built-in ones: timesketch, hayabusa, verbose, all-fields.
[[nodiscard]] const std::vector<ColumnProfile>& column_profiles();

struct ReportOptions {
  ReportFormat format = ReportFormat::text;
  Profile profile = Profile::standard;
  unsigned width = 100;  // columns, for text and table; at least 60
  bool colour = false;
  bool unicode = true;  // false: plain ASCII in the text summary
  // For csv, jsonl and json: findings alone, as a flat table of these. Empty: the format's own content.
  std::vector<Column> columns = {};
};

// REQUIRES: the view outlives the call. Bytes are the same for the same view and options, wherever and whenever.
[[nodiscard]] Result<void> write_report(const ResultView& view, const ReportOptions& options, ByteSink& out);
// A report that is written while findings are made (`follow`), each at once; jsonl or text. `finish` writes what a
// report has beside them: for jsonl the other objects, for text the summary. REQUIRES: the sink outlives it.
class LiveReport final : public FindingSink {
 public:
  LiveReport(const ReportOptions& options, ByteSink& out) : options_(options), out_(out) {}
  [[nodiscard]] Result<void> on_begin(const ResultView& view) override;
  [[nodiscard]] Result<void> on_finding(const ResultView& view, const Finding& finding) override;
  [[nodiscard]] Result<void> finish(const ResultView& view);

 private:
  ReportOptions options_;
  ByteSink& out_;
};
[[nodiscard]] Result<void> write_explanation(const Explanation& explanation, const ReportOptions& options,
                                             ByteSink& out);
// From a results file written with --format jsonl or json: the chain of one finding as stored there.
[[nodiscard]] Result<void> write_stored_finding(std::string_view results_file, std::string_view finding_id,
                                                const ReportOptions& options, ByteSink& out);
// Answers that need no rules. Formats: all but sarif; table is text where nothing else is said. `asked` gave the
// result.
[[nodiscard]] Result<void> write_search(const SearchResult& result, const SearchOptions& asked,
                                        const ReportOptions& options, ByteSink& out);
// Which part of an answer is wanted, and whether all rows are.
struct AnswerView {
  enum class By : std::uint8_t { channel, event_id, host, day, level, missing };
  std::optional<By> by;
  bool all = false;
};
[[nodiscard]] Result<void> write_metrics(const Metrics& metrics, const AnswerView& view, const ReportOptions& options,
                                         ByteSink& out);
[[nodiscard]] Result<void> write_logons(const Logons& logons, const AnswerView& view, const ReportOptions& options,
                                        ByteSink& out);
// Text is a chart, table a line for each bucket.
[[nodiscard]] Result<void> write_timeline(const Timeline& timeline, const ReportOptions& options, ByteSink& out);
// These two not as csv.
[[nodiscard]] Result<void> write_formats(const std::vector<FormatInfo>& formats, const ReportOptions& options,
                                         ByteSink& out);
[[nodiscard]] Result<void> write_format_answer(const FormatAnswer& told, const ReportOptions& options, ByteSink& out);
// A rule in sentences. Not as csv.
[[nodiscard]] Result<void> write_rule_words(const RuleWords& words, const ReportOptions& options, ByteSink& out);
// A rule problem as people read it: code, place, the line underlined, help.
[[nodiscard]] std::string format_problem(const RuleProblem& problem, bool colour);
// The same for what could not be done: message, place, help.
[[nodiscard]] std::string format_error(const Error& error, bool colour);
// Text from outside made safe for a terminal: one line, control, bidirectional and hidden characters and bytes that are
// not UTF-8 shown as escapes.
[[nodiscard]] std::string visible_text(std::string_view text);
// A list of rules: id, level, status, title, author. Formats: text and table (the same), json, jsonl.
[[nodiscard]] Result<void> write_rules(const std::vector<RuleInfo>& rules, const ReportOptions& options, ByteSink& out);

// One line of `tocsin doctor`: something about the build, the machine or the user's files, and what to do about it.
struct Check {
  enum class Status : std::uint8_t { ok, warning, failed };
  Status status = Status::ok;
  std::string group, name, says;
  std::string remedy;  // where the status is not ok
};
// Formats: text and table (the same), json, jsonl (docs/formats/doctor.md).
[[nodiscard]] Result<void> write_checks(const std::vector<Check>& checks, const ReportOptions& options, ByteSink& out);

}  // namespace tocsin
