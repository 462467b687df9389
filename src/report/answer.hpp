// What the answers of search, metrics, logons, timeline and formats have in common: their JSON
// (docs/formats/results.md, "Answers"), and the words about what was read.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/report.hpp"

#include "report/json_parts.hpp"
#include "report/output.hpp"
#include "report/page.hpp"

namespace tocsin::report {

// Objects as JSON Lines, or as one document {"header":…,"rows":[…],"summary":…} with each object on a line of its own.
class AnswerJson {
 public:
  using Fill = std::function<void(JsonWriter&)>;  // adds members to an open object

  AnswerJson(Output& out, const ReportOptions& options) : out_(out), lines_(options.format == ReportFormat::jsonl) {}
  // First, once. `schema`: "tocsin.search", …
  void header(std::string_view schema, const Fill& fill);
  [[nodiscard]] Result<void> row(std::string_view type, const Fill& fill);
  // Last, once.
  [[nodiscard]] Result<void> finish(const Fill& fill);

 private:
  void object(std::string_view type, const Fill& fill);
  Output& out_;
  bool lines_;
  std::uint64_t rows_ = 0;
};

// Members of every summary: what was read, from when to when, and whether all of it.
void reading_members(JsonWriter& json, const Reading& reading);
// "41,234 events in 12 sources · 2021-07-01 … UTC"; and what was not read.
void reading_lines(Page& page, const Reading& reading);

// "2021-07-19 12:00": a time in a row of many.
[[nodiscard]] std::string minute_text(const std::optional<Timestamp>& time);

// Cells in columns as wide as what stands in them, two blanks between. Where that is too wide, the texts of columns
// that may shrink go on in the next line: a name that was cut could be anybody's.
class Grid {
 public:
  enum class Side : std::uint8_t { left, right };
  struct Column {
    std::string_view name;
    Side side = Side::left;
    bool shrinks = false;
    Ink ink = Ink::plain;
    bool first = false;  // gives way before columns of names do
  };
  Grid(Page& page, std::vector<Column> columns, std::size_t indent = 2)
      : page_(page), columns_(std::move(columns)), indent_(indent) {}
  // As many cells as columns, each visible already.
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  // Also the names, dim. Nothing where there is no row.
  void print();

 private:
  [[nodiscard]] std::vector<std::size_t> widths() const;
  void shrink(std::vector<std::size_t>& widths, std::size_t& total, bool first) const;
  Page& page_;
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
  std::size_t indent_;
};

}  // namespace tocsin::report
