// Field names interned to small numbers. The rule compiler fills one table; readers bind their slots, keys and columns
// to its ids once per template, shape or schema; judging then never looks at a name.
//
// Names are those of Sigma's taxonomy for the kind of log (see docs/formats/fields.md): for Windows events the System
// values `EventID`, `Channel`, `Computer`, `Provider_Name`, `Execution_ProcessID` …, the names of EventData's Data
// without blanks, the leaf elements of UserData; for other JSON the path joined by dots.
//
// Immutable once the rule set is compiled; may then be read from any thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace tocsin::model {

using FieldId = std::uint32_t;

class FieldTable {
 public:
  FieldTable() = default;
  FieldTable(const FieldTable&) = delete;
  FieldTable& operator=(const FieldTable&) = delete;
  FieldTable(FieldTable&&) noexcept = default;
  FieldTable& operator=(FieldTable&&) noexcept = default;

  FieldId intern(std::string_view name);
  [[nodiscard]] std::optional<FieldId> find(std::string_view name) const;
  [[nodiscard]] std::string_view name(FieldId id) const { return names_[id]; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }

 private:
  std::deque<std::string> names_;  // a deque: the map's keys are views into it
  std::unordered_map<std::string_view, FieldId> ids_;
};

}  // namespace tocsin::model
