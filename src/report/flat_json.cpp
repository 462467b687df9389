// Findings as flat JSON objects: for timelines that want rows and no document.
#include "base/json_writer.hpp"
#include "report/columns.hpp"
#include "report/output.hpp"
#include "report/writers.hpp"

namespace tocsin::report {
namespace {

void append_row(std::string& out, CellReader& reader, const std::vector<Column>& columns) {
  base::JsonWriter json(out);
  json.begin_object();
  for (const Column& column : columns) {
    const Cell cell = reader.cell(column);
    json.key(column.heading);
    if (cell.is_empty()) {
      json.null();
    } else if (cell.is_number) {
      json.raw(cell.text);
    } else {
      json.string(cell.text);
    }
  }
  json.end_object();
}

}  // namespace

Result<void> write_flat_json(const ResultView& view, const ReportOptions& options, ByteSink& sink) {
  const bool one_document = options.format == ReportFormat::json;
  Output out(sink);
  CellReader reader(view);
  bool first = true;
  if (one_document) out.text() += "[";
  TOCSIN_CHECK(view.each_finding([&](const Finding& finding) {
    if (one_document) out.text() += first ? "\n" : ",\n";
    first = false;
    reader.start(finding);
    append_row(out.text(), reader, options.columns);
    if (!one_document) out.text() += "\n";
    return out.spill();
  }));
  if (one_document) out.text() += first ? "]\n" : "\n]\n";
  return out.finish();
}

}  // namespace tocsin::report
