// What one event says, apart from any file format: the makers write it as EVTX (evtx_writer.hpp) or JSON
// (json_lines.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tocsin/event.hpp"

#include "tests/makers/binxml_tree.hpp"
#include "tests/makers/value.hpp"

namespace tocsin::makers {

// <Data Name='name'>value</Data>; without a name <Data>value</Data>.
struct DataItem {
  std::string name;
  Value value;
  std::vector<Content> literal;  // instead of the value: tokens that are part of the template itself
};

// An element of UserData: attributes, then either a value or children.
struct UserElement {
  std::string name;
  std::vector<std::pair<std::string, Value>> attributes;
  std::optional<Value> value;
  std::vector<UserElement> children;
};

// What a collector adds to a forwarded event (RenderingInfo).
struct Rendering {
  std::string culture = "en-US";
  std::string message, level, task, opcode, channel, provider;
  std::vector<std::string> keywords;
};

struct EventSpec {
  std::string provider, provider_guid, event_source_name;  // the last two may be empty
  std::string channel, computer;
  std::uint16_t event_id = 0;
  std::optional<std::uint16_t> qualifiers;
  std::uint8_t version = 0, level = 4, opcode = 0;
  std::uint16_t task = 0;
  std::uint64_t keywords = 0x8000000000000000;
  Timestamp time;               // TimeCreated
  std::uint64_t record_id = 0;  // 0: the writer counts on
  std::uint32_t process_id = 0, thread_id = 0;
  std::string user_sid, activity_id, related_activity_id;  // empty: absent

  // The name of the element that holds `data`: EventData, ProcessingErrorData, DebugData, … Empty and no data: none.
  std::string data_element = "EventData";
  std::vector<DataItem> data;
  std::optional<std::string> binary;             // <Binary> at the end of EventData
  std::vector<UserElement> user_data;            // instead of EventData, below UserData
  std::optional<std::string> binary_event_data;  // instead: <BinaryEventData>
  std::optional<Rendering> rendering;

  [[nodiscard]] const Value* find(std::string_view name) const;  // the first Data of that name
  void set(std::string_view name, Value value);                  // replaces it, or appends it
};

}  // namespace tocsin::makers
