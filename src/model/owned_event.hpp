// An event that owns what it shows: for events that outlive the record's bytes (script blocks put together from parts)
// and for tests. Cheap enough for those, not for the hot path.
#pragma once

#include <string>
#include <vector>

#include "model/event.hpp"

namespace tocsin::model {

// One value. `name` is the field's name as in field_table.hpp; empty: a value that only keywords see. `path` is the
// name in the event's own words; empty: the same as `name`.
struct OwnedField {
  std::string name{};
  std::string path{};
  Value::Kind kind = Value::Kind::string;
  std::string text{};
};

// Views out of it live as long as it does. Not movable: its head points into itself.
class OwnedEvent final : public Event {
 public:
  // Copies `head` (`raw` included) and binds `fields`, in their order, to the ids of `table`; repeated names make a
  // field with several values. Names that `table` does not know stay visible to each_value and each_field.
  OwnedEvent(const EventHead& head, std::vector<OwnedField> fields, const FieldTable& table);
  OwnedEvent(const OwnedEvent&) = delete;
  OwnedEvent& operator=(const OwnedEvent&) = delete;
  OwnedEvent(OwnedEvent&&) = delete;
  OwnedEvent& operator=(OwnedEvent&&) = delete;
  ~OwnedEvent() override = default;

  [[nodiscard]] std::span<const Value> get(FieldId field) const override;
  [[nodiscard]] std::string event_field(FieldId field) const override;
  void each_value(const ValueVisitor& visit) const override;
  void each_field(const ValueVisitor& visit) const override;
  // The text given to set_json, else one object of names and values (repeated names as an array).
  void append_json(std::string& out) const override;
  void append_xml(std::string& out) const override { out += xml_; }

  void set_json(std::string json) { json_ = std::move(json); }
  void set_xml(std::string xml) { xml_ = std::move(xml); }

 private:
  struct Bound {
    std::size_t first = 0, count = 0;  // in values_
    std::size_t field = 0;             // the first one in fields_
  };
  void copy_head(const EventHead& head);
  void bind(const FieldTable& table);

  std::vector<OwnedField> fields_;
  std::vector<Value> values_;  // grouped by field id
  std::vector<Bound> bound_;   // by field id
  std::string shape_, product_, category_, service_, channel_, provider_, computer_, raw_;
  std::string json_, xml_;
};

}  // namespace tocsin::model
