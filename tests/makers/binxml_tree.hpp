// BinXML as a tree, before it has a place in a chunk: elements, attributes, the tokens between them, template
// definitions with slots, and instances with values. Plain values; who makes one owns it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/makers/value.hpp"

namespace tocsin::makers {

struct Element;

// One token of content (MS-EVEN6 2.2.12.1 names them).
struct Content {
  enum class Kind : std::uint8_t {
    text,
    cdata,
    character_reference,
    entity_reference,
    processing_instruction,
    slot,
    optional_slot,
    element
  };
  Kind kind = Kind::text;
  std::string text;                        // text, CDATA, PI data; the entity's name
  std::string target;                      // PI only
  std::uint16_t number = 0;                // the slot's value index, or the character
  ValueType declared = ValueType::string;  // slots: the type that the template announces; not binding
  std::vector<Element> child;              // kind element: exactly one
};

struct Attribute {
  std::string name;
  std::vector<Content> value;
};

struct Element {
  std::string name;
  std::vector<Attribute> attributes = {};
  std::vector<Content> content = {};
  // Index of the value whose absence (type 0) removes the element. Without it: the index of the element's only content
  // where that is an optional slot, as Windows writes it.
  std::optional<std::uint16_t> depends_on = {};
  bool close_with_end_tag = false;  // an element without content as <X></X> instead of <X/>
};

struct Template {
  GuidBytes guid{};
  Element root;
};

struct Fragment;
struct SlotValue {
  Value value;
  std::vector<Fragment> fragment;  // one: the value is BinXML (type 0x21) and `value` is not used
};
struct Instance {
  std::shared_ptr<const Template> definition;
  std::vector<SlotValue> values;
};

// A BinXML stream: instances first, then plain elements.
struct Fragment {
  bool header = true;  // begins with 0F 01 01 00; nested values of live logs have none
  bool end = true;     // ends with 00
  std::vector<Instance> instances;
  std::vector<Element> elements;
};

namespace xml {

[[nodiscard]] Content text(std::string utf8);
[[nodiscard]] Content cdata(std::string utf8);
[[nodiscard]] Content character(std::uint16_t unit);
[[nodiscard]] Content entity(std::string name);
[[nodiscard]] Content instruction(std::string target, std::string data);
[[nodiscard]] Content slot(std::uint16_t index, ValueType declared);
[[nodiscard]] Content optional_slot(std::uint16_t index, ValueType declared);
[[nodiscard]] Content element(Element child);
[[nodiscard]] Element leaf(std::string name, Content content);  // <name>content</name>

// A definition whose GUID is derived from the tree, so that equal trees have equal GUIDs and different trees do not.
[[nodiscard]] std::shared_ptr<const Template> make_template(Element root);

}  // namespace xml
}  // namespace tocsin::makers
