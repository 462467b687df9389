#include "tests/makers/event_templates.hpp"

#include <fmt/format.h>

#include "tests/makers/plain_event.hpp"

namespace tocsin::makers {
namespace {

using enum ValueType;

SlotValue slot_value(Value value) {
  return {std::move(value), {}};
}

SlotValue optional_text(const std::string& text) {
  return slot_value(text.empty() ? value::null() : value::string(text));
}
SlotValue optional_guid(const std::string& text, std::size_t null_size) {
  return slot_value(text.empty() ? value::null(null_size) : value::guid(text));
}

// Value indexes of the two forms of the outer template (reference §12).
struct SlotPlan {
  std::uint16_t related = 13, provider = 14, guid = 15, channel = 16, payload = 17;
};
constexpr SlotPlan kLiteralProvider{18, 0, 0, 0, 19};

Attribute attribute(std::string name, Content content) {
  return {std::move(name), {std::move(content)}};
}

Element provider_element(const EventSpec& spec, const EvtxShape& shape, const SlotPlan& plan) {
  Element provider{.name = "Provider"};
  if (!shape.literal_provider) {
    provider.attributes.push_back(attribute("Name", xml::optional_slot(plan.provider, string)));
    provider.attributes.push_back(attribute("Guid", xml::optional_slot(plan.guid, guid)));
    return provider;
  }
  provider.attributes.push_back(attribute("Name", xml::text(spec.provider)));
  if (!spec.provider_guid.empty()) provider.attributes.push_back(attribute("Guid", xml::text(spec.provider_guid)));
  return provider;
}

Element execution_element(const EvtxShape& shape) {
  Element execution{.name = "Execution"};
  execution.attributes.push_back(attribute("ProcessID", xml::optional_slot(8, u32)));
  execution.attributes.push_back(attribute("ThreadID", xml::optional_slot(9, u32)));
  if (!shape.literal_provider) return execution;
  const std::array<const char*, 5> names{"SessionID", "ProcessorID", "KernelTime", "UserTime", "ProcessorTime"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto index = static_cast<std::uint16_t>(13 + i);
    execution.attributes.push_back(attribute(names[i], xml::optional_slot(index, i == 1 ? u8 : u32)));
  }
  return execution;
}

Element system_element(const EventSpec& spec, const EvtxShape& shape, const SlotPlan& plan) {
  Element system{.name = "System"};
  const auto add = [&](Element child) { system.content.push_back(xml::element(std::move(child))); };
  Element provider = provider_element(spec, shape, plan);
  if (!spec.event_source_name.empty()) {
    provider.attributes.push_back(attribute("EventSourceName", xml::text(spec.event_source_name)));
  }
  add(std::move(provider));
  Element id = xml::leaf("EventID", xml::optional_slot(3, u16));
  id.attributes.push_back(attribute("Qualifiers", xml::optional_slot(4, u16)));
  add(std::move(id));
  add(xml::leaf("Version", xml::optional_slot(11, u8)));
  add(xml::leaf("Level", xml::optional_slot(0, u8)));
  add(xml::leaf("Task", xml::optional_slot(2, u16)));
  add(xml::leaf("Opcode", xml::optional_slot(1, u8)));
  add(xml::leaf("Keywords", xml::optional_slot(5, hex64)));
  add({.name = "TimeCreated", .attributes = {attribute("SystemTime", xml::optional_slot(6, filetime))}});
  add(xml::leaf("EventRecordID", xml::optional_slot(10, u64)));
  add({.name = "Correlation",
       .attributes = {attribute("ActivityID", xml::optional_slot(7, guid)),
                      attribute("RelatedActivityID", xml::optional_slot(plan.related, guid))}});
  add(execution_element(shape));
  add(xml::leaf("Channel",
                shape.literal_provider ? xml::text(spec.channel) : xml::optional_slot(plan.channel, string)));
  add(xml::leaf("Computer", xml::text(spec.computer)));
  add({.name = "Security", .attributes = {attribute("UserID", xml::optional_slot(12, sid))}});
  return system;
}

Element event_element(const EventSpec& spec, const EvtxShape& shape, const SlotPlan& plan) {
  Element event{.name = "Event"};
  event.attributes.push_back(attribute("xmlns", xml::text(std::string(kEventNamespace))));
  event.content.push_back(xml::element(system_element(spec, shape, plan)));
  const Content data = xml::optional_slot(plan.payload, binxml);
  if (spec.user_data.empty()) {
    event.content.push_back(data);
    event.depends_on = plan.payload;  // as Windows writes it; a root is kept all the same
  } else {
    event.content.push_back(xml::element(xml::leaf("UserData", data)));
  }
  return event;
}

std::vector<SlotValue> system_values(const EventSpec& spec, const EvtxShape& shape) {
  const std::size_t null_guid = shape.exported ? 0 : 16;
  const std::size_t null_qualifiers = shape.exported ? 0 : 2;
  std::vector<SlotValue> values;
  const auto add = [&](Value made) { values.push_back(slot_value(std::move(made))); };
  add(value::u8(spec.level));
  add(value::u8(spec.opcode));
  add(value::u16(spec.task));
  add(value::u16(spec.event_id));
  add(spec.qualifiers ? value::u16(*spec.qualifiers) : value::null(null_qualifiers));
  add(value::hex64(spec.keywords));
  add(value::filetime(spec.time));
  values.push_back(optional_guid(spec.activity_id, null_guid));
  add(value::u32(spec.process_id));
  add(value::u32(spec.thread_id));
  add(value::u64(spec.record_id));
  add(value::u8(spec.version));
  add(spec.user_sid.empty() ? value::null() : value::sid(spec.user_sid));
  if (shape.literal_provider) {
    for (int i = 0; i < 5; ++i) add(value::null());
  }
  values.push_back(optional_guid(spec.related_activity_id, null_guid));
  if (shape.literal_provider) return values;
  values.push_back(optional_text(spec.provider));
  values.push_back(optional_guid(spec.provider_guid, 0));
  values.push_back(optional_text(spec.channel));
  return values;
}

// A value's slot in the payload's template. SizeT is announced as such and stored as a hex type, or as itself in live
// logs (reference §12).
Content data_slot(std::vector<SlotValue>& values, const Value& value, const EvtxShape& shape) {
  const auto index = static_cast<std::uint16_t>(values.size());
  SlotValue stored = slot_value(value);
  if (shape.exported && value.base_type() == size_t_ && !value.is_array()) {
    stored.value.type = static_cast<std::uint8_t>(value.bytes.size() == 4 ? hex32 : hex64);
  }
  values.push_back(std::move(stored));
  const std::uint8_t declared = value.type == 0 ? static_cast<std::uint8_t>(string) : value.type;
  return xml::slot(index, static_cast<ValueType>(declared));
}

Element data_element(const EventSpec& spec, const EvtxShape& shape, std::vector<SlotValue>& values) {
  Element element{.name = spec.data_element};
  for (const DataItem& item : spec.data) {
    Element data{.name = "Data"};
    if (!item.name.empty()) data.attributes.push_back(attribute("Name", xml::text(item.name)));
    if (item.literal.empty()) {
      data.content.push_back(data_slot(values, item.value, shape));
    } else {
      data.content = item.literal;
    }
    element.content.push_back(xml::element(std::move(data)));
  }
  if (spec.binary) {
    element.content.push_back(xml::element(xml::leaf("Binary", data_slot(values, value::binary(*spec.binary), shape))));
  }
  return element;
}

Element user_element(const UserElement& user, const EvtxShape& shape, std::vector<SlotValue>& values) {
  Element element{.name = user.name};
  for (const auto& [name, value] : user.attributes) {
    element.attributes.push_back(attribute(name, data_slot(values, value, shape)));
  }
  if (user.value) element.content.push_back(data_slot(values, *user.value, shape));
  for (const UserElement& child : user.children) {
    element.content.push_back(xml::element(user_element(child, shape, values)));
  }
  return element;
}

// Literal elements behind the data's instance, as in logs that a collector wrote.
Element rendering_element(const Rendering& rendering) {
  Element info{.name = "RenderingInfo", .attributes = {attribute("Culture", xml::text(rendering.culture))}};
  const auto add = [&](const char* name, const std::string& text) {
    Element child{.name = name};
    if (!text.empty()) child.content.push_back(xml::text(text));
    info.content.push_back(xml::element(std::move(child)));
  };
  add("Message", rendering.message);
  add("Level", rendering.level);
  add("Task", rendering.task);
  add("Opcode", rendering.opcode);
  add("Channel", rendering.channel);
  add("Provider", rendering.provider);
  Element keywords{.name = "Keywords"};
  for (const std::string& keyword : rendering.keywords) {
    keywords.content.push_back(xml::element(xml::leaf("Keyword", xml::text(keyword))));
  }
  info.content.push_back(xml::element(std::move(keywords)));
  return info;
}

}  // namespace

Instance EventTemplates::instance_of(Element root, std::vector<SlotValue> values) {
  auto made = xml::make_template(std::move(root));
  const auto [known, inserted] = cache_.try_emplace(format_guid(made->guid), made);
  return {known->second, std::move(values)};
}

Fragment EventTemplates::payload(const EventSpec& spec, const EvtxShape& shape) {
  Fragment fragment;
  fragment.header = shape.exported;
  std::vector<SlotValue> values;
  if (!spec.user_data.empty()) {
    for (const UserElement& user : spec.user_data) {
      Element root = user_element(user, shape, values);
      fragment.instances.push_back(instance_of(std::move(root), std::exchange(values, {})));
    }
  } else if (spec.binary_event_data) {
    Element root = xml::leaf("BinaryEventData", data_slot(values, value::binary(*spec.binary_event_data), shape));
    fragment.instances.push_back(instance_of(std::move(root), std::exchange(values, {})));
  } else if (!spec.data_element.empty()) {
    Element root = data_element(spec, shape, values);
    fragment.instances.push_back(instance_of(std::move(root), std::exchange(values, {})));
  }
  if (spec.rendering) fragment.elements.push_back(rendering_element(*spec.rendering));
  return fragment;
}

Instance EventTemplates::outer(const EventSpec& spec, const EvtxShape& shape) {
  // Everything that the outer template's tree depends on.
  std::string key = fmt::format("{}|{}|{}|{}", shape.literal_provider, !spec.user_data.empty(), spec.computer,
                                spec.event_source_name);
  if (shape.literal_provider) key += fmt::format("|{}|{}|{}", spec.provider, spec.provider_guid, spec.channel);
  TemplateRef& definition = cache_[key];
  if (!definition) {
    const SlotPlan plan = shape.literal_provider ? kLiteralProvider : SlotPlan{};
    definition = xml::make_template(event_element(spec, shape, plan));
  }
  return {definition, system_values(spec, shape)};
}

Fragment EventTemplates::build(const EventSpec& spec, const EvtxShape& shape) {
  Fragment record;
  if (shape.without_templates) {
    record.elements.push_back(plain_event(spec));
    return record;
  }
  Instance event = outer(spec, shape);
  Fragment data = payload(spec, shape);
  SlotValue nested = slot_value(value::null());
  if (!data.instances.empty() || !data.elements.empty()) nested.fragment.push_back(std::move(data));
  event.values.push_back(std::move(nested));
  record.instances.push_back(std::move(event));
  return record;
}

}  // namespace tocsin::makers
