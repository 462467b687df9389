// The fields of one event as a rule sees them through a log-source variant (src/detect/sigma/log_source.hpp).
// Everything is copied out of the event once; nothing is clever.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "detect/sigma/log_source.hpp"
#include "model/event.hpp"
#include "tests/oracle/glob.hpp"

namespace tocsin::oracle {

struct FieldValue {
  model::Value::Kind kind = model::Value::Kind::null;
  Text text{""};
  std::string path;  // the value's own name in the event; keywords show it
};

struct Field {
  std::vector<FieldValue> values;
  std::string event_field;  // as the event names it
  std::vector<std::string> conversions;
};

class EventFields {
 public:
  // `table` gives the ids to ask the event for its own names. Both outlive this.
  EventFields(const model::Event& event, const model::FieldTable& table);

  [[nodiscard]] const model::Event& event() const { return event_; }
  // Does the event belong to the variant? (log_source.hpp, at Variant)
  [[nodiscard]] bool fits(const sigma::Variant& variant) const;
  // The field under the variant's names. Lives as long as this.
  [[nodiscard]] const Field& get(const sigma::Variant& variant, const std::string& name) const;
  [[nodiscard]] const Field& own(const std::string& name) const;
  // All values that keywords look at.
  [[nodiscard]] const std::vector<FieldValue>& all_values() const;

 private:
  [[nodiscard]] bool constraints_hold(const sigma::Variant& variant) const;
  [[nodiscard]] Field mapped(const sigma::FieldSource& source) const;
  [[nodiscard]] Field joined(const sigma::FieldSource& source, const std::string& argument) const;

  const model::Event& event_;
  const model::FieldTable& table_;
  std::map<std::string, Field, std::less<>> own_;
  mutable std::map<const sigma::FieldSource*, Field> mapped_;
  mutable std::unique_ptr<std::vector<FieldValue>> all_;
  Field absent_;
};

// PowerShell 4104 with more than one part, and with what the parts are put together by.
[[nodiscard]] bool is_script_block_part(const EventFields& fields);

}  // namespace tocsin::oracle
