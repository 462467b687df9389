// ChunkBuilder's BinXML half: tokens, names, template definitions and instances, at their final chunk offsets.
#include <cassert>

#include "tests/makers/chunk_builder.hpp"

namespace tocsin::makers {
namespace {

constexpr std::uint8_t kEndOfStream = 0x00, kOpenElement = 0x01, kCloseStart = 0x02, kCloseEmpty = 0x03,
                       kEndElement = 0x04, kText = 0x05, kAttribute = 0x06, kCdata = 0x07, kCharacter = 0x08,
                       kEntity = 0x09, kTarget = 0x0A, kTargetData = 0x0B, kInstance = 0x0C, kSlot = 0x0D,
                       kOptionalSlot = 0x0E, kFragmentHeader = 0x0F, kMore = 0x40;
constexpr std::uint16_t kNoDependency = 0xFFFF;

std::uint16_t dependency(const Element& element) {
  if (element.depends_on) return *element.depends_on;
  const bool lone = element.content.size() == 1 && element.content[0].kind == Content::Kind::optional_slot;
  return lone ? element.content[0].number : kNoDependency;
}

}  // namespace

void ChunkBuilder::write_fragment(const Fragment& fragment) {
  if (fragment.header) {
    put(kFragmentHeader);
    put(std::uint8_t{1});
    put(std::uint8_t{1});
    put(std::uint8_t{0});
  }
  for (const Instance& instance : fragment.instances) write_instance(instance);
  for (const Element& element : fragment.elements) write_element(element, false);
  if (fragment.end) put(kEndOfStream);
}

void ChunkBuilder::write_instance(const Instance& instance) {
  put(kInstance);
  put(std::uint8_t{1});
  bytes_.append(reinterpret_cast<const char*>(instance.definition->guid.data()), 4);
  const auto known = definitions_.find(instance.definition->guid);
  if (known != definitions_.end()) {
    put(known->second);
  } else {
    put(at() + 4);
    write_definition(*instance.definition);
  }
  write_values(instance.values);
}

void ChunkBuilder::write_definition(const Template& definition) {
  const std::uint32_t begin = at();
  std::u16string words;
  for (std::size_t i = 0; i < 16; i += 2) {
    words.push_back(static_cast<char16_t>(definition.guid[i] | (definition.guid[i + 1] << 8)));
  }
  std::uint32_t& bucket = template_buckets_[name_hash(words) % template_buckets_.size()];
  put(bucket);
  bucket = begin;
  definitions_.emplace(definition.guid, begin);
  definition_order_.push_back(definition.guid);
  bytes_.append(reinterpret_cast<const char*>(definition.guid.data()), definition.guid.size());
  put(std::uint32_t{0});
  const std::uint32_t body = at();
  bytes_.append("\x0F\x01\x01\x00", 4);
  write_element(definition.root, true);
  put(kEndOfStream);
  put_le(bytes_, begin + 20, at() - body);
}

void ChunkBuilder::write_values(const std::vector<SlotValue>& values) {
  put(static_cast<std::uint32_t>(values.size()));
  const std::uint32_t descriptors = at();
  bytes_.append(4 * values.size(), '\0');
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint32_t begin = at();
    std::uint8_t type = values[i].value.type;
    if (values[i].fragment.empty()) {
      bytes_ += values[i].value.bytes;
    } else {
      type = static_cast<std::uint8_t>(ValueType::binxml);
      write_fragment(values[i].fragment.front());
    }
    // A value over 65,535 bytes cannot fit into the chunk either: the record is taken back.
    put_le(bytes_, descriptors + 4 * i, static_cast<std::uint16_t>(at() - begin));
    put_le(bytes_, descriptors + 4 * i + 2, type);
  }
}

void ChunkBuilder::write_element(const Element& element, bool in_template) {
  const bool has_attributes = !element.attributes.empty();
  put(static_cast<std::uint8_t>(kOpenElement | (has_attributes ? kMore : 0)));
  if (in_template) put(dependency(element));
  const std::uint32_t size_at = at();
  put(std::uint32_t{0});
  write_name(element.name);
  if (has_attributes) write_attributes(element);
  if (element.content.empty() && !element.close_with_end_tag) {
    put(kCloseEmpty);
  } else {
    put(kCloseStart);
    for (const Content& part : element.content) write_content(part, in_template);
    put(kEndElement);
  }
  put_le(bytes_, size_at, at() - size_at - 4);
}

void ChunkBuilder::write_attributes(const Element& element) {
  const std::uint32_t list_at = at();
  put(std::uint32_t{0});
  for (std::size_t i = 0; i < element.attributes.size(); ++i) {
    put(static_cast<std::uint8_t>(kAttribute | (i + 1 < element.attributes.size() ? kMore : 0)));
    write_name(element.attributes[i].name);
    for (const Content& part : element.attributes[i].value) write_content(part, false);
  }
  put_le(bytes_, list_at, at() - list_at - 4);
}

void ChunkBuilder::write_content(const Content& content, bool in_template) {
  switch (content.kind) {
    case Content::Kind::text:
      put(kText);
      put(static_cast<std::uint8_t>(ValueType::string));
      return write_units(content.text);
    case Content::Kind::cdata:
      put(kCdata);
      return write_units(content.text);
    case Content::Kind::character_reference:
      put(kCharacter);
      return put(content.number);
    case Content::Kind::entity_reference:
      put(kEntity);
      return write_name(content.text);
    case Content::Kind::processing_instruction:
      put(kTarget);
      write_name(content.target);
      put(kTargetData);
      return write_units(content.text);
    case Content::Kind::slot:
    case Content::Kind::optional_slot:
      put(content.kind == Content::Kind::slot ? kSlot : kOptionalSlot);
      put(content.number);
      return put(static_cast<std::uint8_t>(content.declared));
    case Content::Kind::element:
      return write_element(content.child.front(), in_template);
  }
}

void ChunkBuilder::write_units(std::string_view utf8) {
  const std::u16string units = to_utf16(utf8);
  assert(units.size() <= 0xFFFF);
  put(static_cast<std::uint16_t>(units.size()));
  append_utf16(bytes_, units);
}

void ChunkBuilder::write_name(const std::string& name) {
  const auto [known, inserted] = names_.try_emplace(name, at() + 4);
  put(known->second);
  if (!inserted) return;
  name_order_.push_back(name);
  const std::u16string units = to_utf16(name);
  const std::uint16_t hash = static_cast<std::uint16_t>(name_hash(units));
  std::uint32_t& bucket = string_buckets_[hash % string_buckets_.size()];
  put(bucket);
  bucket = known->second;
  put(hash);
  put(static_cast<std::uint16_t>(units.size()));
  append_utf16(bytes_, units);
  put(std::uint16_t{0});
}

}  // namespace tocsin::makers
