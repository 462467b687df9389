// The pipeline end to end, on logs made here: what comes out must not depend on threads, sizes or order.
#include "scan/scan.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/builtin_files.hpp"
#include "detect/sigma/log_source.hpp"
#include "detect/sigma/rule.hpp"
#include "scan/dump.hpp"
#include "scan/explain.hpp"
#include "scan/finding_codec.hpp"
#include "tests/makers/evtx_writer.hpp"

namespace tocsin::scanning {
namespace {

namespace fs = std::filesystem;
namespace value = makers::value;

constexpr std::string_view kRules = R"(
title: Tool
id: 00000000-0000-4000-8000-000000000001
level: high
logsource: {category: process_creation, product: windows}
detection:
  sel: {CommandLine|contains: 'rare-tool'}
  condition: sel
---
title: Script
id: 00000000-0000-4000-8000-000000000002
level: medium
logsource: {category: ps_script, product: windows}
detection:
  sel: {ScriptBlockText|contains: 'split word'}
  condition: sel
---
title: Log on
id: 00000000-0000-4000-8000-000000000003
level: low
logsource: {service: security, product: windows}
detection:
  sel: {EventID: 4624}
  condition: sel
)";

// A folder of its own for each test, removed at the end.
class ScanTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    root_ = fs::temp_directory_path() / (std::string("tocsin_scan_test_") + info->name() + std::to_string(::getpid()));
    fs::create_directories(root_);
  }
  void TearDown() override { fs::remove_all(root_); }

  void write(const std::string& name, const std::string& bytes) const {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name, std::ios::binary) << bytes;
  }
  fs::path root_;
};

makers::EventSpec process(std::int64_t second, const std::string& command_line) {
  makers::EventSpec spec;
  spec.provider = "Microsoft-Windows-Sysmon";
  spec.channel = "Microsoft-Windows-Sysmon/Operational";
  spec.computer = "srv";
  spec.event_id = 1;
  spec.time = Timestamp{132'000'000'000'000'000 + second * 10'000'000};
  spec.set("Image", value::string("C:\\Windows\\cmd.exe"));
  spec.set("CommandLine", value::string(command_line));
  return spec;
}

makers::EventSpec script(std::uint32_t number, std::uint32_t total, const std::string& text) {
  makers::EventSpec spec;
  spec.provider = "Microsoft-Windows-PowerShell";
  spec.channel = "Microsoft-Windows-PowerShell/Operational";
  spec.computer = "srv";
  spec.event_id = 4104;
  spec.time = Timestamp{132'000'000'000'000'000 + number};
  spec.set("MessageNumber", value::u32(number));
  spec.set("MessageTotal", value::u32(total));
  spec.set("ScriptBlockText", value::string(text));
  spec.set("ScriptBlockId", value::string("6d1a1a3e-0000-0000-0000-000000000001"));
  return spec;
}

std::string processes(int count, int every) {
  makers::EvtxWriter writer;
  for (int i = 0; i < count; ++i) {
    writer.add(process(
        i, i % every == 0 ? "rare-tool " + std::to_string(i / (2 * every)) : "cmd /c dir " + std::to_string(i)));
  }
  return writer.finish();
}

std::string logons_json(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) {
    lines +=
        R"({"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Security-Auditing"}},"EventID":)" +
        std::to_string(i % 10 == 0 ? 4624 : 4634) + R"(,"EventRecordID":)" + std::to_string(i) +
        R"(,"TimeCreated":{"#attributes":{"SystemTime":"2021-07-19T12:00:00.0000000Z"}},"Channel":"Security","Computer":"srv"},"EventData":{"LogonType":3}}})"
        "\n";
  }
  return lines;
}

const sigma::CompiledSet& compiled() {
  static const sigma::CompiledSet set = [] {
    std::vector<RuleProblem> problems;
    std::vector<sigma::LogSources::File> files;
    for (const base::BuiltinFile& file : base::builtin_files()) {
      if (file.name.starts_with("logsources/")) files.push_back({std::string(file.name), std::string(file.text)});
    }
    const sigma::LogSources sources = sigma::LogSources::load(files, problems);
    sigma::ParsedFile parsed = sigma::parse_rules(kRules, "rules.yml", std::string(64, '0'));
    sigma::CompiledSet result = sigma::CompiledSet::compile(std::move(parsed.rules), sources, {}, problems);
    EXPECT_TRUE(problems.empty()) << problems.front().message;
    return result;
  }();
  return set;
}

std::unique_ptr<ScanResult> scan_of(const ScanOptions& options) {
  ScanInputs inputs;
  inputs.options = &options;
  inputs.rules = &compiled();
  auto result = run_scan(inputs);
  EXPECT_TRUE(result) << result.error().message;
  return std::move(*result);
}

// Everything that a writer could show, as text.
std::string fingerprint(const ScanResult& result) {
  std::string text;
  for (const SourceInfo& s : result.sources()) {
    text += s.path + "|" + s.container + "|" + s.sha256 + "|" + std::to_string(s.records) + "|" +
            std::to_string(s.judged) + "\n";
  }
  EXPECT_TRUE(result.each_finding([&](const Finding& f) -> Result<void> {
    text += encode_finding(f) + "\n";
    return {};
  }));
  EXPECT_TRUE(result.each_anomaly([&](const Anomaly& a) -> Result<void> {
    text += a.code + std::to_string(a.source) + a.path + std::to_string(a.offset) + a.message +
            std::to_string(a.count) + "\n";
    return {};
  }));
  EXPECT_TRUE(result.each_coverage([&](const RuleCoverage& c) -> Result<void> {
    text += std::to_string(c.rule) + std::string(to_string(c.status)) + std::string(to_string(c.reason)) + c.detail +
            std::to_string(c.events_judged) + " " + std::to_string(c.findings) + "\n";
    return {};
  }));
  return text;
}

std::vector<Finding> findings_of(const ScanResult& result) {
  std::vector<Finding> findings;
  EXPECT_TRUE(result.each_finding([&](const Finding& f) -> Result<void> {
    findings.push_back(f);
    return {};
  }));
  return findings;
}

TEST_F(ScanTest, SameResultOnAnyNumberOfThreadsInAnyOrderAndWithAnySizeOfUnit) {
  write("logs/a.evtx", processes(600, 25));
  write("logs/b.evtx", processes(300, 50));
  write("export.ndjson", logons_json(400));
  makers::EvtxWriter first, second;
  first.add(script(1, 2, "one spl"));
  second.add(script(2, 2, "it word"));
  write("logs/ps1.evtx", second.finish());
  write("logs/ps2.evtx", first.finish());
  write("logs/note.txt", "nothing to read here");
  std::string expected;
  std::uint64_t findings = 0;
  for (const unsigned threads : {1U, 2U, 7U, 16U}) {
    for (const std::uint64_t unit_bytes : {0U, 700U}) {
      ScanOptions options;
      options.evidence.threads = threads;
      options.evidence.unit_bytes = unit_bytes;
      options.evidence.paths = {(root_ / "logs").string(), (root_ / "export.ndjson").string()};
      if (threads % 2 == 0) std::swap(options.evidence.paths[0], options.evidence.paths[1]);
      const auto result = scan_of(options);
      const std::string got = fingerprint(*result);
      if (expected.empty()) {
        expected = got;
        findings = result->summary().findings;
      }
      EXPECT_EQ(got, expected) << threads << " threads, units of " << unit_bytes;
    }
  }
  EXPECT_EQ(findings, 24U + 40U + 1U) << "and six of a copied log, which are not counted again";
}

TEST_F(ScanTest, AClockThatSomebodySetIsReadFromAnEventLog) {
  const auto log = [](const std::string& sid) {
    makers::EventSpec spec;
    spec.provider = "Microsoft-Windows-Kernel-General";
    spec.channel = "System";
    spec.computer = "srv";
    spec.event_id = 1;
    spec.user_sid = sid;
    spec.time = Timestamp{132'000'000'000'000'000};
    spec.set("NewTime", value::filetime(spec.time));
    spec.set("OldTime", value::filetime(Timestamp{spec.time.ticks + 3'010'000'000}));
    spec.set("Reason", value::u32(1));
    makers::EvtxWriter writer;
    writer.add(spec);
    return writer.finish();
  };
  write("System.evtx", log("S-1-5-21-1-2-3-1104"));
  write("kept/System.evtx", log("S-1-5-19"));
  ScanOptions options;
  options.log_hygiene = true;
  options.evidence.paths = {(root_ / "System.evtx").string()};
  const std::vector<Finding> told = findings_of(*scan_of(options));
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].matches.at(2).value, "S-1-5-21-1-2-3-1104");
  EXPECT_EQ(told[0].notes.at(0), "the clock was set back by 301 seconds");
  options.evidence.paths = {(root_ / "kept").string()};
  EXPECT_TRUE(findings_of(*scan_of(options)).empty());
}

TEST_F(ScanTest, AScriptBlockInTwoLogsIsOneFindingWithBothParts) {
  makers::EvtxWriter first, second;
  first.add(script(1, 2, "one spl"));
  second.add(script(2, 2, "it word"));
  write("x/old.evtx", first.finish());
  write("x/new.evtx", second.finish());
  ScanOptions options;
  options.evidence.paths = {(root_ / "x").string()};
  const auto result = scan_of(options);
  const std::vector<Finding> findings = findings_of(*result);
  ASSERT_EQ(findings.size(), 1U);
  ASSERT_EQ(findings[0].parts.size(), 2U);
  EXPECT_EQ(result->sources()[findings[0].parts[0].source].path, "x/old.evtx");
  EXPECT_EQ(result->sources()[findings[0].parts[1].source].path, "x/new.evtx");
  EXPECT_EQ(findings[0].matches.at(0).value.substr(4, 10), "split word");
  EXPECT_TRUE(findings[0].notes.empty());
}

TEST_F(ScanTest, ByteEqualRecordsInTwoFilesHaveIdsOfTheirOwnAndMovedFilesKeepTheirs) {
  write("x/a.evtx", processes(30, 10));
  write("x/copy.evtx", processes(30, 10));
  ScanOptions options;
  options.evidence.paths = {(root_ / "x").string()};
  std::set<std::string> ids, moved;
  for (const Finding& finding : findings_of(*scan_of(options))) ids.insert(finding.id);
  EXPECT_EQ(ids.size(), 6U);
  fs::rename(root_ / "x", root_ / "y");
  options.evidence.paths = {(root_ / "y").string()};
  for (const Finding& finding : findings_of(*scan_of(options))) moved.insert(finding.id);
  EXPECT_EQ(ids, moved);
}

TEST_F(ScanTest, OneProcessInTwoLogsAndTheirCopiesIsCountedOnce) {
  makers::EventSpec seen = process(1, "rare-tool 1");
  seen.set("ProcessId", value::u32(0x1a4));
  makers::EventSpec audited = seen;
  audited.provider = "Microsoft-Windows-Security-Auditing";
  audited.channel = "Security";
  audited.event_id = 4688;
  audited.time.ticks += 3'000'000;
  audited.data = {};
  audited.set("NewProcessName", value::string("C:\\Windows\\CMD.exe"));
  audited.set("NewProcessId", value::string("0x1a4"));
  audited.set("CommandLine", value::string("rare-tool 1"));
  makers::EvtxWriter sysmon, security;
  sysmon.add(seen);
  security.add(audited);
  const std::string sysmon_log = sysmon.finish(), security_log = security.finish();
  write("x/Security.evtx", security_log);
  write("x/Sysmon.evtx", sysmon_log);
  write("x/copy/Sysmon.evtx", sysmon_log);
  write("x/copy/Security.evtx", security_log);
  ScanOptions options;
  options.evidence.paths = {(root_ / "x").string()};
  const auto result = scan_of(options);
  const std::vector<Finding> findings = findings_of(*result);
  ASSERT_EQ(findings.size(), 4U);
  EXPECT_EQ(result->summary().findings, 1U);
  EXPECT_EQ(result->summary().same_findings, 3U);
  EXPECT_EQ(result->summary().findings_by_level[static_cast<std::size_t>(Level::high)], 1U);
  EXPECT_EQ(findings[0].same_as, "");
  for (std::size_t i = 1; i < 4; ++i) EXPECT_EQ(findings[i].same_as, findings[0].id);
}

TEST_F(ScanTest, EventsOutsideTheTimesAskedForAreCountedAndSaidToBeOutOfReach) {
  write("x/a.evtx", processes(100, 10));
  ScanOptions options;
  options.evidence.paths = {(root_ / "x").string()};
  options.evidence.from = Timestamp{132'000'000'000'000'000 + 50 * 10'000'000LL};
  const auto some = scan_of(options);
  EXPECT_EQ(some->summary().events, 100U);
  EXPECT_EQ(some->summary().events_judged, 50U);
  EXPECT_EQ(some->summary().findings, 5U);
  options.evidence.from = Timestamp{133'000'000'000'000'000};
  const auto none = scan_of(options);
  EXPECT_EQ(none->summary().findings, 0U);
  EXPECT_TRUE(none->each_coverage([](const RuleCoverage& c) -> Result<void> {
    if (c.rule == 0) {
      EXPECT_EQ(c.reason, CoverageReason::out_of_reach);
    }
    return {};
  }));
}

TEST_F(ScanTest, AHugeEventIsNotRepeatedInItsFindings) {
  for (const std::size_t size : {std::size_t{1000}, std::size_t{2} << 20}) {
    std::string line = logons_json(1);
    line.insert(line.rfind('}'), ",\"padding\":\"" + std::string(size, 'x') + "\"");
    write("x/a.ndjson", line);
    ScanOptions options;
    options.evidence.paths = {(root_ / "x").string()};
    options.full_events = true;
    const std::vector<Finding> findings = findings_of(*scan_of(options));
    ASSERT_EQ(findings.size(), 1U);
    const bool huge = size > 1000;
    EXPECT_EQ(findings[0].event_json.empty(), huge);
    EXPECT_EQ(findings[0].notes.size(), huge ? 1U : 0U);
  }
}

TEST_F(ScanTest, AnInterruptedScanEndsCleanly) {
  write("x/a.evtx", processes(100, 10));
  const std::atomic<bool> stop{true};
  ScanOptions options;
  options.evidence.paths = {(root_ / "x").string()};
  options.stop = &stop;
  const auto result = scan_of(options);
  EXPECT_TRUE(result->summary().interrupted);
}

TEST_F(ScanTest, AMissingPathIsSaidAndTheOthersAreRead) {
  write("x/a.evtx", processes(10, 10));
  ScanOptions options;
  options.evidence.paths = {(root_ / "x").string(), (root_ / "absent").string()};
  const auto result = scan_of(options);
  EXPECT_EQ(result->failed_paths().size(), 1U);
  EXPECT_EQ(result->summary().paths_failed, 1U);
  EXPECT_EQ(result->summary().findings, 1U);
}

TEST_F(ScanTest, ExplainFindsTheEventOfAFindingAndOfAPlace) {
  write("x/a.evtx", processes(40, 10));
  ScanOptions options;
  options.evidence.paths = {(root_ / "x").string()};
  const std::vector<Finding> findings = findings_of(*scan_of(options));
  ASSERT_EQ(findings.size(), 4U);
  ScanInputs inputs;
  inputs.options = &options;
  inputs.rules = &compiled();
  ExplainOptions what;
  what.finding_id = findings[2].id;
  const auto by_id = run_explain(inputs, what);
  ASSERT_TRUE(by_id) << by_id.error().message;
  EXPECT_TRUE(by_id->matched);
  EXPECT_EQ(by_id->place, findings[2].place);
  EXPECT_EQ(by_id->matches, findings[2].matches);
  EXPECT_EQ(by_id->raw.size(), findings[2].place.length);
  what = {};
  what.rule_id = "00000000-0000-4000-8000-000000000001";
  what.event = "a.evtx:2";
  const auto miss = run_explain(inputs, what);
  ASSERT_TRUE(miss) << miss.error().message;
  EXPECT_FALSE(miss->matched);
  EXPECT_TRUE(miss->log_source_fits);
  EXPECT_FALSE(miss->nodes.empty());
  what.event = "a.evtx:99999";
  EXPECT_EQ(run_explain(inputs, what).error().code, ErrorCode::not_found);
  what.event = "nonsense";
  EXPECT_EQ(run_explain(inputs, what).error().code, ErrorCode::invalid_argument);
}

TEST_F(ScanTest, AnIdMayBeShortenedWhileItIsClear) {
  write("x/a.evtx", processes(400, 10));
  ScanOptions options;
  options.evidence.paths = {(root_ / "x").string()};
  const std::vector<Finding> findings = findings_of(*scan_of(options));
  ASSERT_EQ(findings.size(), 40U);  // more than there are hex digits: one of them begins two ids
  std::multiset<char> first;
  for (const Finding& finding : findings) first.insert(finding.id[0]);
  const auto twice = std::ranges::find_if(findings, [&](const Finding& f) { return first.count(f.id[0]) > 1; });
  ScanInputs inputs;
  inputs.options = &options;
  inputs.rules = &compiled();
  ExplainOptions what;
  what.finding_id = twice->id.substr(0, 1);
  EXPECT_EQ(run_explain(inputs, what).error().code, ErrorCode::invalid_argument);
  what.finding_id = twice->id.substr(0, 20);
  EXPECT_TRUE(run_explain(inputs, what));
}

ScanInputs judging(const ScanOptions& options) {
  ScanInputs inputs;
  inputs.options = &options;
  inputs.rules = &compiled();
  return inputs;
}

TEST_F(ScanTest, ExplainFindsWhichOfManyCopiesAFindingIs) {
  // More copies than are known at sight: the last ones are read again.
  constexpr int kFiles = 40;
  for (int i = 0; i < kFiles; ++i) write("x/" + std::to_string(100 + i) + ".evtx", processes(1, 10));
  ScanOptions options;
  options.evidence.paths = {(root_ / "x").string()};
  const auto result = scan_of(options);
  const std::vector<Finding> findings = findings_of(*result);
  ASSERT_EQ(findings.size(), static_cast<std::size_t>(kFiles));
  for (const std::size_t i : {0U, 7U, 39U}) {
    for (const std::size_t digits : {5U, 32U}) {
      ExplainOptions what;
      what.finding_id = findings[i].id.substr(0, digits);
      const auto found = run_explain(judging(options), what);
      ASSERT_TRUE(found) << found.error().message;
      EXPECT_EQ(found->source.path, result->sources()[findings[i].source].path) << digits;
      EXPECT_EQ(found->finding_id, findings[i].id);
      EXPECT_EQ(found->time, findings[i].time);
      EXPECT_EQ(found->computer, "srv");
      EXPECT_EQ(found->channel, "Microsoft-Windows-Sysmon/Operational");
      EXPECT_EQ(found->event_id, 1);
      EXPECT_TRUE(found->matched);
    }
  }
}

TEST_F(ScanTest, ExplainShowsAWholeScriptBlockFromItsIdAndFromEachPart) {
  makers::EvtxWriter first, second;
  first.add(script(1, 2, "one spl"));
  second.add(script(2, 2, "it word"));
  write("x/old.evtx", first.finish());
  write("x/new.evtx", second.finish());
  ScanOptions options;
  options.evidence.paths = {(root_ / "x").string()};
  ExplainOptions by_id, by_event;
  by_id.finding_id = findings_of(*scan_of(options)).at(0).id;
  by_event.rule_id = "00000000-0000-4000-8000-000000000002";
  for (const char* event : {"", "old.evtx:1", "x/new.evtx:1"}) {
    by_event.event = event;
    const auto found = run_explain(judging(options), *event == 0 ? by_id : by_event);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_TRUE(found->matched) << event;
    EXPECT_EQ(found->part_sources, (std::vector<std::string>{"x/old.evtx", "x/new.evtx"}));
    EXPECT_EQ(found->source.path, "x/old.evtx");
    EXPECT_EQ(found->matches.at(0).value, "one split word");
    EXPECT_NE(found->event_json.find("one spl"), std::string::npos);
  }
}

TEST_F(ScanTest, ExplainAsksWhichEventIsMeant) {
  for (int i = 1; i <= 7; ++i) write("x/" + std::to_string(i) + "/a.evtx", processes(3, 10));
  write("x/a.evtx", processes(3, 10));
  ScanOptions options;
  options.evidence.paths = {(root_ / "x").string()};
  ExplainOptions what;
  what.rule_id = "00000000-0000-4000-8000-000000000001";
  what.event = "a.evtx:2";
  const auto unclear = run_explain(judging(options), what);
  ASSERT_FALSE(unclear);
  EXPECT_EQ(unclear.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(unclear.error().message,
            "--event a.evtx:2 fits 8 events: x/1/a.evtx:2, x/2/a.evtx:2, x/3/a.evtx:2, x/4/a.evtx:2, x/5/a.evtx:2 "
            "and 3 more");
  EXPECT_NE(unclear.error().hint.find("more of the source's path"), std::string::npos);
  for (const char* clear : {"7/a.evtx:2", "x/a.evtx:2", "x/7/a.evtx:2"}) {
    what.event = clear;
    EXPECT_TRUE(run_explain(judging(options), what)) << clear;
  }
}

TEST_F(ScanTest, ExplainTakesAnOffsetWhereARecordNumberComesTwice) {
  makers::EvtxWriter writer;
  for (int i = 0; i < 2; ++i) {
    makers::EventSpec spec = process(i, "cmd " + std::to_string(i));
    spec.record_id = 5;
    writer.add(spec);
  }
  write("x/a.evtx", writer.finish());
  ScanOptions options;
  options.evidence.paths = {(root_ / "x").string()};
  ExplainOptions what;
  what.rule_id = "00000000-0000-4000-8000-000000000001";
  what.event = "a.evtx:5";
  const auto unclear = run_explain(judging(options), what);
  ASSERT_FALSE(unclear);
  const std::string& message = unclear.error().message;
  const std::size_t second = message.rfind("x/a.evtx:5@");
  ASSERT_NE(second, std::string::npos) << message;
  what.event = message.substr(second);
  const auto found = run_explain(judging(options), what);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_NE(found->event_json.find("cmd 1"), std::string::npos);
  for (const char* wrong : {"a.evtx:5@", "a.evtx:5@x", "a.evtx:@7", ":5", "a.evtx:5 "}) {
    what.event = wrong;
    EXPECT_EQ(run_explain(judging(options), what).error().code, ErrorCode::invalid_argument) << wrong;
  }
}

TEST_F(ScanTest, ExplainRefusesWhatIsNoIdBeforeItReads) {
  ScanOptions options;
  options.evidence.paths = {(root_ / "absent").string()};
  ExplainOptions what;
  for (const std::string& id : {std::string("Logs/"), std::string(33, 'a'), std::string("ABCDEF01")}) {
    what.finding_id = id;
    EXPECT_EQ(run_explain(judging(options), what).error().code, ErrorCode::invalid_argument) << id;
  }
  what.finding_id = "abcdef01";
  EXPECT_NE(run_explain(judging(options), what).error().place.find("absent"), std::string::npos);
}

class StringSink final : public ByteSink {
 public:
  Result<void> write(std::string_view bytes) override {
    if (text.size() + bytes.size() > limit) return fail(ErrorCode::io, "no space left");
    text += bytes;
    return {};
  }
  Result<void> flush() override { return {}; }
  std::string text;
  std::size_t limit = std::string::npos;
};

TEST_F(ScanTest, DumpGivesEveryEventInOrderAndStopsAtAFullDisk) {
  write("x/a.evtx", processes(200, 10));
  DumpOptions options;
  options.evidence.paths = {(root_ / "x").string()};
  std::string expected;
  for (const unsigned threads : {1U, 5U}) {
    options.evidence.threads = threads;
    StringSink out;
    const auto result = run_dump(options, nullptr, out, nullptr);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->events, 200U);
    EXPECT_EQ(std::ranges::count(out.text, '\n'), 200);
    if (expected.empty()) expected = out.text;
    EXPECT_EQ(out.text, expected);
  }
  StringSink full;
  full.limit = 1000;
  const auto result = run_dump(options, nullptr, full, nullptr);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "no space left");
}

}  // namespace
}  // namespace tocsin::scanning
