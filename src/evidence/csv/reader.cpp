#include "evidence/csv/reader.hpp"

#include <memory>
#include <string>
#include <vector>

#include "evidence/csv/cutter.hpp"
#include "evidence/csv/table.hpp"
#include "evidence/csv/unit_reader.hpp"
#include "evidence/json/record_binder.hpp"
#include "evidence/json/utf16.hpp"

namespace tocsin::evidence {
namespace {

// The shape that a table's first row has, or its columns alone where there is no whole row in the sample; empty: none
// that is known.
std::string shape_of(const csv::Header& header, std::string_view rows, bool last) {
  std::vector<std::string> fields;
  csv::RowScanner scanner(header.separator);
  if (scanner.next(rows, last) == csv::RowScanner::Status::row) {
    const std::string_view row = rows.substr(scanner.begin(), scanner.end() - scanner.begin());
    fields.resize(csv::split_row(row, header.separator, fields));
  }
  fields.resize(header.columns.size());
  for (std::string& field : fields) {
    if (field.empty()) field.push_back('-');  // the column is there
  }
  std::string json;
  csv::append_json(json, header.columns, fields);
  json::RecordBinder binder(ReadOptions{});
  json::Fault fault;
  (void)binder.bind(json, fault);
  const bool known = fault.code == json::Fault::Code::none && !binder.shape().tests.empty();
  return known ? binder.shape().name : std::string();
}

class CsvReader final : public Reader {
 public:
  [[nodiscard]] std::string_view name() const override { return "csv"; }
  [[nodiscard]] Recognition recognise(const Sample& sample) const override {
    json::EncodingGuess guess;
    const std::string text = json::sample_text(sample.head, guess);
    if (text.starts_with('{') || text.starts_with('[') || text.starts_with('<')) return {};
    const csv::Header header = csv::read_header(text, sample.whole);
    if (header.separator == 0) return {};
    const std::string shape = shape_of(header, std::string_view(text).substr(header.next), sample.whole);
    if (shape.empty()) return {};
    return {85, "csv.rows", "columns of the shape " + shape};
  }
  [[nodiscard]] std::unique_ptr<Cutter> make_cutter(const Sample& sample, const ReadOptions& options) const override {
    json::EncodingGuess guess;
    const std::string text = json::sample_text(sample.head, guess);
    const csv::Header header = csv::read_header(text, sample.whole);
    const std::string_view row = std::string_view(text).substr(header.begin, header.end - header.begin);
    return std::make_unique<csv::RowCutter>(guess, header, row, options.unit_bytes);
  }
  [[nodiscard]] std::unique_ptr<UnitReader> make_unit_reader(const ReadOptions& options) const override {
    return std::make_unique<csv::RowUnitReader>(options);
  }
};

}  // namespace

const Reader& csv_reader() {
  static const CsvReader reader;
  return reader;
}

}  // namespace tocsin::evidence
