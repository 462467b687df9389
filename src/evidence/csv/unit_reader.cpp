#include "evidence/csv/unit_reader.hpp"

#include "base/text.hpp"
#include "evidence/csv/table.hpp"
#include "evidence/csv/trouble.hpp"
#include "evidence/csv/units.hpp"
#include "evidence/json/trouble.hpp"
#include "evidence/json/units.hpp"

namespace tocsin::evidence::csv {

void RowUnitReader::read(const Unit& unit, EventSink& sink) {
  const std::string_view text(reinterpret_cast<const char*>(unit.bytes.data()), unit.bytes.size());
  separator_ = static_cast<char>(unit.flags & kUnitSeparator);
  utf16_ = (unit.flags & kUnitUtf16) != 0;
  RowScanner scanner(separator_);
  if (scanner.next(text, true) != RowScanner::Status::row) return;
  columns_.resize(split_row(text.substr(0, scanner.end()), separator_, columns_));
  unnamed_message_ = name_message(columns_);
  Place place;
  place.kind = PlaceKind::row;
  place.record = unit.first_record;
  place.line = unit.first_line;
  place.offset = unit.offset;
  std::size_t counted = scanner.next_row();  // line and offset are those of this byte
  while (scanner.next(text, true) == RowScanner::Status::row) {
    const std::string_view passed = text.substr(counted, scanner.begin() - counted);
    counted = scanner.begin();
    place.line += base::count_rare(passed, '\n');
    place.offset += length_of(passed);
    if (!read_row(text.substr(scanner.begin(), scanner.end() - scanner.begin()), place, sink)) return;
    ++place.record;
  }
}

// False: stop.
bool RowUnitReader::read_row(std::string_view row, const Place& row_place, EventSink& sink) {
  Place place = row_place;
  place.length = length_of(row);
  if (row.empty()) return true;
  const std::size_t count = split_row(row, separator_, fields_);
  if (count != columns_.size() && !(unnamed_message_ && count + 1 == columns_.size())) {
    sink.on_anomaly(wrong_columns(columns_.size(), count, place.offset, place.length));
    return true;
  }
  json_.clear();
  if (count < columns_.size()) fields_.resize(count);
  append_json(json_, columns_, fields_);
  json::Fault fault;
  (void)binder_.bind(json_, fault);
  json::JsonEvent& event = binder_.event();
  if (fault.code != json::Fault::Code::none || event.crowded()) {
    sink.on_anomaly(json::too_many_values(place.offset, place.length, json::kMaxRecordValues));
    return true;
  }
  for (const json::EmbeddedFault& broken : binder_.embedded_faults())
    sink.on_anomaly(csv::embedded_text(broken, place.offset));
  event.show(row, json_, {});
  event.finish(binder_.shape(), place);
  if (!event.head().time && !event.unread_time().empty())
    sink.on_anomaly(local_time(event.unread_time(), place.offset));
  if (!event.unknown_log().empty()) sink.on_anomaly(unknown_log(event.unknown_log(), place.offset));
  return sink.on_event(event);
}

std::uint64_t RowUnitReader::length_of(std::string_view text) const {
  return utf16_ ? json::utf16_length(text) : text.size();
}

}  // namespace tocsin::evidence::csv
