// Reads the rows of one unit: each is made into a JSON object of its columns and bound by the JSON shapes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/json/record_binder.hpp"
#include "evidence/reader.hpp"

namespace tocsin::evidence::csv {

class RowUnitReader final : public UnitReader {
 public:
  explicit RowUnitReader(const ReadOptions& options) : binder_(options) {}
  void read(const Unit& unit, EventSink& sink) override;

 private:
  [[nodiscard]] bool read_row(std::string_view row, const Place& place, EventSink& sink);
  [[nodiscard]] std::uint64_t length_of(std::string_view text) const;

  json::RecordBinder binder_;
  std::vector<std::string> columns_, fields_;
  std::string json_;
  char separator_ = ',';
  bool utf16_ = false;
  bool unnamed_message_ = false;  // the header has no name for the last column (name_message)
};

}  // namespace tocsin::evidence::csv
