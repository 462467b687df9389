#include "tests/makers/defender_json.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/json_writer.hpp"

namespace tocsin::makers {
namespace {

using base::JsonWriter;

struct Column {
  const char* row;
  const char* event;  // the event's own name
};
struct Table {
  std::uint16_t event_id;
  const char* name;
  const char* action;
  std::vector<Column> columns;
};

// Where Defender's columns have their values from, for an event of the same kind.
const std::vector<Table>& tables() {
  static const std::vector<Column> kLogon{
      {"AccountName", "TargetUserName"}, {"AccountDomain", "TargetDomainName"},         {"AccountSid", "TargetUserSid"},
      {"LogonId", "TargetLogonId"},      {"RemoteDeviceName", "WorkstationName"},       {"RemoteIP", "IpAddress"},
      {"RemotePort", "IpPort"},          {"InitiatingProcessFolderPath", "ProcessName"}};
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
      {6, "DeviceEvents", "DriverLoad", {{"FolderPath", "ImageLoaded"}}},
      {7,
       "DeviceImageLoadEvents",
       "ImageLoaded",
       {{"FolderPath", "ImageLoaded"}, {"InitiatingProcessFolderPath", "Image"}}},
      {11,
       "DeviceFileEvents",
       "FileCreated",
       {{"FolderPath", "TargetFilename"}, {"InitiatingProcessFolderPath", "Image"}}},
      {13, "DeviceRegistryEvents", "RegistryValueSet", {{"InitiatingProcessFolderPath", "Image"}}},
      {17, "DeviceEvents", "NamedPipeEvent", {{"InitiatingProcessFolderPath", "Image"}}},
      {22, "DeviceEvents", "DnsQueryResponse", {{"InitiatingProcessFolderPath", "Image"}}},
      {4624, "DeviceLogonEvents", "LogonSuccess", kLogon},
      {4625, "DeviceLogonEvents", "LogonFailed", kLogon}};
  return kTables;
}

const Table* table_of(const EventSpec& spec) {
  constexpr std::uint16_t kLastOfSysmon = 255;
  const char* const provider =
      spec.event_id <= kLastOfSysmon ? "Microsoft-Windows-Sysmon" : "Microsoft-Windows-Security-Auditing";
  if (spec.provider != provider) return nullptr;
  const auto found = std::ranges::find(tables(), spec.event_id, &Table::event_id);
  return found == tables().end() ? nullptr : &*found;
}

std::string field(const EventSpec& spec, std::string_view name) {
  const Value* const value = spec.find(name);
  return value == nullptr ? std::string() : value->text;
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

// "SHA256=a,MD5=b" as columns.
void write_hashes(JsonWriter& json, const EventSpec& spec) {
  const std::string all = field(spec, "Hashes");
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find(',', at), all.size());
    const std::size_t equals = all.find('=', at);
    const std::string name = all.substr(at, equals - at);
    if (name != "IMPHASH") json.member(name, all.substr(equals + 1, end - equals - 1));
    at = end + 1;
  }
}

std::string logon_type(const std::string& number) {
  static const std::vector<std::pair<std::string, std::string>> kNames{
      {"2", "Interactive"}, {"3", "Network"}, {"4", "Batch"},
      {"5", "Service"},     {"7", "Unlock"},  {"10", "RemoteInteractive"}};
  const auto found = std::ranges::find(kNames, number, [](const auto& entry) { return entry.first; });
  return found == kNames.end() ? "Unknown" : found->second;
}

// The column that holds, as JSON in a text, what has no column of its own.
std::string additional(const EventSpec& spec) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  if (spec.event_id == 17) {
    json.member("FileOperation", "File created");
    json.member("NamedPipeEnd", "Server");
    json.member("PipeName", "\\Device\\NamedPipe" + field(spec, "PipeName"));
  } else if (spec.event_id == 22) {
    json.member("DnsQueryString", field(spec, "QueryName"));
    json.member("DnsQueryResult", R"([{"Result":"Success"}])");
  }
  json.end_object();
  return out == "{}" ? std::string() : out;
}

void write_user(JsonWriter& json, const EventSpec& spec) {
  const std::string user = field(spec, "User");
  const std::size_t slash = user.find('\\');
  if (slash == std::string::npos) return;
  const std::string prefix = spec.event_id == 1 ? "" : "InitiatingProcess";
  json.member(prefix + "AccountDomain", user.substr(0, slash));
  json.member(prefix + "AccountName", user.substr(slash + 1));
}

void write_row(JsonWriter& json, const EventSpec& spec, const Table& table) {
  json.begin_object();
  json.member("Timestamp", format_time(spec.time));
  json.member("DeviceId", "7f8f1f0e3d0c4d579d2e0c6c2f4b9a1000000000");
  json.member("DeviceName", spec.computer);
  json.member("ActionType", table.action);
  for (const Column& column : table.columns) {
    const std::string text = field(spec, column.event);
    json.member(column.row, text);
    const std::string_view row = column.row;
    if (!row.ends_with("FolderPath")) continue;
    const std::string name = std::string(row.substr(0, row.size() - 10)) + "FileName";
    json.member(name, text.substr(text.rfind('\\') + 1));
  }
  if (table.event_id == 13) write_registry(json, spec);
  if (table.event_id >= 4624) json.member("LogonType", logon_type(field(spec, "LogonType")));
  write_hashes(json, spec);
  write_user(json, spec);
  json.member("AdditionalFields", additional(spec));
  json.member_uint("ReportId", spec.record_id);
  json.end_object();
}

}  // namespace

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
