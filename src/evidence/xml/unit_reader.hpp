// Reads the <Event> elements of one unit: each is made into evtx_dump's JSON and bound like it, so that an event has
// the same fields as from its EVTX record.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "evidence/json/record_binder.hpp"
#include "evidence/reader.hpp"
#include "evidence/xml/event_json.hpp"

namespace tocsin::evidence::xml {

class EventUnitReader final : public UnitReader {
 public:
  explicit EventUnitReader(const ReadOptions& options) : binder_(options) {}
  void read(const Unit& unit, EventSink& sink) override;

 private:
  [[nodiscard]] bool read_event(std::string_view event, Place& place, EventSink& sink);
  [[nodiscard]] bool to_json(std::string_view event, const Place& place, EventSink& sink);
  [[nodiscard]] std::uint64_t length_of(std::string_view text) const;

  json::RecordBinder binder_;
  EventJson converter_;
  std::string json_, mended_;
  bool utf16_ = false;
};

}  // namespace tocsin::evidence::xml
