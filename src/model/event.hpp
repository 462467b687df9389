// One record of a source, as judges see it: a head that every reader fills, and fields that are decoded when asked for.
//
// An Event and all views out of it are borrowed: they live until the sink's on_event returns. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tocsin/bytes.hpp"
#include "tocsin/event.hpp"

#include "model/field_table.hpp"

namespace tocsin::model {

// A field's value as the log prints it. Numbers keep their digits as written, whatever their length.
struct Value {
  enum class Kind : std::uint8_t { null, string, integer, real, boolean };
  Kind kind = Kind::null;
  std::string_view text;  // null: empty; boolean: "true" or "false"
};

// What kind of log an event comes from. Windows events are told apart by channel, provider and event id; other shapes
// say it outright.
struct EventHead {
  std::string_view shape;     // "evtx", "evtx_json", "winlogbeat", "flat_windows", "sysmon_linux", "cloudtrail", ...
  std::string_view product;   // "windows", "linux", "aws", ...; empty: not known
  std::string_view category;  // only where the shape itself says so
  std::string_view service;   // only where the shape itself says so
  std::string_view channel, provider, computer;  // empty: absent
  std::optional<std::int64_t> event_id;
  std::optional<Timestamp> time;
  Place place;
  bool own_number = false;  // evtx: the record's header has the event's own number; exports number their records anew
  ByteView raw;             // the record's own bytes in the source; part of a finding's identity
};

// Walks values for keywords: all of System, EventData, UserData and RenderingInfo (values, not names), or all values of
// a JSON record. `path` names the value in the event's own words.
using ValueVisitor = std::function<void(std::string_view path, const Value& value)>;

// Folded; see Event::raw_text.
inline constexpr std::string_view kBareCharacters = "0123456789abcdefxstz-:.{}";

class Event {
 public:
  virtual ~Event() = default;

  [[nodiscard]] const EventHead& head() const { return head_; }
  // The values of a field, in document order: none where it is absent, several for arrays and repeated names. A field
  // that is present without a value is one Value of kind null.
  [[nodiscard]] virtual std::span<const Value> get(FieldId field) const = 0;
  // The field as the event itself names it ("Event.EventData.NewProcessName", "winlog.event_data.Image").
  [[nodiscard]] virtual std::string event_field(FieldId field) const = 0;
  virtual void each_value(const ValueVisitor& visit) const = 0;
  // A text that holds what each_value would visit: each run of a value's characters other than quotes, backslashes
  // and control characters stands in it as it is. It may leave out values that are made of nothing but
  // kBareCharacters: numbers, times, identifiers. Empty where there is none at hand. Good until the event is loaded
  // anew.
  [[nodiscard]] virtual std::string_view raw_text() const { return {}; }
  // Every named field, whether or not a table knows it: (name as in field_table.hpp, value). For copies that outlive
  // the record's bytes.
  virtual void each_field(const ValueVisitor& visit) const = 0;
  // The whole event as one JSON object: evtx_dump's shape for Windows event logs, the record itself for JSON.
  virtual void append_json(std::string& out) const = 0;
  // As Windows event XML. Empty where the source has no XML form.
  virtual void append_xml(std::string& out) const = 0;

 protected:
  EventHead head_;
};

}  // namespace tocsin::model
