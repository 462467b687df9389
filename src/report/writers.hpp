// One function per format; write_report picks. Each is a pure view: the same view and options give the same bytes.
#pragma once

#include "tocsin/report.hpp"

namespace tocsin::report {

inline constexpr std::string_view kSchemaName = "tocsin.results";
inline constexpr std::int64_t kSchemaVersion = 1;  // docs/formats/results.md; a change that breaks readers raises it

[[nodiscard]] Result<void> write_text(const ResultView& view, const ReportOptions& options, ByteSink& out);
[[nodiscard]] Result<void> write_table(const ResultView& view, const ReportOptions& options, ByteSink& out);
[[nodiscard]] Result<void> write_jsonl(const ResultView& view, const ReportOptions& options, ByteSink& out);
// Of JSON Lines whose findings were written as they were made: all but header and findings.
[[nodiscard]] Result<void> write_jsonl_end(const ResultView& view, ByteSink& out);
[[nodiscard]] Result<void> write_json(const ResultView& view, const ReportOptions& options, ByteSink& out);
[[nodiscard]] Result<void> write_csv(const ResultView& view, const ReportOptions& options, ByteSink& out);
// Findings alone, one flat object each of options.columns.
[[nodiscard]] Result<void> write_flat_json(const ResultView& view, const ReportOptions& options, ByteSink& out);
[[nodiscard]] Result<void> write_sarif(const ResultView& view, const ReportOptions& options, ByteSink& out);

}  // namespace tocsin::report
