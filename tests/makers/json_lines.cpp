#include "tests/makers/json_lines.hpp"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "base/json_writer.hpp"

namespace tocsin::makers {
namespace {

using base::JsonWriter;

// "2021-07-13T02:14:07.123Z"
std::string milliseconds(Timestamp time) {
  return format_time(time).substr(0, 23) + "Z";
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

std::string joined(const Value& value) {
  if (!value.is_array()) return value.text;
  return fmt::format("{}", fmt::join(value.items, ", "));
}

std::string_view level_name(const EventSpec& spec) {
  switch (spec.level) {
    case 1:
      return "critical";
    case 2:
      return "error";
    case 3:
      return "warning";
    case 5:
      return "verbose";
    default:
      return "information";
  }
}

void write_event_data(JsonWriter& json, const EventSpec& spec) {
  json.key("event_data");
  json.begin_object();
  std::size_t unnamed = 0;
  for (const DataItem& item : spec.data) {
    json.member(item.name.empty() ? fmt::format("param{}", ++unnamed) : item.name, joined(item.value));
  }
  json.end_object();
}

void write_user_data(JsonWriter& json, const EventSpec& spec) {
  json.key("user_data");
  json.begin_object();
  for (const UserElement& element : spec.user_data) {
    json.member("xml_name", element.name);
    for (const UserElement& child : element.children) {
      if (child.value) json.member(child.name, joined(*child.value));
    }
  }
  json.end_object();
}

void write_winlog(JsonWriter& json, const EventSpec& spec) {
  json.key("winlog");
  json.begin_object();
  json.member("channel", spec.channel);
  json.member("computer_name", spec.computer);
  json.member("event_id", fmt::format("{}", spec.event_id));
  json.member("provider_name", spec.provider);
  if (!spec.provider_guid.empty()) json.member("provider_guid", upper(spec.provider_guid));
  json.member_uint("record_id", spec.record_id);
  json.member("api", "wineventlog");
  if (spec.version != 0) json.member_uint("version", spec.version);
  if (!spec.activity_id.empty()) json.member("activity_id", upper(spec.activity_id));
  json.key("process");
  json.begin_object();
  json.member_uint("pid", spec.process_id);
  json.key("thread");
  json.begin_object();
  json.member_uint("id", spec.thread_id);
  json.end_object();
  json.end_object();
  if (!spec.user_sid.empty()) {
    json.key("user");
    json.begin_object();
    json.member("identifier", spec.user_sid);
    json.end_object();
  }
  if (!spec.data.empty()) write_event_data(json, spec);
  if (!spec.user_data.empty()) write_user_data(json, spec);
  json.end_object();
}

void write_flat_data(JsonWriter& json, const EventSpec& spec) {
  std::string message;  // values without a name are only there
  for (const DataItem& item : spec.data) {
    if (item.name.empty())
      message += (message.empty() ? "" : " ") + joined(item.value);
    else
      json.member(item.name, joined(item.value));
  }
  for (const UserElement& element : spec.user_data) {
    for (const UserElement& child : element.children) {
      if (child.value) json.member(child.name, joined(*child.value));
    }
  }
  json.member("Message", message);
}

void write_named(JsonWriter& json, const char* object,
                 std::initializer_list<std::pair<const char*, std::string>> members) {
  json.key(object);
  json.begin_object();
  for (const auto& [name, text] : members) json.member(name, text);
  json.end_object();
}

void write_cloudtrail(JsonWriter& json, const CloudTrailSpec& spec) {
  json.begin_object();
  json.member("eventVersion", "1.08");
  write_named(json, "userIdentity",
              {{"type", "IAMUser"},
               {"arn", "arn:aws:iam::111122223333:user/" + spec.user_name},
               {"accountId", "111122223333"},
               {"userName", spec.user_name}});
  json.member("eventTime", format_time(spec.time).substr(0, 19) + "Z");
  json.member("eventSource", spec.event_source);
  json.member("eventName", spec.event_name);
  json.member("awsRegion", spec.region);
  json.member("sourceIPAddress", spec.source_ip);
  json.member("userAgent", spec.user_agent);
  if (!spec.error_code.empty()) json.member("errorCode", spec.error_code);
  json.key("requestParameters");
  json.begin_object();
  for (const auto& [name, text] : spec.request_parameters) json.member(name, text);
  json.end_object();
  json.key("responseElements");
  json.null();
  json.member("eventType", "AwsApiCall");
  json.member("recipientAccountId", "111122223333");
  json.end_object();
}

}  // namespace

std::string winlogbeat_json(const EventSpec& spec) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.member("@timestamp", milliseconds(spec.time));
  write_named(json, "@metadata", {{"beat", "winlogbeat"}, {"type", "_doc"}, {"version", "7.13.2"}});
  write_named(json, "agent", {{"type", "winlogbeat"}, {"version", "7.13.2"}, {"hostname", spec.computer}});
  write_winlog(json, spec);
  write_named(json, "event",
              {{"code", fmt::format("{}", spec.event_id)},
               {"kind", "event"},
               {"provider", spec.provider},
               {"created", milliseconds({spec.time.ticks + 12'340'000})}});
  write_named(json, "log", {{"level", std::string(level_name(spec))}});
  write_named(json, "host", {{"name", spec.computer}});
  write_named(json, "ecs", {{"version", "1.9.0"}});
  json.end_object();
  return out;
}

std::string elastic_json(const EventSpec& spec) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.member("_index", "winlogbeat-7.13.2-" + format_time(spec.time).substr(0, 10));
  json.member("_id", fmt::format("{:016x}", spec.record_id));
  json.key("_source");
  json.raw(winlogbeat_json(spec));
  json.end_object();
  return out;
}

std::string flat_json(const EventSpec& spec) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  std::string time = format_time(spec.time).substr(0, 19);
  time[10] = ' ';
  json.member("EventTime", time);
  json.member("Hostname", spec.computer);
  json.member_int("Keywords", std::bit_cast<std::int64_t>(spec.keywords));
  json.member("Severity", spec.level == 2 ? "ERROR" : "INFO");
  json.member_uint("EventID", spec.event_id);
  json.member("SourceName", spec.provider);
  if (!spec.provider_guid.empty()) json.member("ProviderGuid", upper(spec.provider_guid));
  json.member_uint("Version", spec.version);
  json.member_uint("Task", spec.task);
  json.member_uint("OpcodeValue", spec.opcode);
  json.member_uint("RecordNumber", spec.record_id);
  json.member_uint("ExecutionProcessID", spec.process_id);
  json.member_uint("ThreadID", spec.thread_id);
  json.member("Channel", spec.channel);
  if (!spec.user_sid.empty()) json.member("UserID", spec.user_sid);
  write_flat_data(json, spec);
  json.member("SourceModuleName", "eventlog");
  json.member("SourceModuleType", "im_msvistalog");
  json.member("@timestamp", milliseconds(spec.time));
  json.end_object();
  return out;
}

std::string cloudtrail_json(const CloudTrailSpec& spec) {
  std::string out;
  JsonWriter json(out);
  write_cloudtrail(json, spec);
  return out;
}

std::string cloudtrail_records(const std::vector<CloudTrailSpec>& specs) {
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  json.key("Records");
  json.begin_array();
  for (const CloudTrailSpec& spec : specs) write_cloudtrail(json, spec);
  json.end_array();
  json.end_object();
  return out;
}

EventSpec linux_sysmon(std::uint16_t event_id, std::vector<DataItem> data) {
  EventSpec spec;
  spec.provider = "Linux-Sysmon";
  spec.provider_guid = "{ff032593-a8d3-4f13-b0d6-01fc615a0f97}";
  spec.channel = "Linux-Sysmon/Operational";
  spec.computer = "proxy01.campus.example";
  spec.event_id = event_id;
  spec.task = event_id;
  spec.version = 5;
  spec.user_sid = "0";
  spec.time = *parse_time("2021-07-13T02:14:07.1234567Z");
  spec.data = std::move(data);
  return spec;
}

}  // namespace tocsin::makers
