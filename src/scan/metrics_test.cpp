#include "scan/metrics.hpp"

#include <gmock/gmock.h>

#include "scan/answers_testing.hpp"
#include "scan/enable.hpp"
#include "scan/known_events.hpp"

namespace tocsin::scanning {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MadeEvent;

class MetricsTest : public testing::AnswerTest {
 protected:
  Metrics counted(const EvidenceOptions& options) const {
    ReadingInputs inputs;
    inputs.evidence = &options;
    auto result = run_metrics(inputs);
    EXPECT_TRUE(result) << result.error().message;
    return std::move(*result);
  }
};

const Metrics::Missing* lack_of(const Metrics& metrics, std::string_view what) {
  for (const Metrics::Missing& lack : metrics.missing) {
    if (lack.what == what) return &lack;
  }
  return nullptr;
}

std::string text_of(const Metrics& metrics) {
  std::string text;
  for (const auto* rows : {&metrics.channels, &metrics.event_ids, &metrics.hosts, &metrics.days}) {
    for (const Metrics::Row& row : *rows) {
      text += row.host + "|" + row.channel + "|" + row.provider + "|" + std::to_string(row.event_id.value_or(-1)) +
              "|" + row.name + "|" + std::to_string(row.events) + "|" + (row.first ? format_time(*row.first) : "") +
              "\n";
    }
  }
  for (const Metrics::Missing& lack : metrics.missing) text += lack.what + std::to_string(lack.without_channel.size());
  return text;
}

TEST_F(MetricsTest, CountsByChannelIdHostAndDay) {
  write("a.ndjson",
        std::vector<MadeEvent>{
            {.time = "2021-07-01T10:00:00Z"},
            {.host = "srv1", .time = "2021-07-01T11:00:00Z"},
            {.host = "SRV2", .time = "2021-07-03T00:00:00Z", .id = 4688},
            {.channel = "System", .time = "2021-07-03T09:00:00Z", .id = 7045, .provider = "Service Control Manager"}});
  const Metrics metrics = counted(evidence());
  ASSERT_EQ(metrics.channels.size(), 2U);
  EXPECT_EQ(metrics.channels[0].channel, "Security");
  EXPECT_EQ(metrics.channels[0].events, 3U);
  EXPECT_EQ(format_time(*metrics.channels[0].last), "2021-07-03T00:00:00.0000000Z");
  ASSERT_EQ(metrics.event_ids.size(), 3U);
  EXPECT_EQ(metrics.event_ids[0].name, "an account logged on");
  EXPECT_EQ(metrics.event_ids[2].name, "a service was installed");
  ASSERT_EQ(metrics.hosts.size(), 2U);  // names of hosts have no case
  EXPECT_EQ(metrics.hosts[0].events, 3U);
  ASSERT_EQ(metrics.days.size(), 2U);
  EXPECT_EQ(metrics.days[1].events, 2U);
  EXPECT_EQ(metrics.reading.events, 4U);
}

TEST_F(MetricsTest, SaysWhatAHostShouldHave) {
  write("a.ndjson",
        std::vector<MadeEvent>{
            {.host = "SRV1"}, {.channel = "Directory Service", .host = "DC1", .id = 1000}, {.host = "DC1"}});
  const Metrics metrics = counted(evidence());
  const Metrics::Missing* processes = lack_of(metrics, "process starts");
  ASSERT_NE(processes, nullptr);
  EXPECT_THAT(processes->without_channel, IsEmpty());
  EXPECT_THAT(processes->without_events, ElementsAre("DC1", "SRV1"));
  const Metrics::Missing* sysmon = lack_of(metrics, "Sysmon");
  ASSERT_NE(sysmon, nullptr);
  EXPECT_THAT(sysmon->without_channel, ElementsAre("DC1", "SRV1"));
  EXPECT_EQ(lack_of(metrics, "log-ons"), nullptr);
  const Metrics::Missing* kerberos = lack_of(metrics, "Kerberos tickets");
  ASSERT_NE(kerberos, nullptr);
  EXPECT_THAT(kerberos->without_events, ElementsAre("DC1"));  // asked of domain controllers only
}

std::vector<std::string> ids_of(const Metrics& metrics, const std::vector<std::uint32_t>& settings) {
  std::vector<std::string> ids;
  for (const std::uint32_t index : settings) ids.push_back(metrics.settings.at(index).id);
  return ids;
}

TEST_F(MetricsTest, NamesWhatWouldChangeIt) {
  write("a.ndjson", std::vector<MadeEvent>{{.host = "SRV1"}, {.channel = "System", .host = "SRV2", .id = 7045}});
  const Metrics metrics = counted(evidence());
  const Metrics::Missing* processes = lack_of(metrics, "process starts");
  ASSERT_NE(processes, nullptr);
  EXPECT_THAT(processes->without_channel, ElementsAre("SRV2"));
  EXPECT_THAT(processes->without_events, ElementsAre("SRV1"));
  EXPECT_THAT(ids_of(metrics, processes->for_channel), ElementsAre("fetch-security"));
  EXPECT_THAT(ids_of(metrics, processes->for_events), ElementsAre("audit-process-creation"));
  const Metrics::Missing* logons = lack_of(metrics, "log-ons");
  ASSERT_NE(logons, nullptr);
  EXPECT_THAT(logons->for_events, IsEmpty());  // whoever has the log has them
  const Metrics::Missing* sysmon = lack_of(metrics, "Sysmon");
  ASSERT_NE(sysmon, nullptr);
  EXPECT_THAT(ids_of(metrics, sysmon->for_channel), ElementsAre("sysmon"));
}

// Who has 4624 has "Audit Logon" on, for successes at least.
TEST_F(MetricsTest, TellsWhatIsOnAtLeastInPart) {
  write("a.ndjson", std::vector<MadeEvent>{{.host = "SRV1", .id = 4624}});
  const Metrics one = counted(evidence());
  const Metrics::Missing* failures = lack_of(one, "failed log-ons");
  ASSERT_NE(failures, nullptr);
  EXPECT_THAT(ids_of(one, failures->for_events), ElementsAre("audit-logon"));
  EXPECT_EQ(failures->partly_on, failures->for_events);
  EXPECT_THAT(lack_of(one, "process starts")->partly_on, IsEmpty());
  write("b.ndjson", std::vector<MadeEvent>{{.host = "SRV2", .id = 4688}});
  const Metrics two = counted(evidence());
  EXPECT_THAT(lack_of(two, "failed log-ons")->partly_on, IsEmpty());  // not on all that lack them
}

// What only Windows itself can write (a service, a start) needs no switch; all else has one.
TEST_F(MetricsTest, EachLogThatCanBeHadHasASetting) {
  write("a.ndjson", std::vector<MadeEvent>{
                        {.channel = "Directory Service", .id = 1000}, {.id = 1}, {.channel = "System", .id = 1}});
  const Metrics metrics = counted(evidence());
  ASSERT_GT(metrics.missing.size(), 20U);
  for (const Metrics::Missing& lack : metrics.missing) {
    EXPECT_TRUE(lack.without_channel.empty() || !lack.for_channel.empty()) << lack.what;
    EXPECT_TRUE(lack.channel != "Security" || !lack.for_events.empty()) << lack.what;
  }
}

TEST(NameSettings, OnlyThoseOfWindowsThatGiveTheEventsThemselves) {
  const auto setting = [](const char* id, const char* product, std::vector<std::int64_t> events) {
    Setting made;
    made.id = id, made.product = product, made.channels = {"A/B"}, made.event_ids = std::move(events);
    return made;
  };
  std::vector<Setting> known{setting("log", "windows", {}),    setting("other", "linux", {}),
                             setting("size", "windows", {}),   setting("event", "windows", {7, 8}),
                             setting("field", "windows", {7}), setting("not", "windows", {9})};
  known[2].reach_days = 30;
  known[4].fields = {"CommandLine"};
  Metrics metrics;
  metrics.missing = {{"x", "", "a/b", {8}, {"H1"}, {"H2"}, {}, {}, {}}, {"y", "", "A/B", {1}, {}, {"H2"}, {}, {}, {}}};
  name_settings(metrics, known, [](std::string_view, std::string_view, std::int64_t) { return false; });
  EXPECT_THAT(ids_of(metrics, metrics.missing[0].for_channel), ElementsAre("log"));
  EXPECT_THAT(ids_of(metrics, metrics.missing[0].for_events), ElementsAre("event"));
  EXPECT_THAT(metrics.missing[1].for_channel, IsEmpty());
  EXPECT_THAT(metrics.missing[1].for_events, IsEmpty());
  EXPECT_EQ(metrics.settings.size(), 2U);
}

TEST_F(MetricsTest, FiltersDoNotMakeALogAbsent) {
  write("a.ndjson", std::vector<MadeEvent>{{.id = 4624}, {.channel = "Application", .id = 1}});
  EvidenceOptions options = evidence();
  options.channels = {"Application"};
  const Metrics metrics = counted(options);
  ASSERT_EQ(metrics.channels.size(), 1U);
  EXPECT_EQ(metrics.channels[0].channel, "Application");
  EXPECT_EQ(lack_of(metrics, "log-ons"), nullptr);
}

TEST_F(MetricsTest, TheSameOnAnyNumberOfThreadsAndBoundedForManyNames) {
  std::vector<MadeEvent> events;
  for (int i = 0; i < 60'000; ++i) events.push_back({.host = "H" + std::to_string(i), .id = i % 3});
  write("a.ndjson", events);
  std::string expected;
  for (const unsigned threads : {1U, 4U}) {
    const Metrics metrics = counted(evidence(threads));
    EXPECT_EQ(metrics.hosts.size(), 50'000U);
    EXPECT_EQ(metrics.not_told_apart, 10'000U);
    const std::string got = text_of(metrics);
    if (expected.empty()) expected = got;
    EXPECT_EQ(got, expected);
  }
}

TEST(KnownEventsTest, BuiltinTableIsSoundAndWrongOnesAreRefused) {
  const KnownEvents& known = KnownEvents::builtin();
  EXPECT_EQ(known.name("SECURITY", "", 1102), "the security log was cleared");
  EXPECT_EQ(known.name("System", "eventlog", 6005), "the event log service started");
  EXPECT_EQ(known.name("System", "other", 6005), "");
  EXPECT_GT(known.expected().size(), 20U);
  const auto message = [](std::string_view text) {
    const auto parsed = KnownEvents::parse(text);
    return parsed ? std::string() : parsed.error().place + " " + parsed.error().message;
  };
  EXPECT_EQ(message("names: 1\n"), "windows-events.yml:1:8 expected a list");
  EXPECT_EQ(message("names:\n- channel: A\n  events: {x: y}\n"), "windows-events.yml:3:12 expected an event id");
  EXPECT_EQ(message("names:\n- channel: A\n  events: {1: y, 1: z}\n"),
            "windows-events.yml:3:18 expected each event id once");
  EXPECT_EQ(message("expected:\n- {what: x}\n"), "windows-events.yml:2:3 expected `what`, `channel` and `means`");
  EXPECT_NE(message("a: [").find("expected YAML"), std::string::npos);
}

}  // namespace
}  // namespace tocsin::scanning
