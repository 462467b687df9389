// The values of one field entry of a record, decoded from its slots.
#pragma once

#include <string>
#include <vector>

#include "evidence/evtx/arena.hpp"
#include "evidence/evtx/record_slots.hpp"
#include "model/event.hpp"

namespace tocsin::evidence::evtx {

class EntryValues {
 public:
  EntryValues(const RecordSlots& slots, Arena& arena) : slots_(slots), arena_(arena) {}

  // Appends the entry's values: none where its element is left out, several where it is repeated.
  void append(const Piece& piece, const FieldEntry& entry, std::vector<model::Value>& out);

 private:
  void append_slot(const Piece& piece, const FieldEntry& entry, std::vector<model::Value>& out);
  void append_array(const FieldEntry& entry, const ValueRef& ref, std::vector<model::Value>& out);
  void append_parts(const Piece& piece, const FieldEntry& entry, std::vector<model::Value>& out);
  [[nodiscard]] bool brings_tree(const Piece& piece, std::uint16_t slot) const;

  const RecordSlots& slots_;
  Arena& arena_;
  std::vector<ByteView> items_;
  std::string joined_;
};

// What becomes of a field's text: an attribute without text is absent, so is the own text of an element with children;
// a Data without text is an empty string, as in evtx_dump's JSON.
void append_field_value(bool attribute, bool always, bool data, model::Value value, std::vector<model::Value>& out);

}  // namespace tocsin::evidence::evtx
