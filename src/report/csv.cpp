// CSV (RFC 4180: CRLF, quotes doubled), one line a finding, fixed columns (docs/formats/results.md).
#include <array>
#include <vector>

#include "report/columns.hpp"
#include "report/csv_row.hpp"
#include "report/output.hpp"
#include "report/writers.hpp"

namespace tocsin::report {
namespace {

// Where no columns are asked for. Columns are only added at the end (docs/compatibility.md).
const std::vector<Column>& usual_columns() {
  static constexpr std::array<std::string_view, 25> kNames{
      "time",    "level",     "title",   "author",         "host",   "channel",    "provider", "event_id", "record",
      "source",  "container", "chunk",   "offset",         "length", "techniques", "field",    "value",    "pattern",
      "rule_id", "rule_file", "license", "evidence_class", "sha256", "finding_id", "same_as"};
  static const std::vector<Column> kColumns = [] {
    std::vector<Column> out;
    for (const std::string_view name : kNames) out.push_back({std::string(name), std::string(name)});
    return out;
  }();
  return kColumns;
}

}  // namespace

Result<void> write_csv(const ResultView& view, const ReportOptions& options, ByteSink& sink) {
  const std::vector<Column>& columns = options.columns.empty() ? usual_columns() : options.columns;
  Output out(sink);
  CsvRow header(out.text());
  for (const Column& column : columns) header.cell(column.heading);
  header.end();
  CellReader reader(view);
  TOCSIN_CHECK(view.each_finding([&](const Finding& finding) {
    reader.start(finding);
    CsvRow row(out.text());
    for (const Column& column : columns) {
      const Cell cell = reader.cell(column);
      cell.is_number ? row.digits(cell.text) : row.cell(cell.text);
    }
    row.end();
    return out.spill();
  }));
  return out.finish();
}

}  // namespace tocsin::report
