#include "report/fake_view.hpp"

#include <utility>

#include <fmt/format.h>

namespace tocsin::report {
namespace {

RuleInfo rule(const char* id, const char* title, const char* author, Level level, std::vector<std::string> techniques) {
  RuleInfo out;
  out.id = id, out.title = title, out.author = author, out.level = level;
  out.license = "Apache-2.0", out.file = fmt::format("rules/{}.yml", id), out.sha256 = std::string(64, 'a');
  out.status = RuleStatus::test, out.techniques = std::move(techniques), out.condition = "selection";
  out.logsource = {"windows", "process_creation", "", ""};
  out.tags = {"attack.credential-access", "attack.execution"};
  for (const std::string& technique : out.techniques) out.tags.push_back("attack.t" + technique.substr(1));
  out.false_positives = {"Administrators at work"};
  out.next = {"Log-ons of the account before the event"};
  return out;
}

SourceInfo source(std::uint32_t index, const char* path, const char* computer, std::uint64_t records) {
  SourceInfo out;
  out.index = index, out.path = path, out.format = "evtx", out.size = 1118208;
  out.sha256 = std::string(64, static_cast<char>('0' + index));
  out.records = out.judged = records;
  out.first_time = at("2024-03-01T00:00:12Z"), out.last_time = at("2024-03-14T23:59:58.1234567Z");
  out.channels = {"Security"}, out.computers = {computer};
  return out;
}

Finding finding(std::uint32_t rule, std::uint32_t source, std::uint64_t record, const char* time, std::string value,
                const char* pattern) {
  Finding out;
  out.id = fmt::format("{:032x}", 0xabc000 + record * 7 + rule);
  out.rule = rule, out.source = source;
  out.place = {PlaceKind::evtx, record, record / 100, Place::kNone, 4096 + record * 512, 512, false};
  out.time = at(time), out.computer = source == 0 ? "DC01.example.org" : "WEB01.example.org";
  out.channel = "Security", out.provider = "Microsoft-Windows-Security-Auditing", out.event_id = 4688;
  out.log_source_variant = "security-4688";
  const auto begin = static_cast<std::uint32_t>(value.find(pattern));
  const auto end = static_cast<std::uint32_t>(begin + std::string_view(pattern).size());
  out.matches.push_back({"selection",
                         "CommandLine|contains",
                         "CommandLine",
                         std::move(value),
                         pattern,
                         {begin, end},
                         {"NewProcessName as Image"},
                         false});
  return out;
}

void add_findings(FakeView& view) {
  view.findings_.push_back(finding(0, 0, 3002, "2024-03-11T02:14:07.1234567Z",
                                   "tool\xfe.exe privilege::debug \x1b[31msekurlsa::logonpasswords\xff \u202Eexit",
                                   "sekurlsa::"));
  view.findings_.back().matches.push_back({"filter", "User", "", "", "SYSTEM", {}, {}, true});
  for (std::uint64_t i = 0; i < 5000; ++i) {
    view.findings_.push_back(
        finding(1, 1, 10 + i, "2024-03-11T02:16:33Z", "C:\\Windows\\System32\\whoami.exe /all /fo list", "whoami"));
  }
  Finding parts = finding(2, 1, 9000, "2024-03-12T23:00:00Z", "=cmd|' /C calc'!A0 \"quoted\", and more", "calc");
  parts.parts = {{1, {PlaceKind::evtx, 9001, 90, Place::kNone, 5000000, 900, false}}};
  parts.notes = {"parts 2 and 3 of 5 are missing"};
  parts.event_json = R"({"Event":{"System":{"EventID":4104,"Big":12345678901234567890123}}})";
  view.findings_.push_back(std::move(parts));
}

void add_coverage(FakeView& view) {
  view.coverage_ = {{0, CoverageStatus::matched, CoverageReason::none, "", 4213, 1, {}},
                    {1, CoverageStatus::matched, CoverageReason::none, "", 4213, 5000, {}},
                    {2, CoverageStatus::matched, CoverageReason::none, "", 12, 1, {}},
                    {3,
                     CoverageStatus::not_evaluable,
                     CoverageReason::channel_absent,
                     "Microsoft-Windows-Sysmon/Operational",
                     0,
                     0,
                     {0}},
                    {4, CoverageStatus::not_evaluable, CoverageReason::event_id_absent, "Security 5145", 0, 0, {1}},
                    {5, CoverageStatus::not_evaluable, CoverageReason::placeholder, "%admins%", 0, 0, {}},
                    {6, CoverageStatus::not_seen, CoverageReason::none, "", 4213, 0, {}}};
  view.anomalies_ = {
      {0, "", "evtx_chunk_checksum", "the chunk's checksum should be 0x1234abcd, it is 0x00000000",
       "copy the log again if the machine still has it", 69632, 0, 3},
      {Anomaly::kNoSource, "Logs/closed", "path_unreadable", "the folder cannot be opened", "", 0, 0, 1}};
}

void add_settings(FakeView& view) {
  Setting sysmon{"sysmon",
                 "Sysmon",
                 "Sysmon%4Operational.evtx; without one, Sysmon was not installed",
                 "sysmon64 -i config.xml",
                 "a few hundred events a minute",
                 false,
                 "windows",
                 "",
                 {},
                 {},
                 {},
                 0};
  sysmon.channels = {"Microsoft-Windows-Sysmon/Operational"};
  Setting shares{"audit-detailed-file-share",
                 "Audit Detailed File Share (success)",
                 "",
                 "auditpol /set /subcategory:{0CCE9244-69AE-11D9-BED3-505054503030} /success:enable",
                 "an event for each file opened over the network",
                 false,
                 "windows",
                 "",
                 {"Security"},
                 {5145},
                 {},
                 0};
  Setting size{"size-security",
               "a larger Security log",
               "",
               "wevtutil sl Security /ms:4294967296",
               "4 GB of disk",
               true,
               "windows",
               "",
               {"Security"},
               {},
               {},
               30};
  view.settings_ = {std::move(sysmon), std::move(shares), std::move(size)};
}

void add_summary(FakeView& view) {
  Summary& summary = view.summary_;
  summary.sources_read = 2, summary.sources_unrecognised = 1, summary.bytes = 2236416;
  summary.events = 17213, summary.events_judged = 17213, summary.findings = 5002, summary.anomalies = 4;
  summary.findings_by_level = {0, 0, 5000, 1, 1};
  summary.rules_loaded = summary.rules_selected = 7, summary.rules_rejected = 1;
  summary.rules_by_status = {3, 1, 3};
  summary.first_time = at("2024-03-01T00:00:12Z"), summary.last_time = at("2024-03-14T23:59:58.1234567Z");
  summary.rule_set_hash = std::string(64, 'f');
}

}  // namespace

FakeView intrusion() {
  FakeView view;
  view.rules_ = {rule("11111111-aaaa", "Credentials Read From Memory", "A. Author", Level::critical, {"T1003.001"}),
                 rule("22222222-bbbb", "Who Am I",
                      "A Very Long List (Of Authors), Who All Want (To Be Named), And Must Be Named (By Licence)",
                      Level::medium, {"T1033", "T1059.003"}),
                 rule("33333333-cccc", "Script With \x1b[2JHostile Title", "B. Author", Level::high, {"T1059.001"}),
                 rule("44444444-dddd", "Needs Sysmon", "A. Author", Level::high, {"T1055"}),
                 rule("55555555-eeee", "Needs Share Audit", "A. Author", Level::low, {}),
                 rule("66666666-ffff", "Needs Values", "A. Author", Level::low, {}),
                 rule("77777777-0000", "Not Seen", "A. Author", Level::low, {})};
  view.sources_ = {source(0, "Logs/dc01/Security.evtx", "DC01.example.org", 4213),
                   source(1, "Logs/web01.zip", "WEB01.example.org", 13000), source(2, "Logs/notes.txt", "", 0)};
  view.sources_[0].id_gaps = {{"Security", 3100, 4305, at("2024-03-11T02:20:00Z"), at("2024-03-11T08:32:10Z")}};
  view.sources_[0].time_gaps = {{at("2024-03-11T02:20:00Z"), at("2024-03-11T08:32:10Z")}};
  view.sources_[0].id_gap_count = 2, view.sources_[0].time_gap_count = 1, view.sources_[0].anomalies = 3;
  view.sources_[1].container = "winevt/Logs/Security.evtx";
  view.sources_[1].sha256_prefix = std::exchange(view.sources_[1].sha256, std::string());
  view.sources_[1].sha256_prefix_length = 1048576;
  view.sources_[2] = SourceInfo{};
  view.sources_[2].index = 2, view.sources_[2].path = "Logs/notes.txt", view.sources_[2].size = 12;
  view.sources_[2].sha256 = std::string(64, '2');
  add_findings(view);
  add_coverage(view);
  add_settings(view);
  add_summary(view);
  return view;
}

}  // namespace tocsin::report
