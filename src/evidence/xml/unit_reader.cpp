#include "evidence/xml/unit_reader.hpp"

#include "base/text.hpp"
#include "evidence/json/trouble.hpp"
#include "evidence/json/units.hpp"
#include "evidence/xml/event_scanner.hpp"
#include "evidence/xml/mend.hpp"
#include "evidence/xml/trouble.hpp"
#include "evidence/xml/units.hpp"

namespace tocsin::evidence::xml {

void EventUnitReader::read(const Unit& unit, EventSink& sink) {
  const std::string_view text(reinterpret_cast<const char*>(unit.bytes.data()), unit.bytes.size());
  utf16_ = (unit.flags & kUnitUtf16) != 0;
  EventScanner scanner;
  Place place;
  place.kind = PlaceKind::bytes;
  place.record = unit.first_record;
  place.line = unit.first_line;
  place.offset = unit.offset;
  std::size_t counted = 0;  // line and offset are those of this byte
  for (;;) {
    const EventScanner::Status status = scanner.next(text, true);
    if (status == EventScanner::Status::more) return;
    if (status == EventScanner::Status::event) {
      const std::string_view passed = text.substr(counted, scanner.begin() - counted);
      counted = scanner.begin();
      place.line += base::count_rare(passed, '\n');
      place.offset += length_of(passed);
      if (!read_event(text.substr(scanner.begin(), scanner.end() - scanner.begin()), place, sink)) return;
      ++place.record;
    }
    if (scanner.end() == text.size()) return;
  }
}

// False: stop.
bool EventUnitReader::read_event(std::string_view event, Place& place, EventSink& sink) {
  place.length = length_of(event);
  if (!to_json(event, place, sink)) return true;
  json::Fault fault;
  (void)binder_.bind(json_, fault);
  json::JsonEvent& bound = binder_.event();
  if (fault.code != json::Fault::Code::none || bound.crowded()) {
    sink.on_anomaly(json::too_many_values(place.offset, place.length, json::kMaxRecordValues));
    return true;
  }
  bound.show(event, {}, event);
  bound.finish(binder_.shape(), place);
  return sink.on_event(bound);
}

bool EventUnitReader::to_json(std::string_view event, const Place& place, EventSink& sink) {
  json_.clear();
  Fault fault;
  if (converter_.append(event, json_, fault)) return true;
  mended_.clear();
  const std::uint64_t changed = mend(mended_, event);
  Fault again;
  if (changed > 0 && converter_.append(mended_, json_, again)) {
    sink.on_anomaly(bad_characters(place.offset + length_of(event.substr(0, fault.at)), changed));
    return true;
  }
  sink.on_anomaly(event_syntax(fault, place.offset + length_of(event.substr(0, fault.at)), place.length));
  return false;
}

std::uint64_t EventUnitReader::length_of(std::string_view text) const {
  return utf16_ ? json::utf16_length(text) : text.size();
}

}  // namespace tocsin::evidence::xml
