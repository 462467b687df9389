// An XML tree laid out flat, in document order: a node's subtree is [its index + 1, end). The same form serves a
// compiled template (with substitution slots) and a rendered record (with values).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/event.hpp"

namespace tocsin::evidence::evtx {

enum class NodeKind : std::uint8_t {
  element,    // children: attributes first, then content
  attribute,  // children: its value's parts
  text,       // literal text
  cdata,
  char_ref,  // text: the character; name: the number in digits
  entity,    // name: the entity's; text: what it stands for, or "&name;"
  pi,        // name: target; text: data
  slot,      // templates only: a substitution
  value,     // records only: a substitution's text
  splice,    // records only: what a nested value brought in; transparent
};

constexpr std::uint16_t kNoSlot = 0xFFFF;

struct Node {
  NodeKind kind = NodeKind::element;
  bool closed_empty = false;                                   // element: written <X/>
  model::Value::Kind value_kind = model::Value::Kind::string;  // value
  std::uint16_t slot = kNoSlot;  // slot: value index; element: the value that it depends on
  std::uint32_t end = 0;         // index behind the subtree
  std::string_view name, text;
};
using Nodes = std::vector<Node>;

[[nodiscard]] inline bool is_text(NodeKind kind) {
  return kind != NodeKind::element && kind != NodeKind::attribute && kind != NodeKind::pi && kind != NodeKind::splice;
}

}  // namespace tocsin::evidence::evtx
