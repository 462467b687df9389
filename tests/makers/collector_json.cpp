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

namespace {

struct Column {
  const char* row;
  const char* sysmon;
};
struct Table {
  std::uint16_t event_id;
  const char* name;
  const char* action;
  std::vector<Column> columns;
};

// Where Defender's columns have their values from, for a Sysmon event of the same kind.
const std::vector<Table>& tables() {
  static const std::vector<Table> kTables{
      {1,
       "DeviceProcessEvents",
       "ProcessCreated",
       {{"FolderPath", "Image"},
        {"ProcessCommandLine", "CommandLine"},
        {"ProcessId", "ProcessId"},
        {"ProcessIntegrityLevel", "IntegrityLevel"},
        {"ProcessVersionInfoOriginalFileName", "OriginalFileName"},
        {"InitiatingProcessFolderPath", "ParentImage"},
        {"InitiatingProcessCommandLine", "ParentCommandLine"},
        {"InitiatingProcessId", "ParentProcessId"}}},
      {3,
       "DeviceNetworkEvents",
       "ConnectionSuccess",
       {{"InitiatingProcessFolderPath", "Image"},
        {"RemoteIP", "DestinationIp"},
        {"RemotePort", "DestinationPort"},
        {"RemoteUrl", "DestinationHostname"},
        {"LocalIP", "SourceIp"},
        {"LocalPort", "SourcePort"},
        {"Protocol", "Protocol"}}},
      {7,
       "DeviceImageLoadEvents",
       "ImageLoaded",
       {{"FolderPath", "ImageLoaded"}, {"InitiatingProcessFolderPath", "Image"}}},
      {11,
       "DeviceFileEvents",
       "FileCreated",
       {{"FolderPath", "TargetFilename"}, {"InitiatingProcessFolderPath", "Image"}}},
      {13, "DeviceRegistryEvents", "RegistryValueSet", {{"InitiatingProcessFolderPath", "Image"}}}};
  return kTables;
}

const Table* table_of(const EventSpec& spec) {
  if (spec.provider != "Microsoft-Windows-Sysmon") return nullptr;
  for (const Table& table : tables()) {
    if (table.event_id == spec.event_id) return &table;
  }
  return nullptr;
}

std::string field(const EventSpec& spec, std::string_view name) {
  const Value* const value = spec.find(name);
  return value == nullptr ? std::string() : text_of(*value);
}

// Sysmon's path and value of the registry as key, name, type and data.
void write_registry(JsonWriter& json, const EventSpec& spec) {
  std::string key = field(spec, "TargetObject");
  const std::size_t slash = key.rfind('\\');
  const std::string name = slash == std::string::npos ? "" : key.substr(slash + 1);
  key.resize(slash == std::string::npos ? key.size() : slash);
  if (key.starts_with("HKLM")) key.replace(0, 4, "HKEY_LOCAL_MACHINE");
  if (key.starts_with("HKU")) key.replace(0, 3, "HKEY_USERS");
  json.member("RegistryKey", key);
  json.member("RegistryValueName", name);
  std::string details = field(spec, "Details");
  const bool number = details.starts_with("DWORD (0x");
  json.member("RegistryValueType", number ? "Dword" : "String");
  if (number) details = std::to_string(std::stoul(details.substr(7), nullptr, 16));
  json.member("RegistryValueData", details);
}

void write_row(JsonWriter& json, const EventSpec& spec, const Table& table) {
  json.begin_object();
  json.member("Timestamp", format_time(spec.time));
  json.member("DeviceId", "7f8f1f0e3d0c4d579d2e0c6c2f4b9a1000000000");
  json.member("DeviceName", spec.computer);
  json.member("ActionType", table.action);
  for (const Column& column : table.columns) {
    const std::string text = field(spec, column.sysmon);
    json.member(column.row, text);
    const std::string_view row = column.row;
    if (!row.ends_with("FolderPath")) continue;
    const std::string name = std::string(row.substr(0, row.size() - 10)) + "FileName";
    json.member(name, text.substr(text.rfind('\\') + 1));
  }
  if (table.event_id == 13) write_registry(json, spec);
  const std::string user = field(spec, "User");
  const std::size_t slash = user.find('\\');
  const std::string prefix = table.event_id == 1 ? "" : "InitiatingProcess";
  if (slash != std::string::npos) {
    json.member(prefix + "AccountDomain", user.substr(0, slash));
    json.member(prefix + "AccountName", user.substr(slash + 1));
  }
  json.member("AdditionalFields", "");
  json.member_uint("ReportId", spec.record_id);
  json.end_object();
}

}  // namespace

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

std::string defender_json(const EventSpec& spec) {
  const Table* const table = table_of(spec);
  std::string out;
  if (table == nullptr) return out;
  JsonWriter json(out);
  write_row(json, spec, *table);
  return out;
}

std::string defender_export_json(const EventSpec& spec) {
  const std::string row = defender_json(spec);
  std::string out;
  if (row.empty()) return out;
  JsonWriter json(out);
  json.begin_object();
  json.member("time", format_time(spec.time));
  json.member("tenantId", "0f0d1e6a-6c7b-4d0c-9d0f-2a4d5e6f7a8b");
  json.member("operationName", "Publish");
  json.member("category", std::string("AdvancedHunting-") + table_of(spec)->name);
  json.key("properties");
  json.raw(row);
  json.end_object();
  return out;
}

}  // namespace tocsin::makers
