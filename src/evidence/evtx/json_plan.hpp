// A template as the JSON that its records have in common: constant text with keys already escaped, and between it the
// places where a record's values go. Made once for each template; then one event is the pieces of text and its values.
//
// Says the same as expanding the record and writing its tree (render.hpp), which serves where a template has no plan:
// text beside elements or made of several parts, names that depend on values, names whose number in their object would.
// A record may still have to be written the other way (JsonFiller).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "evidence/evtx/node.hpp"
#include "evidence/evtx/program.hpp"

namespace tocsin::evidence::evtx {

// A stretch of JsonPlan::text, or of part_text.
struct JsonText {
  std::uint32_t begin = 0, size = 0;
};

// An attribute, or one of several Data without a name: a value, or where `slot` is kNoSlot a fixed one.
struct JsonPart {
  JsonText key;  // attributes: the name with its quotes and colon
  JsonText fixed;
  std::uint16_t slot = kNoSlot;
  std::uint16_t needs = kNoSlot;  // Data: the value that must not be null for it to be there
};

// What is done in turn, each behind its fixed text. Each member of an object is written with a comma behind it;
// whatever closes the object takes the last one back.
struct JsonOp {
  enum class Kind : std::uint8_t {
    text,        // nothing but the text
    unless,      // goes on at op `next` where the value is null
    splice,      // a slot beside elements: the members of the tree that it brings in
    value,       // an element's own text or tree; null where it has none
    data,        // the same of a named Data, "" where there is none; an array of several items
    unnamed,     // the parts are Data without a name: they share one key
    attributed,  // an element with attributes and, in `slot` or `own`, its text
    attributes,  // the attributes of an element that has children
    open,        // an object that becomes null where nothing comes in
    close_open,
    close,  // an object of which the last member may be missing
  };
  Kind kind = Kind::text;
  bool in_data = false;  // value: of EventData or UserData
  std::uint16_t slot = kNoSlot;
  JsonText text;                       // of JsonPlan::text
  JsonText own;                        // of part_text
  std::uint32_t first = 0, count = 0;  // parts; splice: the names of the object that it stands in
  std::uint32_t next = 0;
};

struct JsonPlan {
  static constexpr std::size_t kOpRoom = 48;    // brackets, commas, "#attributes", "#text", "Data", null, quotes
  static constexpr std::size_t kTextStep = 16;  // texts are copied in steps, and so read beyond their ends
  std::vector<JsonOp> ops;                      // of the members of an object, the last one's comma included
  std::vector<JsonPart> parts;
  std::vector<JsonText> names;  // sorted for each object: of objects that hold a splice, and of the plan's own members
  std::uint32_t first_name = 0, name_count = 0;  // the members'
  std::string text;                              // of ops
  std::string part_text;                         // of parts and names, and of Kind::attributed
  // At most this much is written beside the values' own text: fixed text, and what stands for values without one.
  [[nodiscard]] std::size_t room() const {
    return text.size() + part_text.size() + kOpRoom * (ops.size() + parts.size());
  }
  [[nodiscard]] std::size_t memory() const {
    return ops.capacity() * sizeof(JsonOp) + parts.capacity() * sizeof(JsonPart) + names.capacity() * sizeof(JsonText) +
           text.capacity() + part_text.capacity();
  }
};

// Nothing where the program has to be written from its tree. `in_data`: its trees stand in EventData or UserData.
[[nodiscard]] std::optional<JsonPlan> make_json_plan(const Program& program, bool in_data);

}  // namespace tocsin::evidence::evtx
