#include "detect/sigma/log_source.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tocsin::sigma {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

LogSources builtin() {
  std::vector<RuleProblem> problems;
  LogSources sources = LogSources::load(builtin_log_source_files(), problems);
  EXPECT_THAT(problems, IsEmpty()) << problems.front().message;
  return sources;
}

std::vector<std::string> names(const Resolution& resolution) {
  std::vector<std::string> out;
  for (const Variant& variant : resolution.variants) out.push_back(variant.name);
  return out;
}

const FieldSource* field(const Variant& variant, std::string_view name) {
  const auto found = std::ranges::find(variant.fields, name, &FieldSource::rule_field);
  return found == variant.fields.end() ? nullptr : &*found;
}

LogSource windows(std::string category, std::string service = {}) {
  return {.product = "windows", .category = std::move(category), .service = std::move(service), .definition = {}};
}

TEST(LogSources, TwinsStandBesideSysmon) {
  const LogSources sources = builtin();
  EXPECT_THAT(names(sources.resolve(windows("process_creation"))),
              ElementsAre("sysmon", "security-4688", "defender-process"));
  EXPECT_THAT(names(sources.resolve(windows("process_termination"))), ElementsAre("sysmon", "security-4689"));
  EXPECT_THAT(names(sources.resolve(windows("registry_set"))),
              ElementsAre("sysmon", "security-4657", "defender-value"));
  EXPECT_THAT(names(sources.resolve(windows("registry_add"))), ElementsAre("sysmon", "defender-key"));
  EXPECT_THAT(names(sources.resolve(windows("network_connection"))),
              ElementsAre("sysmon", "security-5156", "defender-outbound", "defender-inbound"));
  EXPECT_THAT(names(sources.resolve(windows("", "system"))), ElementsAre("system", "security-4697"));
  EXPECT_THAT(names(sources.resolve(windows("", "security"))),
              ElementsAre("security", "system-7045", "defender-logon"));
}

TEST(LogSources, ATwinSaysWhereItsFieldsComeFrom) {
  const Resolution resolution = builtin().resolve(windows("process_creation"));
  const Variant& twin = resolution.variants.at(1);
  EXPECT_THAT(twin.channels, ElementsAre("Security"));
  EXPECT_THAT(twin.providers, ElementsAre("Microsoft-Windows-Security-Auditing"));
  EXPECT_THAT(twin.event_ids, ElementsAre(4688));
  ASSERT_NE(field(twin, "Image"), nullptr);
  EXPECT_THAT(field(twin, "Image")->event_fields, ElementsAre("NewProcessName"));
  ASSERT_NE(field(twin, "User"), nullptr);
  EXPECT_THAT(field(twin, "User")->event_fields, ElementsAre("SubjectDomainName", "SubjectUserName"));
  EXPECT_EQ(field(twin, "User")->join, "\\");
  EXPECT_THAT(twin.absent_fields, ::testing::Contains("OriginalFileName"));
}

TEST(LogSources, TheServiceInstallationTwinPretendsToBeTheOther) {
  const Resolution resolution = builtin().resolve(windows("", "system"));
  const Variant& twin = resolution.variants.at(1);
  EXPECT_EQ(field(twin, "EventID")->constant, "7045");
  EXPECT_EQ(field(twin, "Provider_Name")->constant, "Service Control Manager");
  EXPECT_EQ(apply_conversions(*field(twin, "StartType"), "3", ""), "demand start");
  EXPECT_EQ(apply_conversions(*field(twin, "ServiceType"), "0x10", ""), "user mode service");
}

TEST(LogSources, RegistryKindsAreToldApartByEventType) {
  const LogSources sources = builtin();
  const Variant add = sources.resolve(windows("registry_add")).variants.at(0);
  ASSERT_THAT(add.constraints, SizeIs(1));
  EXPECT_EQ(add.constraints[0].field, "EventType");
  EXPECT_THAT(add.constraints[0].values, ElementsAre("CreateKey", "CreateValue"));
  const Variant remove = sources.resolve(windows("registry_delete")).variants.at(0);
  EXPECT_THAT(remove.constraints.at(0).values, ElementsAre("DeleteKey", "DeleteValue"));
}

TEST(LogSources, CategoryAndServiceAreIntersected) {
  const LogSources sources = builtin();
  EXPECT_THAT(names(sources.resolve(windows("process_creation", "sysmon"))), ElementsAre("sysmon"));
  EXPECT_THAT(names(sources.resolve(windows("process_creation", "security"))), ElementsAre("security-4688"));
  EXPECT_THAT(names(sources.resolve(windows("process_creation", "ntlm"))), IsEmpty());
  EXPECT_THAT(names(sources.resolve(windows("process_creation", "nonsense"))), IsEmpty());
}

TEST(LogSources, WithoutAProductEveryProductIsMeant) {
  const LogSources sources = builtin();
  const LogSource rule{.product = {}, .category = "process_creation", .service = {}, .definition = {}};
  EXPECT_THAT(names(sources.resolve(rule)),
              ElementsAre("sysmon", "windows-sysmon", "security-4688", "defender-process"));
  const LogSource antivirus{.product = {}, .category = "antivirus", .service = {}, .definition = {}};
  EXPECT_THAT(names(sources.resolve(antivirus)), ElementsAre("defender"));
  EXPECT_THAT(names(sources.resolve(windows("antivirus"))), ElementsAre("defender"));
  EXPECT_THAT(names(sources.resolve({"linux", "antivirus", "", ""})), IsEmpty());
}

TEST(LogSources, AProductAloneIsAllItsEvents) {
  const Resolution resolution = builtin().resolve(windows(""));
  ASSERT_THAT(names(resolution), ElementsAre("any-windows-event"));
  EXPECT_THAT(resolution.variants[0].channels, IsEmpty());
  EXPECT_EQ(resolution.variants[0].product, "windows");
  EXPECT_THAT(builtin().resolve({}).variants, IsEmpty());
}

TEST(LogSources, SayWhyNothingReadsALog) {
  const LogSources sources = builtin();
  EXPECT_THAT(sources.resolve({"", "webserver", "", ""}).detail, HasSubstr("category webserver"));
  EXPECT_THAT(sources.resolve(windows("file_access")).detail, HasSubstr("ETW"));
}

TEST(LogSources, NamesAreComparedIgnoringCase) {
  EXPECT_THAT(names(builtin().resolve({"Windows", "PS_Script", "", ""})), ElementsAre("powershell"));
}

LogSources load(std::string text, std::vector<RuleProblem>& problems) {
  return LogSources::load({{"user.yml", std::move(text)}}, problems);
}

TEST(LogSources, ALaterFileReplacesEntriesOfTheSameKey) {
  std::vector<LogSources::File> files = builtin_log_source_files();
  files.push_back({"user.yml", "product: windows\nlogsources:\n- {service: ntlm, channel: My/Channel}\n"});
  std::vector<RuleProblem> problems;
  const LogSources sources = LogSources::load(files, problems);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_THAT(sources.resolve(windows("", "ntlm")).variants.at(0).channels, ElementsAre("My/Channel"));
  EXPECT_NE(sources.hash(), builtin().hash());
  EXPECT_THAT(sources.entries(), SizeIs(builtin().entries().size()));
}

struct Wrong {
  std::string_view text, code;
  std::uint32_t line, column;
};

TEST(LogSources, ProblemsHaveACodeAndAPlace) {
  const std::vector<Wrong> cases{
      {"product: x\nlogsources: [", "L001", 3, 1},
      {"- a\n", "L002", 1, 1},
      {"product: x\nlogsources: {}\n", "L002", 2, 13},
      {"product: x\nsources: []\nlogsources: []\n", "L003", 2, 1},
      {"product: x\n", "L004", 1, 1},
      {"product: x\nlogsources:\n- {category: a, service: b, channel: c}\n", "L004", 3, 3},
      {"product: x\nlogsources:\n- {service: a, log: nowhere}\n", "L005", 3, 21},
      {"product: x\nmappings:\n  m: {fields: {A: {from: B, convert: magic}}}\nlogsources: []\n", "L006", 3, 38},
      {"product: x\nlogsources:\n- {service: a, event-id: 0x10}\n", "L007", 3, 26},
      {"product: x\nlogsources:\n- {service: a, channel: c}\n- {service: a, channel: d}\n", "L008", 4, 3},
      {"product: x\nlogsources:\n- {service: a, chanel: c}\n", "L003", 3, 16},
      {"product: x\nmappings:\n  m: {fields: {A: {join: x}}}\nlogsources: []\n", "L004", 3, 19},
      {"product: x\nmappings:\n  m: {fields: {A: {from: B, convert: code}}}\nlogsources: []\n", "L004", 3, 19},
  };
  for (const Wrong& wrong : cases) {
    std::vector<RuleProblem> problems;
    (void)load(std::string(wrong.text), problems);
    ASSERT_THAT(problems, SizeIs(1)) << wrong.text;
    EXPECT_EQ(problems[0].code, wrong.code) << wrong.text;
    EXPECT_EQ(problems[0].file, "user.yml");
    EXPECT_EQ(problems[0].line, wrong.line) << wrong.text;
    EXPECT_EQ(problems[0].column, wrong.column) << wrong.text;
    EXPECT_GT(problems[0].column_end, problems[0].column);
  }
}

TEST(LogSources, AWrongEntryDoesNotStopTheOthers) {
  std::vector<RuleProblem> problems;
  const LogSources sources =
      load("product: x\nlogsources:\n- {service: a, log: nowhere}\n- {service: b, channel: c}\n", problems);
  EXPECT_THAT(problems, SizeIs(1));
  EXPECT_THAT(sources.resolve({"x", "", "a", ""}).variants, IsEmpty());
  EXPECT_THAT(sources.resolve({"x", "", "b", ""}).variants, SizeIs(1));
}

const Setting* setting(const LogSources& sources, std::string_view id) {
  const auto found = std::ranges::find(sources.settings(), id, &Setting::id);
  return found == sources.settings().end() ? nullptr : &*found;
}

TEST(Settings, OfTheBuiltInFilesNameTheirLogAndTheirPrice) {
  const LogSources sources = builtin();
  const Setting* audit = setting(sources, "audit-process-creation");
  ASSERT_NE(audit, nullptr);
  EXPECT_EQ(audit->product, "windows");
  EXPECT_THAT(audit->channels, ElementsAre("Security"));
  EXPECT_THAT(audit->event_ids, ElementsAre(4688));
  for (const Setting& one : sources.settings()) {
    EXPECT_FALSE(one.fetch.empty() && one.command.empty() && one.cost.empty()) << one.id;
    // Who is told to switch something on is told what it costs.
    EXPECT_FALSE(!one.command.empty() && one.cost.empty()) << one.id;
  }
}

TEST(Settings, OfALaterFileReplaceThoseOfTheSameId) {
  std::vector<RuleProblem> problems;
  std::vector<LogSources::File> files = builtin_log_source_files();
  const std::size_t before = LogSources::load(files, problems).settings().size();
  files.push_back({"own.yml",
                   "product: windows\nenable:\n"
                   "  - {id: sysmon, title: ask the SOC, gives: {channel: X, event-id: [1, 2], reach-days: 7}}\n"});
  const LogSources sources = LogSources::load(files, problems);
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(sources.settings().size(), before);
  ASSERT_NE(setting(sources, "sysmon"), nullptr);
  EXPECT_EQ(setting(sources, "sysmon")->title, "ask the SOC");
  EXPECT_THAT(setting(sources, "sysmon")->event_ids, ElementsAre(1, 2));
  EXPECT_EQ(setting(sources, "sysmon")->reach_days, 7U);
}

TEST(Settings, ThatAreWrongAreNamedAndLeftOut) {
  const auto codes = [](const std::string& entry) {
    std::vector<RuleProblem> problems;
    const LogSources sources = LogSources::load({{"own.yml", "product: windows\nenable:\n  - " + entry}}, problems);
    EXPECT_THAT(sources.settings(), IsEmpty());
    std::vector<std::string> out;
    for (const RuleProblem& problem : problems) out.push_back(problem.code);
    return out;
  };
  EXPECT_THAT(codes("{id: a, title: b}"), ElementsAre("L004"));
  EXPECT_THAT(codes("{id: a, gives: {channel: X}}"), ElementsAre("L004"));
  EXPECT_THAT(codes("{id: a, title: b, gives: {event-id: 1}}"), ElementsAre("L004"));
  EXPECT_THAT(codes("{id: a, title: b, gives: {log: nowhere}}"), ElementsAre("L005"));
  EXPECT_THAT(codes("{id: a, title: b, gives: {channel: X, event-id: one}}"), ElementsAre("L007"));
  EXPECT_THAT(codes("{id: a, title: b, gives: {channel: X, reach-days: -1}}"), ElementsAre("L007"));
  EXPECT_THAT(codes("{id: a, title: b, gives: X}"), ElementsAre("L002"));
  EXPECT_THAT(codes("not a mapping"), ElementsAre("L002"));
}

}  // namespace
}  // namespace tocsin::sigma
