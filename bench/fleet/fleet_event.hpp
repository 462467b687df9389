// One kind of event on one machine, ready to be written again and again: its BinXML with typed values and its JSON
// line, of which only the changing values are made anew. Values are those of fresh_values.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/fleet/fresh_values.hpp"
#include "tests/makers/binxml_tree.hpp"
#include "tests/makers/event_spec.hpp"
#include "tests/makers/event_templates.hpp"

namespace tocsin::bench {

// The mark that the planted rule looks for, in a command line.
inline constexpr std::string_view kPlantedMark = "--tocsin-planted-mark";

class FleetEvent {
 public:
  // `planted`: the kind's CommandLine always carries kPlantedMark. Keeps nothing of the arguments.
  FleetEvent(const makers::EventSpec& spec, makers::EventTemplates& templates, bool planted);
  FleetEvent(FleetEvent&&) noexcept = default;  // what payload_ points to does not move with it
  FleetEvent(const FleetEvent&) = delete;
  FleetEvent& operator=(FleetEvent&&) = delete;
  FleetEvent& operator=(const FleetEvent&) = delete;

  // Makes the next event of this kind. The views below are of it, until the next call.
  void next(std::uint64_t record_id, Timestamp time, makers::Random& random);
  [[nodiscard]] const makers::Fragment& body() const { return body_; }
  // Appends the event as a flat JSON line (the shape of makers::flat_json).
  void append_json(std::string& out) const;
  [[nodiscard]] const std::string& channel() const { return channel_; }

 private:
  struct Field {
    Source source;
    std::size_t index;  // among the payload's values and in texts_
  };
  struct Text {
    std::string name, text;  // as JSON strings, escaped, with quotes
  };
  void set(std::size_t index, std::string_view text);
  [[nodiscard]] makers::Instance& outer() { return body_.instances.front(); }

  std::string channel_, json_head_, json_middle_;
  makers::Fragment body_;
  std::vector<makers::SlotValue>* payload_ = nullptr;  // inside body_; none: the kind has no data
  std::vector<Field> fields_;
  std::vector<Text> texts_;
  std::string scratch_;
  std::uint64_t record_id_ = 0;
  Timestamp time_;
  bool planted_ = false;
};

}  // namespace tocsin::bench
