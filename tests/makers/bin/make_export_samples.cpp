// make_export_samples OUT_DIR: the same few events in each form that labs hand in, one file a form, for
// tests/e2e/exports_test.py. Windows events go to windows/, audit records of cloud services to cloud/,
// rows of Microsoft Defender to defender/, what Event Viewer saves to viewer/, a script block in parts to scripts/.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "tests/makers/cloud_json.hpp"
#include "tests/makers/collector_json.hpp"
#include "tests/makers/defender_json.hpp"
#include "tests/makers/event_xml.hpp"
#include "tests/makers/evtx_writer.hpp"
#include "tests/makers/samples.hpp"
#include "tests/makers/table_export.hpp"

namespace {

using namespace tocsin::makers;

struct File {
  std::string name, bytes;
};

std::vector<EventSpec> events() {
  std::vector<EventSpec> specs{samples::process_creation(), samples::audit_process(), samples::logon(),
                               samples::service_install(),  samples::script_block(),  samples::log_cleared()};
  for (std::size_t i = 0; i < specs.size(); ++i) {
    specs[i].record_id = 4711 + i;
    specs[i].time.ticks += static_cast<std::int64_t>(i) * 10'000'000;
  }
  return specs;
}

std::string lines(std::string (*line)(const EventSpec&)) {
  std::string text;
  for (const EventSpec& spec : events()) text += line(spec) + "\n";
  return text;
}

std::vector<File> windows_files() {
  return {{"wazuh.json", lines(wazuh_json)},
          {"velociraptor.json", lines(velociraptor_json)},
          {"velociraptor_rows.json", lines(velociraptor_row_json)},
          {"sentinel.json", lines(sentinel_json)},
          {"gelf.json", lines(gelf_json)},
          {"sentinel_event.json", lines(sentinel_event_json)},
          {"evtxecmd.json", lines(evtxecmd_json)},
          {"splunk_raw.json", lines(splunk_raw_json)},
          {"wevtutil.xml", wevtutil_xml(events())},
          {"event_viewer.xml", event_viewer_xml(events())},
          {"utf16.xml", utf16(event_viewer_xml(events()))},
          {"evtxecmd.csv", evtxecmd_csv(events())},
          {"get_winevent.csv", get_winevent_csv(events())},
          {"get_winevent_utf16.csv", utf16(get_winevent_csv(events(), nullptr, ';'))}};
}

std::vector<File> viewer_files() {
  const auto of = [](ViewerLanguage language, TimeWriter time, char separator) {
    return event_viewer_csv(events(), language, time, separator);
  };
  return {{"english.csv", of(ViewerLanguage::english, us_time, ',')},
          {"english.txt", of(ViewerLanguage::english, us_time, '\t')},
          {"german.csv", of(ViewerLanguage::german, german_time, ',')},
          {"german.txt", utf16(of(ViewerLanguage::german, german_time, '\t'))},
          {"japanese.csv", of(ViewerLanguage::japanese, german_time, ',')}};
}

// Two script blocks in three parts each; a word reaches from one part into the next. Of the second, part 2 is not
// there.
std::vector<EventSpec> script_parts() {
  const char* const texts[] = {"$a = 'first'\r\nWrite-Out", "put \"$a, seen\"\r\n\r\nSet-Mark", "er -Name done\r\n"};
  std::vector<EventSpec> specs;
  for (std::int64_t block = 1; block <= 2; ++block) {
    for (std::int64_t part = 1; part <= 3; ++part) {
      if (block == 2 && part == 2) continue;
      EventSpec spec = samples::script_block();
      spec.set("MessageNumber", value::integer(ValueType::i32, part));
      spec.set("MessageTotal", value::integer(ValueType::i32, 3));
      spec.set("ScriptBlockText", value::string(texts[part - 1]));
      spec.set("ScriptBlockId", value::string(fmt::format("3f1e2c7a-0b9c-4e52-9d3f-51c4f0a6c10{}", block)));
      spec.set("Path", value::string("C:\\Tools\\two words.ps1"));
      spec.record_id = 4711 + specs.size();
      specs.push_back(spec);
    }
  }
  return specs;
}

std::string evtx(const std::vector<EventSpec>& specs) {
  EvtxWriter writer;
  for (const EventSpec& spec : specs) writer.add(spec);
  return writer.finish();
}

std::vector<File> script_files() {
  const std::vector<EventSpec> all = script_parts(), begin{all[0]}, rest{all.begin() + 1, all.end()};
  return {{"whole.evtx", evtx(all)},
          {"get_winevent.csv", get_winevent_csv(all)},
          {"event_viewer.csv", event_viewer_csv(all, ViewerLanguage::english, tocsin::format_time)},
          {"begin.evtx", evtx(begin)},
          {"rest.csv", get_winevent_csv(rest)}};
}

// Events that Defender has tables for, in both ways to export them: of each kind one that the test's rule finds and,
// where the rows of other kinds are none already, one that it must not find.
std::vector<File> defender_files() {
  const auto logon = [](std::uint16_t id, const char* type, const char* address) {
    EventSpec spec = samples::logon();
    spec.event_id = id;
    spec.set("LogonType", value::string(type));
    spec.set("IpAddress", value::string(address));
    return spec;
  };
  const auto sysmon = [](std::uint16_t id, std::initializer_list<std::pair<const char*, const char*>> data) {
    EventSpec spec = samples::process_creation();
    spec.event_id = id;
    spec.data.clear();
    for (const auto& [name, text] : data) spec.set(name, value::string(text));
    return spec;
  };
  const std::vector<EventSpec> specs{
      samples::process_creation(),
      sysmon(3, {{"Image", "C:\\Temp\\a.exe"}, {"DestinationIp", "203.0.113.7"}, {"DestinationPort", "4444"}}),
      sysmon(7, {{"Image", "C:\\Temp\\a.exe"}, {"ImageLoaded", "C:\\Temp\\b.dll"}}),
      sysmon(11, {{"Image", "C:\\Temp\\a.exe"}, {"TargetFilename", "C:\\inetpub\\wwwroot\\c.aspx"}}),
      sysmon(13, {{"Image", "C:\\Temp\\a.exe"},
                  {"TargetObject", "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\Limit"},
                  {"Details", "DWORD (0x00000001)"}}),
      sysmon(6, {{"ImageLoaded", "C:\\Windows\\Temp\\d.sys"}, {"Hashes", "MD5=0d,SHA256=00ff,IMPHASH=01"}}),
      sysmon(6, {{"ImageLoaded", "C:\\Windows\\System32\\drivers\\d.sys"}, {"Hashes", "MD5=0d,SHA256=00fe"}}),
      sysmon(7, {{"Image", "C:\\Temp\\a.exe"}, {"ImageLoaded", "C:\\Windows\\System32\\b.dll"}}),
      sysmon(17, {{"Image", "C:\\Temp\\a.exe"}, {"PipeName", "\\MSSE-1234-server"}}),
      sysmon(17, {{"Image", "C:\\Temp\\a.exe"}, {"PipeName", "\\wkssvc\\MSSE-1234-server"}}),
      sysmon(22, {{"Image", "C:\\Temp\\a.exe"}, {"QueryName", "files.drop.example"}}),
      sysmon(22, {{"Image", "C:\\Temp\\a.exe"}, {"QueryName", "files.drop.example.org"}}),
      logon(4624, "10", "203.0.113.7"),
      logon(4624, "3", "203.0.113.7"),
      logon(4625, "10", "203.0.113.7"),
      logon(4624, "10", "10.1.2.3")};
  std::string rows, exported;
  for (const EventSpec& spec : specs) {
    rows += defender_json(spec) + "\n";
    exported += defender_export_json(spec) + "\n";
  }
  return {{"rows.json", rows}, {"streaming.json", exported}};
}

CloudSpec cloud(std::string operation, std::string target, std::string result = "") {
  CloudSpec spec;
  spec.operation = std::move(operation);
  spec.target = std::move(target);
  spec.result = std::move(result);
  spec.time = *tocsin::parse_time("2021-07-13T02:14:07.1234567Z");
  return spec;
}

CloudSpec with_detail(CloudSpec spec, const char* name, const char* value) {
  spec.details.emplace_back(name, value);
  return spec;
}

// Each holds one record that the test's rule finds and one that it must not find.
std::vector<File> cloud_files() {
  const auto both = [](const auto& write, const CloudSpec& found, const CloudSpec& other) {
    return write(found) + "\n" + write(other) + "\n";
  };
  return {
      {"azure_activity.json",
       json_envelope("records", {azure_activity_json(cloud("MICROSOFT.STORAGE/STORAGEACCOUNTS/DELETE", "STORAGE")),
                                 azure_activity_json(cloud("MICROSOFT.STORAGE/STORAGEACCOUNTS/READ", "STORAGE"))})},
      {"azure_signin.json", both(azure_signin_json, cloud("", "Mail", "50057"), cloud("", "Mail"))},
      {"graph_signin.json",
       json_envelope("value", {graph_signin_json(cloud("", "Mail", "50053")), graph_signin_json(cloud("", "Mail"))})},
      {"azure_audit.json", both(azure_audit_json, with_detail(cloud("Add user", "x"), "AccountEnabled", "[true]"),
                                with_detail(cloud("Update user", "x"), "AccountEnabled", "[true]"))},
      {"azure_risk.json", both(azure_risk_json, cloud("anonymizedIPAddress", ""), cloud("unlikelyTravel", ""))},
      {"m365.json", both(m365_audit_json, with_detail(cloud("New-InboxRule", "Exchange"), "ForwardTo", "x@example.org"),
                         with_detail(cloud("New-InboxRule", "Exchange"), "MoveToFolder", "Read"))},
      {"m365_alert.json",
       both(m365_alert_json, cloud("Messages removed after delivery", "ThreatManagement", "Investigating"),
            cloud("Messages held before delivery", "ThreatManagement", "Investigating"))},
      {"m365_rows.json",
       both(m365_row_json, with_detail(cloud("New-InboxRule", "Exchange"), "ForwardTo", "x@example.org"),
            with_detail(cloud("New-InboxRule", "Exchange"), "MoveToFolder", "Read"))},
      {"gcp.json", both(gcp_audit_json, cloud("storage.buckets.delete", "storage.googleapis.com"),
                        cloud("storage.buckets.get", "storage.googleapis.com"))},
      {"google_workspace.json",
       json_envelope(
           "items",
           {google_workspace_json(with_detail(cloud("ENFORCE_STRONG_AUTHENTICATION", "admin"), "NEW_VALUE", "false")),
            google_workspace_json(with_detail(cloud("ENFORCE_STRONG_AUTHENTICATION", "admin"), "NEW_VALUE", "true"))})},
      {"okta.json", "[" + okta_json(cloud("user.mfa.factor.deactivate", "Phone")) + ",\n" +
                        okta_json(cloud("user.session.start", "Phone")) + "]\n"},
      {"github.json", both(github_audit_json, cloud("repo.destroy", "site"), cloud("repo.create", "site"))},
      {"kubernetes.json", both(kubernetes_audit_json, cloud("delete", "events"), cloud("list", "events"))},
  };
}

bool save(const std::filesystem::path& folder, const std::vector<File>& files) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  for (const File& file : files) {
    std::ofstream out(folder / file.name, std::ios::binary);
    out.write(file.bytes.data(), static_cast<std::streamsize>(file.bytes.size()));
    if (!out.good()) return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: make_export_samples OUT_DIR\n");
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const bool done = save(folder / "windows", windows_files()) && save(folder / "cloud", cloud_files()) &&
                    save(folder / "defender", defender_files()) && save(folder / "viewer", viewer_files()) &&
                    save(folder / "scripts", script_files());
  if (!done) fmt::print(stderr, "make_export_samples: cannot write below {}\n", folder.string());
  return done ? 0 : 2;
}
