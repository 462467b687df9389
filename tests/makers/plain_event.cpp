#include "tests/makers/plain_event.hpp"

#include <fmt/format.h>

namespace tocsin::makers {
namespace {

Attribute literal(std::string name, std::string text) {
  return {std::move(name), {xml::text(std::move(text))}};
}

template <class Number>
Element number_leaf(std::string name, Number number) {
  return xml::leaf(std::move(name), xml::text(fmt::format("{}", number)));
}

// SystemTime with nine digits: two noughts behind the seven that a FILETIME has.
std::string nine_digits(Timestamp time) {
  std::string text = format_time(time);
  text.insert(text.size() - 1, "00");
  return text;
}

Element plain_system(const EventSpec& spec) {
  Element system{.name = "System"};
  const auto add = [&](Element child) { system.content.push_back(xml::element(std::move(child))); };
  Element provider{.name = "Provider", .attributes = {literal("Name", spec.provider)}};
  if (!spec.provider_guid.empty()) provider.attributes.push_back(literal("Guid", spec.provider_guid));
  add(std::move(provider));
  Element id = number_leaf("EventID", spec.event_id);
  if (spec.qualifiers) id.attributes.push_back(literal("Qualifiers", fmt::format("{}", *spec.qualifiers)));
  add(std::move(id));
  add(number_leaf("Version", int{spec.version}));
  add(number_leaf("Level", int{spec.level}));
  add(number_leaf("Task", spec.task));
  add(number_leaf("Opcode", int{spec.opcode}));
  add(xml::leaf("Keywords", xml::text(fmt::format("0x{:x}", spec.keywords))));
  add({.name = "TimeCreated", .attributes = {literal("SystemTime", nine_digits(spec.time))}});
  add(number_leaf("EventRecordID", spec.record_id));
  Element correlation{.name = "Correlation"};
  if (!spec.activity_id.empty()) correlation.attributes.push_back(literal("ActivityID", spec.activity_id));
  add(std::move(correlation));
  add({.name = "Execution",
       .attributes = {literal("ProcessID", fmt::format("{}", spec.process_id)),
                      literal("ThreadID", fmt::format("{}", spec.thread_id))}});
  add(xml::leaf("Channel", xml::text(spec.channel)));
  add(xml::leaf("Computer", xml::text(spec.computer)));
  Element security{.name = "Security"};
  if (!spec.user_sid.empty()) security.attributes.push_back(literal("UserID", spec.user_sid));
  add(std::move(security));
  return system;
}

}  // namespace

Element plain_event(const EventSpec& spec) {
  Element event{.name = "Event", .attributes = {literal("xmlns", std::string(kEventNamespace))}};
  event.content.push_back(xml::element(plain_system(spec)));
  Element data{.name = spec.data_element.empty() ? "EventData" : spec.data_element};
  for (const DataItem& item : spec.data) {
    Element element{.name = "Data"};
    if (!item.name.empty()) element.attributes.push_back(literal("Name", item.name));
    if (!item.value.text.empty()) element.content.push_back(xml::text(item.value.text));
    data.content.push_back(xml::element(std::move(element)));
  }
  event.content.push_back(xml::element(std::move(data)));
  return event;
}

}  // namespace tocsin::makers
