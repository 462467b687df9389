#include "tests/makers/evtx_json.hpp"

#include <algorithm>

#include "base/json_writer.hpp"
#include "tests/makers/plain_event.hpp"

namespace tocsin::makers {
namespace {

using base::JsonWriter;

bool is_bare(ValueType type) {
  return (type >= ValueType::i8 && type <= ValueType::u64) || type == ValueType::boolean;
}

void write_value(JsonWriter& json, const Value& value) {
  if (!value.is_array()) {
    if (is_bare(value.base_type())) return json.raw(value.text);
    return json.string(value.text);
  }
  json.begin_array();
  for (const std::string& item : value.items) {
    if (is_bare(value.base_type()))
      json.raw(item);
    else
      json.string(item);
  }
  json.end_array();
}

// Elements that hold attributes only; null where all of them are absent.
struct TextAttribute {
  const char* name;
  std::string text;
  bool bare = false;
};
void write_attributes(JsonWriter& json, const std::vector<TextAttribute>& attributes) {
  json.begin_object();
  for (const TextAttribute& attribute : attributes) {
    if (attribute.text.empty()) continue;
    json.key(attribute.name);
    if (attribute.bare)
      json.raw(attribute.text);
    else
      json.string(attribute.text);
  }
  json.end_object();
}
void write_attribute_element(JsonWriter& json, const char* name, const std::vector<TextAttribute>& attributes) {
  json.key(name);
  if (std::ranges::all_of(attributes, [](const TextAttribute& a) { return a.text.empty(); })) return json.null();
  json.begin_object();
  json.key("#attributes");
  write_attributes(json, attributes);
  json.end_object();
}

std::string guid_text(const std::string& text) {
  return text.empty() ? text : value::guid(text).text;
}

void write_event_id(JsonWriter& json, const EventSpec& spec) {
  json.key("EventID");
  if (!spec.qualifiers) return json.unsigned_integer(spec.event_id);
  json.begin_object();
  json.key("#attributes");
  write_attributes(json, {{"Qualifiers", std::to_string(*spec.qualifiers), true}});
  json.member_uint("#text", spec.event_id);
  json.end_object();
}

void write_system(JsonWriter& json, const EventSpec& spec) {
  json.key("System");
  json.begin_object();
  write_attribute_element(
      json, "Provider",
      {{"Name", spec.provider}, {"Guid", guid_text(spec.provider_guid)}, {"EventSourceName", spec.event_source_name}});
  write_event_id(json, spec);
  json.member_uint("Version", spec.version);
  json.member_uint("Level", spec.level);
  json.member_uint("Task", spec.task);
  json.member_uint("Opcode", spec.opcode);
  json.member("Keywords", value::hex64(spec.keywords).text);
  write_attribute_element(json, "TimeCreated", {{"SystemTime", format_time(spec.time)}});
  json.member_uint("EventRecordID", spec.record_id);
  write_attribute_element(
      json, "Correlation",
      {{"ActivityID", guid_text(spec.activity_id)}, {"RelatedActivityID", guid_text(spec.related_activity_id)}});
  write_attribute_element(
      json, "Execution",
      {{"ProcessID", std::to_string(spec.process_id), true}, {"ThreadID", std::to_string(spec.thread_id), true}});
  json.member("Channel", spec.channel);
  json.member("Computer", spec.computer);
  write_attribute_element(json, "Security", {{"UserID", spec.user_sid}});
  json.end_object();
}

// Data without names: a list of texts, or one text.
void write_unnamed(JsonWriter& json, const EventSpec& spec) {
  std::vector<std::string> texts;
  for (const DataItem& item : spec.data) {
    if (item.value.is_array())
      texts.insert(texts.end(), item.value.items.begin(), item.value.items.end());
    else
      texts.push_back(item.value.text);
  }
  json.key("Data");
  json.begin_object();
  json.key("#text");
  if (texts.size() == 1) {
    json.string(texts.front());
  } else {
    json.begin_array();
    for (const std::string& text : texts) json.string(text);
    json.end_array();
  }
  json.end_object();
}

void write_data(JsonWriter& json, const EventSpec& spec) {
  json.key(spec.data_element);
  const bool named = std::ranges::any_of(spec.data, [](const DataItem& item) { return !item.name.empty(); });
  if (spec.data.empty() && !spec.binary) return json.null();
  json.begin_object();
  if (!named && !spec.data.empty()) write_unnamed(json, spec);
  for (const DataItem& item : spec.data) {
    if (item.name.empty()) continue;
    json.key(item.name);
    write_value(json, item.value);
  }
  if (spec.binary) json.member("Binary", value::binary(*spec.binary).text);
  json.end_object();
}

void write_user_element(JsonWriter& json, const UserElement& element) {
  json.key(element.name);
  if (element.attributes.empty() && element.children.empty()) {
    if (element.value) return write_value(json, *element.value);
    return json.null();
  }
  json.begin_object();
  if (!element.attributes.empty()) {
    json.key("#attributes");
    json.begin_object();
    for (const auto& [name, value] : element.attributes) {
      json.key(name);
      write_value(json, value);
    }
    json.end_object();
  }
  if (element.value) {
    json.key("#text");
    write_value(json, *element.value);
  }
  for (const UserElement& child : element.children) write_user_element(json, child);
  json.end_object();
}

void write_rendering(JsonWriter& json, const Rendering& rendering) {
  json.key("RenderingInfo");
  json.begin_object();
  json.key("#attributes");
  write_attributes(json, {{"Culture", rendering.culture}});
  const auto add = [&](const char* name, const std::string& text) {
    if (text.empty()) {
      json.key(name);
      json.null();
    } else {
      json.member(name, text);
    }
  };
  add("Message", rendering.message);
  add("Level", rendering.level);
  add("Task", rendering.task);
  add("Opcode", rendering.opcode);
  add("Channel", rendering.channel);
  add("Provider", rendering.provider);
  json.key("Keywords");
  json.begin_object();
  for (std::size_t i = 0; i < rendering.keywords.size(); ++i) {
    json.member(i == 0 ? "Keyword" : "Keyword_" + std::to_string(i), rendering.keywords[i]);
  }
  json.end_object();
  json.end_object();
}

}  // namespace

std::string evtx_json(const EventSpec& spec) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.key("Event");
  json.begin_object();
  json.key("#attributes");
  write_attributes(json, {{"xmlns", std::string(kEventNamespace)}});
  write_system(json, spec);
  if (!spec.user_data.empty()) {
    json.key("UserData");
    json.begin_object();
    for (const UserElement& element : spec.user_data) write_user_element(json, element);
    json.end_object();
  } else if (spec.binary_event_data) {
    json.member("BinaryEventData", value::binary(*spec.binary_event_data).text);
  } else if (!spec.data_element.empty()) {
    write_data(json, spec);
  }
  if (spec.rendering) write_rendering(json, *spec.rendering);
  json.end_object();
  json.end_object();
  return out;
}

}  // namespace tocsin::makers
