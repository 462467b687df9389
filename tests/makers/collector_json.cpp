#include "tests/makers/collector_json.hpp"

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "tests/makers/event_xml.hpp"

namespace tocsin::makers {
namespace {

using base::JsonWriter;

std::string text_of(const Value& value) {
  return value.is_array() ? fmt::format("{}", fmt::join(value.items, ", ")) : value.text;
}

std::string small_first(std::string name) {
  if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z') name[0] = static_cast<char>(name[0] + 32);
  return name;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

// Seconds since 1970 with seven digits.
std::string epoch(Timestamp time) {
  constexpr std::int64_t kUnixEpoch = 116'444'736'000'000'000;
  const std::int64_t ticks = time.ticks - kUnixEpoch;
  return fmt::format("{}.{:07}", ticks / 10'000'000, ticks % 10'000'000);
}

// Calls `write(name, text)` for each Data and each leaf below UserData's element; a Data without a name is called
// `Data`.
template <class Write>
void each_data(const EventSpec& spec, const Write& write) {
  std::string unnamed;
  for (const DataItem& item : spec.data) {
    if (!item.name.empty()) {
      write(item.name, text_of(item.value));
    } else {
      unnamed += (unnamed.empty() ? "" : ", ") + text_of(item.value);
    }
  }
  if (!unnamed.empty()) write("Data", unnamed);
  for (const UserElement& element : spec.user_data) {
    for (const UserElement& child : element.children) {
      if (child.value) write(child.name, text_of(*child.value));
    }
  }
}

void write_wazuh_system(JsonWriter& json, const EventSpec& spec) {
  json.key("system");
  json.begin_object();
  json.member("providerName", spec.provider);
  if (!spec.provider_guid.empty()) json.member("providerGuid", spec.provider_guid);
  json.member("eventID", fmt::format("{}", spec.event_id));
  json.member("version", fmt::format("{}", spec.version));
  json.member("level", fmt::format("{}", spec.level));
  json.member("task", fmt::format("{}", spec.task));
  json.member("opcode", fmt::format("{}", spec.opcode));
  json.member("keywords", fmt::format("0x{:x}", spec.keywords));
  json.member("systemTime", format_time(spec.time));
  json.member("eventRecordID", fmt::format("{}", spec.record_id));
  json.member("processID", fmt::format("{}", spec.process_id));
  json.member("threadID", fmt::format("{}", spec.thread_id));
  json.member("channel", spec.channel);
  json.member("computer", spec.computer);
  json.member("severityValue", "INFORMATION");
  json.end_object();
}

void write_velociraptor_system(JsonWriter& json, const EventSpec& spec) {
  json.key("System");
  json.begin_object();
  json.key("Provider");
  json.begin_object();
  json.member("Name", spec.provider);
  if (!spec.provider_guid.empty()) json.member("Guid", spec.provider_guid);
  json.end_object();
  json.key("EventID");
  json.begin_object();
  json.member_uint("Value", spec.event_id);
  json.end_object();
  json.member_uint("Version", spec.version);
  json.member_uint("Level", spec.level);
  json.member_uint("Task", spec.task);
  json.member_uint("Opcode", spec.opcode);
  json.key("TimeCreated");
  json.begin_object();
  json.key("SystemTime");
  json.raw(epoch(spec.time));
  json.end_object();
  json.member_uint("EventRecordID", spec.record_id);
  json.key("Execution");
  json.begin_object();
  json.member_uint("ProcessID", spec.process_id);
  json.member_uint("ThreadID", spec.thread_id);
  json.end_object();
  json.member("Channel", spec.channel);
  json.member("Computer", spec.computer);
  json.end_object();
}

void write_velociraptor_data(JsonWriter& json, const EventSpec& spec) {
  if (!spec.user_data.empty()) {
    json.key("UserData");
    json.begin_object();
    json.key(spec.user_data.front().name);
  } else {
    json.key("EventData");
  }
  json.begin_object();
  each_data(spec, [&](const std::string& name, const std::string& text) { json.member(name, text); });
  json.end_object();
  if (!spec.user_data.empty()) json.end_object();
}

void write_sentinel_head(JsonWriter& json, const EventSpec& spec) {
  json.member("TenantId", "0f0d1e6a-6c7b-4d0c-9d0f-2a4d5e6f7a8b");
  json.member("TimeGenerated", format_time(spec.time));
  json.member("Computer", spec.computer);
  json.member("Channel", spec.channel);
  json.member_uint("EventID", spec.event_id);
  json.member_uint("Task", spec.task);
  json.member("EventRecordId", fmt::format("{}", spec.record_id));
}

}  // namespace

std::string wazuh_json(const EventSpec& spec) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.member("timestamp", format_time(spec.time).substr(0, 23) + "+0000");
  json.key("rule");
  json.begin_object();
  json.member_uint("level", 3);
  json.member("description", "A Windows event");
  json.end_object();
  json.key("agent");
  json.begin_object();
  json.member("id", "007");
  json.member("name", spec.computer);
  json.end_object();
  json.key("data");
  json.begin_object();
  json.key("win");
  json.begin_object();
  write_wazuh_system(json, spec);
  json.key(spec.user_data.empty() ? "eventdata" : "logFileCleared");
  json.begin_object();
  each_data(spec,
            [&](const std::string& name, const std::string& text) { json.member(small_first(name), escaped(text)); });
  json.end_object();
  json.end_object();
  json.end_object();
  json.member("location", "EventChannel");
  json.end_object();
  return out;
}

std::string velociraptor_json(const EventSpec& spec) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  write_velociraptor_system(json, spec);
  write_velociraptor_data(json, spec);
  json.member("OSPath", R"(C:\Windows\System32\winevt\Logs\Log.evtx)");
  json.end_object();
  return out;
}

std::string velociraptor_row_json(const EventSpec& spec) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.member("EventTime", format_time(spec.time));
  json.member("Computer", spec.computer);
  json.member("Channel", spec.channel);
  json.member("Provider", spec.provider);
  json.member_uint("EventID", spec.event_id);
  json.member_uint("EventRecordID", spec.record_id);
  write_velociraptor_data(json, spec);
  json.member("OSPath", R"(C:\Windows\System32\winevt\Logs\Log.evtx)");
  json.end_object();
  return out;
}

std::string sentinel_json(const EventSpec& spec) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  write_sentinel_head(json, spec);
  const bool security = spec.channel == "Security";
  json.member(security ? "EventSourceName" : "Provider", spec.provider);
  if (security) {
    json.member("Activity", fmt::format("{} - An event", spec.event_id));
  } else {
    json.key("EventData");
    json.begin_object();
  }
  each_data(spec, [&](const std::string& name, const std::string& text) { json.member(name, text); });
  if (!security) json.end_object();
  json.member("Type", security ? "SecurityEvent" : "WindowsEvent");
  json.end_object();
  return out;
}

std::string gelf_json(const EventSpec& spec) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.member("version", "1.1");
  json.member("host", spec.computer);
  json.member("short_message", "A Windows event");
  json.key("timestamp");
  json.raw(epoch(spec.time));
  json.member_uint("level", 6);
  json.member_uint("_EventID", spec.event_id);
  json.member("_Channel", spec.channel);
  json.member("_SourceName", spec.provider);
  json.member_uint("_RecordNumber", spec.record_id);
  each_data(spec, [&](const std::string& name, const std::string& text) { json.member("_" + name, text); });
  json.end_object();
  return out;
}

std::string sentinel_event_json(const EventSpec& spec) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.member("TenantId", "0f0d1e6a-6c7b-4d0c-9d0f-2a4d5e6f7a8b");
  json.member("TimeGenerated", format_time(spec.time));
  json.member("Source", spec.provider);
  json.member("EventLog", spec.channel);
  json.member("Computer", spec.computer);
  json.member_uint("EventID", spec.event_id);
  const std::string xml = event_xml(spec);
  const std::size_t begin = xml.find("</System>") + 9, end = xml.rfind("</Event>");
  json.member("EventData", "<DataItem type=\"System.XmlData\" time=\"2021-07-13T02:14:08Z\">" +
                               xml.substr(begin, end - begin) + "</DataItem>");
  json.member("Type", "Event");
  json.end_object();
  return out;
}

// {"EventData":{"Data":[{"@Name":"A","#text":"x"},…]}}, a lone text where Data has no name.
std::string evtxecmd_payload(const EventSpec& spec) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  if (!spec.user_data.empty()) {
    json.key("UserData");
    json.begin_object();
    json.key(spec.user_data.front().name);
    json.begin_object();
    each_data(spec, [&](const std::string& name, const std::string& text) { json.member(name, text); });
    json.end_object();
    json.end_object();
    json.end_object();
    return out;
  }
  json.key("EventData");
  json.begin_object();
  json.key("Data");
  json.begin_array();
  each_data(spec, [&](const std::string& name, const std::string& text) {
    json.begin_object();
    if (name != "Data") json.member("@Name", name);
    if (!text.empty()) json.member("#text", text);
    json.end_object();
  });
  json.end_array();
  json.end_object();
  json.end_object();
  return out;
}

std::string evtxecmd_json(const EventSpec& spec) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.member("PayloadData1", "A summary");
  json.member("MapDescription", "An event");
  json.member_uint("ChunkNumber", 0);
  json.member("Computer", spec.computer);
  json.member("Payload", evtxecmd_payload(spec));
  json.member("UserId", spec.user_sid);
  json.member("Channel", spec.channel);
  json.member("Provider", spec.provider);
  json.member_uint("EventId", spec.event_id);
  json.member("EventRecordId", fmt::format("{}", spec.record_id));
  json.member_uint("ProcessId", spec.process_id);
  json.member_uint("ThreadId", spec.thread_id);
  json.member("Level", "Info");
  json.member("TimeCreated", format_time(spec.time).substr(0, 27) + "+00:00");
  json.member_uint("RecordNumber", spec.record_id);
  json.end_object();
  return out;
}

}  // namespace tocsin::makers
