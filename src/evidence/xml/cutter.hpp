// Cuts a source of Windows event XML into units of whole <Event> elements while it streams by.
#pragma once

#include <cstddef>
#include <cstdint>

#include "evidence/json/text_window.hpp"
#include "evidence/reader.hpp"
#include "evidence/xml/event_scanner.hpp"

namespace tocsin::evidence::xml {

class EventCutter final : public Cutter {
 public:
  EventCutter(const json::EncodingGuess& encoding, std::size_t unit_bytes);
  [[nodiscard]] bool feed(ByteView block, UnitSink& sink) override;
  [[nodiscard]] bool flush(UnitSink& sink) override;
  void finish(UnitSink& sink) override;

 private:
  void run(UnitSink& sink, bool last);
  void take_event(UnitSink& sink);
  void take_damage(UnitSink& sink, bool too_large);
  void emit(UnitSink& sink);
  void compact();

  std::size_t unit_bytes_;
  EventScanner scanner_;
  json::TextWindow window_;  // its head: the unit being gathered
  std::size_t sound_ = 0;    // behind the unit's last event
  std::uint64_t records_ = 0, unit_records_ = 0, units_ = 0;
  bool stopped_ = false;
};

}  // namespace tocsin::evidence::xml
