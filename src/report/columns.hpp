// What stands in one cell of a flat table of findings (docs/formats/results.md, "Columns").
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tocsin/report.hpp"

namespace tocsin::report {

struct Cell {
  std::string text;
  bool is_number = false;  // digits, with a sign or not
  bool is_empty() const { return text.empty(); }
};

// Cells of one finding after another. The view and the columns outlive it; one thread.
class CellReader {
 public:
  explicit CellReader(const ResultView& view) : view_(view) {}
  void start(const Finding& finding);
  [[nodiscard]] Cell cell(const Column& column);

 private:
  [[nodiscard]] const nlohmann::ordered_json& event();

  const ResultView& view_;
  const Finding* finding_ = nullptr;
  std::optional<nlohmann::ordered_json> event_;
};

}  // namespace tocsin::report
