#include "evidence/evtx/entry_values.hpp"

namespace tocsin::evidence::evtx {

using model::Value;

void append_field_value(bool attribute, bool always, bool data, Value value, std::vector<Value>& out) {
  if (value.text.empty()) {
    if (attribute || !always) return;
    if (data) value.kind = Value::Kind::string;
  }
  out.push_back(value);
}

// A nested value makes its element one with children; an empty one does not.
bool EntryValues::brings_tree(const Piece& piece, std::uint16_t slot) const {
  if (piece.parent_slot != kNoSlot || &piece != slots_.pieces().data()) return false;
  for (const Piece& other : slots_.pieces()) {
    if (other.parent_slot == slot) return true;
  }
  return false;
}

void EntryValues::append_array(const FieldEntry& entry, const ValueRef& ref, std::vector<Value>& out) {
  split_array(ref.type, slots_.bytes(ref), items_);
  const std::uint8_t scalar = ref.type & static_cast<std::uint8_t>(~kArrayBit);
  if (items_.empty())
    return append_field_value(entry.attribute, entry.always, entry.data, {Value::Kind::string, {}}, out);
  for (const ByteView item : items_) {
    Value value = format_value(scalar, item, arena_);
    if (items_.size() == 1) value.kind = Value::Kind::string;
    append_field_value(entry.attribute, entry.always, entry.data, value, out);
  }
}

void EntryValues::append_slot(const Piece& piece, const FieldEntry& entry, std::vector<Value>& out) {
  const ValueRef* ref = slots_.value(piece, entry.slot);
  if (ref == nullptr) return append_field_value(entry.attribute, entry.always, entry.data, {}, out);
  if ((ref->type & kArrayBit) != 0) return append_array(entry, *ref, out);
  if (ref->type == kBinXml) {
    const bool always = entry.always && !brings_tree(piece, entry.slot);
    return append_field_value(entry.attribute, always, entry.data, {}, out);
  }
  append_field_value(entry.attribute, entry.always, entry.data, format_value(ref->type, slots_.bytes(*ref), arena_),
                     out);
}

// Several parts, literals and slots, make one text.
void EntryValues::append_parts(const Piece& piece, const FieldEntry& entry, std::vector<Value>& out) {
  const Nodes& nodes = piece.compiled->program.nodes;
  bool always = entry.always;
  joined_.clear();
  for (std::uint32_t i = entry.node + 1; i < nodes[entry.node].end; i = nodes[i].end) {
    if (nodes[i].kind != NodeKind::slot) {
      if (is_text(nodes[i].kind)) joined_ += nodes[i].text;
      continue;
    }
    const ValueRef* ref = slots_.value(piece, nodes[i].slot);
    if (ref == nullptr) continue;
    if (ref->type == kBinXml) {
      always = always && !brings_tree(piece, nodes[i].slot);
    } else if ((ref->type & kArrayBit) != 0) {
      split_array(ref->type, slots_.bytes(*ref), items_);
      const std::uint8_t scalar = ref->type & static_cast<std::uint8_t>(~kArrayBit);
      if (!items_.empty()) joined_ += format_value(scalar, items_.front(), arena_).text;
    } else {
      joined_ += format_value(ref->type, slots_.bytes(*ref), arena_).text;
    }
  }
  append_field_value(entry.attribute, always, entry.data, {Value::Kind::string, arena_.copy(joined_)}, out);
}

void EntryValues::append(const Piece& piece, const FieldEntry& entry, std::vector<Value>& out) {
  if (!slots_.present(piece, entry)) return;
  if (entry.literal) {
    const auto kind = entry.text.empty() ? Value::Kind::null : Value::Kind::string;
    return append_field_value(entry.attribute, entry.always, entry.data, {kind, entry.text}, out);
  }
  if (entry.slot != kNoSlot) return append_slot(piece, entry, out);
  append_parts(piece, entry, out);
}

}  // namespace tocsin::evidence::evtx
