#include "tests/makers/binxml_tree.hpp"

#include <cstring>

#include <fmt/format.h>

#include "base/hash.hpp"

namespace tocsin::makers::xml {
namespace {

Content make(Content::Kind kind, std::string text) {
  Content made;
  made.kind = kind;
  made.text = std::move(text);
  return made;
}

void describe(std::string& out, const Element& element);

void describe(std::string& out, const Content& content) {
  out += fmt::format("({} {} {} {}", static_cast<int>(content.kind), content.number, static_cast<int>(content.declared),
                     content.text.size());
  out += content.text;
  out += content.target;
  for (const Element& child : content.child) describe(out, child);
  out += ')';
}

void describe(std::string& out, const Element& element) {
  out += fmt::format("<{} {} {}", element.name, element.depends_on.value_or(0xFFFF), element.close_with_end_tag);
  for (const Attribute& attribute : element.attributes) {
    out += fmt::format(" {}=", attribute.name);
    for (const Content& part : attribute.value) describe(out, part);
  }
  out += '>';
  for (const Content& part : element.content) describe(out, part);
}

}  // namespace

Content text(std::string utf8) {
  return make(Content::Kind::text, std::move(utf8));
}
Content cdata(std::string utf8) {
  return make(Content::Kind::cdata, std::move(utf8));
}
Content entity(std::string name) {
  return make(Content::Kind::entity_reference, std::move(name));
}

Content character(std::uint16_t unit) {
  Content made = make(Content::Kind::character_reference, {});
  made.number = unit;
  return made;
}

Content instruction(std::string target, std::string data) {
  Content made = make(Content::Kind::processing_instruction, std::move(data));
  made.target = std::move(target);
  return made;
}

Content slot(std::uint16_t index, ValueType declared) {
  Content made = make(Content::Kind::slot, {});
  made.number = index;
  made.declared = declared;
  return made;
}

Content optional_slot(std::uint16_t index, ValueType declared) {
  Content made = slot(index, declared);
  made.kind = Content::Kind::optional_slot;
  return made;
}

Content element(Element child) {
  Content made = make(Content::Kind::element, {});
  made.child.push_back(std::move(child));
  return made;
}

Element leaf(std::string name, Content content) {
  Element made;
  made.name = std::move(name);
  made.content.push_back(std::move(content));
  return made;
}

std::shared_ptr<const Template> make_template(Element root) {
  auto made = std::make_shared<Template>();
  std::string description;
  describe(description, root);
  const auto digest = base::sha256(as_bytes(description));
  std::memcpy(made->guid.data(), digest.data(), made->guid.size());
  made->root = std::move(root);
  return made;
}

}  // namespace tocsin::makers::xml
