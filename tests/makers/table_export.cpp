#include "tests/makers/table_export.hpp"

#include <initializer_list>
#include <utility>

#include <fmt/format.h>

#include "tests/makers/collector_json.hpp"

namespace tocsin::makers {
namespace {

using Names = std::initializer_list<std::pair<const char*, const char*>>;  // label, field

std::string field_of(const EventSpec& spec, std::string_view name) {
  const Value* value = spec.find(name);
  for (const UserElement& user : spec.user_data) {
    for (const UserElement& child : user.children) {
      if (child.name == name && child.value) value = &*child.value;
    }
  }
  if (value == nullptr) return "-";
  return value->is_array() ? fmt::format("{}", fmt::join(value->items, ", ")) : value->text;
}

std::string section(const EventSpec& spec, const char* heading, Names names) {
  std::string out = fmt::format("\r\n\r\n{}:", heading);
  for (const auto& [label, field] : names) out += fmt::format("\r\n\t{}:\t\t{}", label, field_of(spec, field));
  return out;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    out.push_back(c);
    if (c == '"') out.push_back('"');
  }
  return out + "\"";
}

std::string quoted_where_needed(const std::string& text) {
  return text.find_first_of(",\"\r\n") == std::string::npos ? text : quoted(text);
}

std::string quoted_where_tabs(const std::string& text) {
  return text.find_first_of("\t\"\r\n") == std::string::npos ? text : quoted(text);
}

std::string row_of(const std::vector<std::string>& fields, char separator, std::string (*write)(const std::string&)) {
  std::string out;
  for (const std::string& field : fields) {
    if (&field != &fields.front()) out.push_back(separator);
    out += write(field);
  }
  return out + "\r\n";
}

std::string script_message(const EventSpec& spec) {
  return fmt::format("A part of a script was seen ({} of {}):\r\n{}\r\n\r\nScriptBlock ID: {}\r\nPath: {}",
                     field_of(spec, "MessageNumber"), field_of(spec, "MessageTotal"), field_of(spec, "ScriptBlockText"),
                     field_of(spec, "ScriptBlockId"), field_of(spec, "Path"));
}

}  // namespace

std::string quoted_row(const std::vector<std::string>& fields, char separator) {
  return row_of(fields, separator, [](const std::string& field) { return quoted(field); });
}

std::string rendered_message(const EventSpec& spec) {
  std::string out = "Something happened.";
  if (spec.provider == "Microsoft-Windows-Sysmon") {
    out = "Something happened:";
    for (const DataItem& item : spec.data) out += fmt::format("\r\n{}: {}", item.name, field_of(spec, item.name));
  } else if (spec.event_id == 4688) {
    out += section(spec, "Creator Subject",
                   {{"Security ID", "SubjectUserSid"},
                    {"Account Name", "SubjectUserName"},
                    {"Account Domain", "SubjectDomainName"},
                    {"Logon ID", "SubjectLogonId"}});
    out += section(spec, "Process Information",
                   {{"New Process ID", "NewProcessId"},
                    {"New Process Name", "NewProcessName"},
                    {"Token Elevation Type", "TokenElevationType"},
                    {"Mandatory Label", "MandatoryLabel"},
                    {"Creator Process ID", "ProcessId"},
                    {"Process Command Line", "CommandLine"}});
  } else if (spec.event_id == 4624) {
    out += section(spec, "Subject", {{"Security ID", "SubjectUserSid"}, {"Account Name", "SubjectUserName"}});
    out += section(spec, "Logon Information", {{"Logon Type", "LogonType"}});
    out += section(spec, "New Logon",
                   {{"Security ID", "TargetUserSid"},
                    {"Account Name", "TargetUserName"},
                    {"Account Domain", "TargetDomainName"},
                    {"Logon ID", "TargetLogonId"}});
    out += section(spec, "Network Information", {{"Source Network Address", "IpAddress"}, {"Source Port", "IpPort"}});
    out += "\r\n\r\nA sentence that explains: nothing of it is a field of the event.";
  } else if (spec.event_id == 1102) {
    out += section(spec, "Subject", {{"Security ID", "SubjectUserSid"}, {"Account Name", "SubjectUserName"}});
  } else if (spec.event_id == 7045) {
    out += fmt::format("\r\n\r\nService Name:  {}\r\nService File Name:  {}\r\nService Type:  {}",
                       field_of(spec, "ServiceName"), field_of(spec, "ImagePath"), field_of(spec, "ServiceType"));
  } else if (spec.event_id == 4104) {
    out = script_message(spec);
  }
  return out;
}

std::string us_time(Timestamp time) {
  const std::string iso = format_time(time);
  const int hour = std::stoi(iso.substr(11, 2));
  return fmt::format("{}/{}/{} {}:{} {}", std::stoi(iso.substr(5, 2)), std::stoi(iso.substr(8, 2)), iso.substr(0, 4),
                     hour % 12 == 0 ? 12 : hour % 12, iso.substr(14, 5), hour < 12 ? "AM" : "PM");
}

std::string german_time(Timestamp time) {
  const std::string iso = format_time(time);
  return fmt::format("{}.{}.{} {}", iso.substr(8, 2), iso.substr(5, 2), iso.substr(0, 4), iso.substr(11, 8));
}

std::string get_winevent_csv(const std::vector<EventSpec>& specs, TimeWriter time, char separator) {
  std::string out = "#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\r\n";
  out += quoted_row({"Message", "Id", "Version", "Level", "Task", "Opcode", "Keywords", "RecordId", "ProviderName",
                     "ProviderId", "LogName", "ProcessId", "ThreadId", "MachineName", "UserId", "TimeCreated"},
                    separator);
  for (const EventSpec& spec : specs) {
    out += quoted_row({rendered_message(spec), fmt::format("{}", spec.event_id), fmt::format("{}", spec.version),
                       fmt::format("{}", spec.level), fmt::format("{}", spec.task), fmt::format("{}", spec.opcode), "",
                       fmt::format("{}", spec.record_id), spec.provider, spec.provider_guid, spec.channel,
                       fmt::format("{}", spec.process_id), fmt::format("{}", spec.thread_id), spec.computer,
                       spec.user_sid, time == nullptr ? format_time(spec.time) : time(spec.time)},
                      separator);
  }
  return out;
}

std::string event_viewer_csv(const std::vector<EventSpec>& specs, ViewerLanguage language, TimeWriter time,
                             char separator) {
  const auto write = separator == ',' ? quoted_where_needed : quoted_where_tabs;
  const std::vector<std::string> columns[] = {
      {"Level", "Date and Time", "Source", "Event ID", "Task Category"},
      {"Ebene", "Datum und Uhrzeit", "Quelle", "Ereignis-ID", "Aufgabenkategorie"},
      {"レベル", "日付と時刻", "ソース", "イベント ID", "タスクのカテゴリ"}};
  std::string out = "\xEF\xBB\xBF" + row_of(columns[static_cast<std::size_t>(language)], separator, write);
  for (const EventSpec& spec : specs) {
    out += row_of({"Information", time(spec.time), spec.provider, fmt::format("{}", spec.event_id), "None",
                   rendered_message(spec)},
                  separator, write);
  }
  return out;
}

std::string evtxecmd_csv(const std::vector<EventSpec>& specs) {
  std::string out = "\xEF\xBB\xBF";
  out +=
      "RecordNumber,EventRecordId,TimeCreated,EventId,Level,Provider,Channel,ProcessId,ThreadId,Computer,ChunkNumber,"
      "UserId,"
      "MapDescription,UserName,RemoteHost,PayloadData1,PayloadData2,PayloadData3,PayloadData4,PayloadData5,"
      "PayloadData6,"
      "ExecutableInfo,HiddenRecord,SourceFile,Keywords,ExtraDataOffset,Payload\r\n";
  for (const EventSpec& spec : specs) {
    std::string time = format_time(spec.time).substr(0, 27);
    time[10] = ' ';
    const std::string id = fmt::format("{}", spec.record_id);
    out += row_of({id,
                   id,
                   time,
                   fmt::format("{}", spec.event_id),
                   "Info",
                   spec.provider,
                   spec.channel,
                   fmt::format("{}", spec.process_id),
                   fmt::format("{}", spec.thread_id),
                   spec.computer,
                   "0",
                   spec.user_sid,
                   "An event",
                   "",
                   "",
                   "A summary, short",
                   "",
                   "",
                   "",
                   "",
                   "",
                   "",
                   "False",
                   "Log.evtx",
                   "",
                   "0",
                   evtxecmd_payload(spec)},
                  ',', quoted_where_needed);
  }
  return out;
}

}  // namespace tocsin::makers
