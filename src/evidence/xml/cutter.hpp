// Cuts a source of Windows event XML into units of whole <Event> elements while it streams by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "evidence/json/utf16.hpp"
#include "evidence/reader.hpp"
#include "evidence/xml/event_scanner.hpp"

namespace tocsin::evidence::xml {

class EventCutter final : public Cutter {
 public:
  EventCutter(const json::EncodingGuess& encoding, std::size_t unit_bytes);
  [[nodiscard]] bool feed(ByteView block, UnitSink& sink) override;
  void finish(UnitSink& sink) override;

 private:
  [[nodiscard]] std::string_view text() const {
    return {reinterpret_cast<const char*>(buffer_.data()), buffer_.size()};
  }
  void run(UnitSink& sink, bool last);
  void take_event(UnitSink& sink);
  void take_damage(UnitSink& sink, bool too_large);
  void emit(UnitSink& sink);
  void advance(std::size_t end);
  void compact();
  [[nodiscard]] std::uint64_t length_of(std::string_view text) const;

  std::size_t unit_bytes_;
  json::Encoding encoding_;
  json::Utf16Decoder decoder_;
  std::size_t mark_, mark_left_;
  EventScanner scanner_;
  std::vector<std::byte> buffer_;  // UTF-8
  std::size_t head_ = 0;           // of the unit being gathered, in the buffer
  std::size_t sound_ = 0;          // behind its last event
  std::uint64_t offset_;           // of head_ in the source
  std::uint64_t line_ = 1, records_ = 0, unit_records_ = 0, units_ = 0;
  bool stopped_ = false;
};

}  // namespace tocsin::evidence::xml
