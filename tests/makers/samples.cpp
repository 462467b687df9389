#include "tests/makers/samples.hpp"

namespace tocsin::makers::samples {
namespace {

constexpr const char* kSecurityProvider = "Microsoft-Windows-Security-Auditing";
constexpr const char* kSecurityGuid = "{54849625-5478-4994-a5ba-3e3b0328c30d}";

EventSpec base(const char* provider, const char* guid, const char* channel, std::uint16_t event_id) {
  EventSpec spec;
  spec.provider = provider;
  spec.provider_guid = guid;
  spec.channel = channel;
  spec.event_id = event_id;
  spec.computer = "WEB01.campus.example";
  spec.process_id = 712;
  spec.thread_id = 5120;
  spec.time = *parse_time("2021-07-13T02:14:07.1234567Z");
  return spec;
}

EventSpec security(std::uint16_t event_id, std::uint16_t task) {
  EventSpec spec = base(kSecurityProvider, kSecurityGuid, "Security", event_id);
  spec.level = 0;
  spec.task = task;
  spec.keywords = 0x8020000000000000;
  return spec;
}

}  // namespace

EventSpec logon() {
  EventSpec spec = security(4624, 12544);
  spec.version = 2;
  spec.activity_id = "{8e1f3a52-77c5-0001-0b3b-1f8ec577d701}";
  spec.set("SubjectUserSid", value::sid("S-1-0-0"));
  spec.set("SubjectUserName", value::string("-"));
  spec.set("SubjectDomainName", value::string("-"));
  spec.set("SubjectLogonId", value::hex64(0));
  spec.set("TargetUserSid", value::sid("S-1-5-21-1004336348-1177238915-682003330-1113"));
  spec.set("TargetUserName", value::string("k.weiß"));
  spec.set("TargetDomainName", value::string("CAMPUS"));
  spec.set("TargetLogonId", value::hex64(0x3f2a91));
  spec.set("LogonType", value::u32(3));
  spec.set("LogonProcessName", value::string("NtLmSsp "));
  spec.set("LogonGuid", value::guid("{00000000-0000-0000-0000-000000000000}"));
  spec.set("ProcessId", value::size_type(0, 8));
  spec.set("IpAddress", value::string("192.0.2.77"));
  spec.set("IpPort", value::string("50211"));
  return spec;
}

EventSpec process_creation() {
  EventSpec spec = base("Microsoft-Windows-Sysmon", "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}",
                        "Microsoft-Windows-Sysmon/Operational", 1);
  spec.version = 5;
  spec.task = 1;
  spec.user_sid = "S-1-5-18";
  spec.set("RuleName", value::string("-"));
  spec.set("UtcTime", value::string("2021-07-13 02:14:07.120"));
  spec.set("ProcessGuid", value::guid("{a23eae89-bd28-5903-0000-00102f345d00}"));
  spec.set("ProcessId", value::u32(4188));
  spec.set("Image", value::string("C:\\Windows\\System32\\cmd.exe"));
  spec.set("CommandLine", value::string("cmd.exe /c \"whoami > C:\\Temp\\out & echo <done>\""));
  spec.set("User", value::string("IIS APPPOOL\\DefaultAppPool"));
  spec.set("LogonId", value::hex64(0x51ef2));
  spec.set("TerminalSessionId", value::u32(0));
  spec.set("IntegrityLevel", value::string("High"));
  spec.set("ParentProcessId", value::u32(2216));
  spec.set("ParentImage", value::string("C:\\Windows\\System32\\inetsrv\\w3wp.exe"));
  return spec;
}

EventSpec audit_process() {
  EventSpec spec = security(4688, 13312);
  spec.version = 2;
  spec.set("SubjectUserSid", value::sid("S-1-5-18"));
  spec.set("SubjectUserName", value::string("WEB01$"));
  spec.set("SubjectDomainName", value::string("CAMPUS"));
  spec.set("SubjectLogonId", value::hex64(0x3e7));
  spec.set("NewProcessId", value::size_type(0x105c, 8));
  spec.set("NewProcessName", value::string("C:\\Windows\\System32\\cmd.exe"));
  spec.set("TokenElevationType", value::string("%%1936"));
  spec.set("ProcessId", value::size_type(0x8a8, 8));
  spec.set("CommandLine", value::string("cmd.exe /c ver"));
  spec.set("MandatoryLabel", value::sid("S-1-16-12288"));
  return spec;
}

EventSpec service_install() {
  EventSpec spec = base("Service Control Manager", "{555908d1-a6d7-4695-8e1e-26931d2012f4}", "System", 7045);
  spec.event_source_name = "Service Control Manager";
  spec.qualifiers = 16384;
  spec.keywords = 0x8080000000000000;
  spec.user_sid = "S-1-5-18";
  spec.set("ServiceName", value::string("PrintHelper"));
  spec.set("ImagePath", value::string("%SystemRoot%\\Temp\\ph.exe"));
  spec.set("ServiceType", value::string("user mode service"));
  spec.set("StartType", value::string("demand start"));
  spec.set("AccountName", value::string("LocalSystem"));
  return spec;
}

EventSpec script_block() {
  EventSpec spec = base("Microsoft-Windows-PowerShell", "{a0c1853b-5c40-4b15-8766-3cf1c58f985a}",
                        "Microsoft-Windows-PowerShell/Operational", 4104);
  spec.level = 5;
  spec.opcode = 15;
  spec.task = 2;
  spec.activity_id = "{c5a3b1c0-77c6-0000-51fa-a3c5c677d701}";
  spec.user_sid = "S-1-5-21-1004336348-1177238915-682003330-500";
  spec.set("MessageNumber", value::integer(ValueType::i32, 1));
  spec.set("MessageTotal", value::integer(ValueType::i32, 1));
  spec.set("ScriptBlockText", value::string("$x = 'a';\r\nWrite-Output \"<$x> & \t\U0001F512\""));
  spec.set("ScriptBlockId", value::string("3f1e2c7a-0b9c-4e52-9d3f-51c4f0a6c001"));
  spec.set("Path", value::string(""));
  return spec;
}

EventSpec unnamed_data() {
  EventSpec spec = base("Application Error", "", "Application", 1000);
  spec.level = 2;
  spec.task = 100;
  spec.qualifiers = 0;
  spec.keywords = 0x80000000000000;
  for (const char* text : {"w3wp.exe", "10.0.17763.1", "", "c0000005"})
    spec.data.push_back({"", value::string(text), {}});
  return spec;
}

EventSpec string_array() {
  EventSpec spec = base("ESENT", "", "Application", 325);
  spec.qualifiers = 0;
  spec.keywords = 0x80000000000000;
  spec.data.push_back(
      {"", value::array({value::string("svchost"), value::string("2216"), value::string("new file")}), {}});
  spec.binary = std::string("\x00\x01\xFE\x7F", 4);
  return spec;
}

EventSpec log_cleared() {
  EventSpec spec = base("Microsoft-Windows-Eventlog", "{fc65ddd8-d6ef-4962-83d5-6e5cfe9ce148}", "Security", 1102);
  spec.task = 104;
  spec.keywords = 0x4020000000000000;
  UserElement cleared;
  cleared.name = "LogFileCleared";
  const auto add = [&](const char* name, Value made) { cleared.children.push_back({name, {}, std::move(made), {}}); };
  add("SubjectUserSid", value::sid("S-1-5-21-1004336348-1177238915-682003330-500"));
  add("SubjectUserName", value::string("Administrator"));
  add("SubjectDomainName", value::string("CAMPUS"));
  add("SubjectLogonId", value::hex64(0x3f2a91));
  spec.user_data.push_back(std::move(cleared));
  return spec;
}

EventSpec all_types() {
  EventSpec spec = base("Tocsin-Test-Types", "{6f0e4b1d-3b55-4c2e-9a0e-0c1d2e3f4a5b}", "Application", 100);
  spec.related_activity_id = "{11111111-2222-3333-4444-555566667777}";
  spec.set("Null", value::null());
  spec.set("Text", value::string("blank at end "));
  spec.set("Ansi", value::ansi("caf\xE9"));
  spec.set("I8", value::integer(ValueType::i8, -128));
  spec.set("U8", value::u8(255));
  spec.set("I16", value::integer(ValueType::i16, -32768));
  spec.set("U16", value::u16(65535));
  spec.set("I32", value::integer(ValueType::i32, -2147483648LL));
  spec.set("U32", value::u32(4294967295U));
  spec.set("I64", value::integer(ValueType::i64, -9007199254740993LL));
  spec.set("U64", value::u64(18446744073709551615ULL));
  spec.set("F32", value::f32(1.5F));
  spec.set("F64", value::f64(-0.25));
  spec.set("True", value::boolean(true));
  spec.set("False", value::boolean(false));
  spec.set("Binary", value::binary("\x01\xAB\xFF"));
  spec.set("Guid", value::guid("{01234567-89AB-CDEF-0123-456789ABCDEF}"));
  spec.set("Size32", value::size_type(0xABC, 4));
  spec.set("Size64", value::size_type(0x7FF612340000, 8));
  spec.set("FileTime", value::filetime(*parse_time("2020-02-29T23:59:59.9999999Z")));
  spec.set("SystemTime", value::systemtime(*parse_time("2020-02-29T23:59:59.987Z")));
  spec.set("Sid", value::sid("S-1-5-21-4294967295-2-3-1001"));
  spec.set("Hex32", value::hex32(0xC0000005));
  spec.set("Hex64", value::hex64(0xFFFFFFFFFFFFFFFF));
  return spec;
}

EventSpec forwarded() {
  EventSpec spec = logon();
  spec.rendering = Rendering{.culture = "en-US",
                             .message = "An account was successfully logged on.",
                             .level = "Information",
                             .task = "Logon",
                             .opcode = "Info",
                             .channel = "Security",
                             .provider = "Microsoft Windows security auditing.",
                             .keywords = {"Audit Success"}};
  return spec;
}

EventSpec empty() {
  EventSpec spec = base("Microsoft-Windows-Kernel-General", "{a68ca8b7-004f-d7b6-a698-07e2de0f1f5d}", "System", 20);
  spec.data_element.clear();
  return spec;
}

std::vector<EventSpec> all() {
  std::vector<EventSpec> specs{logon(),        process_creation(), audit_process(), service_install(),
                               script_block(), unnamed_data(),     string_array(),  log_cleared(),
                               all_types(),    forwarded(),        empty()};
  for (std::size_t i = 0; i < specs.size(); ++i) {
    specs[i].record_id = i + 1;
    specs[i].time.ticks += static_cast<std::int64_t>(i) * 10'000'001;
  }
  return specs;
}

Fragment odd_tokens(std::uint64_t record_id) {
  Element data{.name = "Data"};
  data.attributes.push_back({"Name", {xml::text("Odd"), xml::character('-'), xml::entity("amp")}});
  data.content = {xml::text("a"), xml::cdata("<b>"), xml::character('c'), xml::entity("lt"),
                  xml::instruction("target", "instruction")};
  Element system{.name = "System"};
  system.content.push_back(xml::element(xml::leaf("EventID", xml::text("9"))));
  system.content.push_back(xml::element(xml::leaf("EventRecordID", xml::text(std::to_string(record_id)))));
  system.content.push_back(xml::element(xml::leaf("Channel", xml::text("Application"))));
  Element event{.name = "Event"};
  event.content.push_back(xml::element(std::move(system)));
  event.content.push_back(xml::element(xml::leaf("EventData", xml::element(std::move(data)))));
  Fragment record;
  record.elements.push_back(std::move(event));
  return record;
}

}  // namespace tocsin::makers::samples
