// Reads the records of one unit: each gets one checking walk that also binds the wanted fields.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "evidence/json/elements.hpp"
#include "evidence/json/record_binder.hpp"
#include "evidence/json/shape.hpp"
#include "evidence/json/units.hpp"
#include "evidence/json/walker.hpp"
#include "evidence/reader.hpp"

namespace tocsin::evidence::json {

class JsonUnitReader final : public UnitReader {
 public:
  explicit JsonUnitReader(const ReadOptions& options);
  void read(const Unit& unit, EventSink& sink) override;

 private:
  void read_lines();
  bool read_line(std::size_t at, std::size_t end, std::uint64_t line);
  void read_values();
  bool read_value(std::string_view text, std::size_t& at);
  void report_damage(std::string_view record, std::size_t begin);
  [[nodiscard]] static std::size_t end_of_value(std::string_view text, std::size_t begin);
  bool emit(std::size_t begin, std::size_t length);
  bool read_envelope(std::size_t begin, std::size_t length, std::size_t envelope);
  bool read_other(std::string_view text, std::size_t begin);
  bool read_elements(std::size_t begin, std::size_t length, const ShapePath& path);
  void report_strays(const StrayRuns& strays);
  [[nodiscard]] std::uint64_t source_length(std::string_view text) const;
  void report_nuls(std::string_view gap, std::size_t begin);
  void report_leniency(std::size_t begin);
  [[nodiscard]] std::uint64_t source_offset(std::size_t at);

  RecordBinder binder_;

  // The unit being read.
  const Unit* unit_ = nullptr;
  EventSink* sink_ = nullptr;
  std::string_view text_;
  Place place_;
  std::size_t mapped_at_ = 0;        // source_offset: a position in the text,
  std::uint64_t mapped_offset_ = 0;  // and where it lies in the source
};

}  // namespace tocsin::evidence::json
