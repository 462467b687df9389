// Metrics as text and JSON.
#include "report/answer_testing.hpp"

namespace tocsin::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Metrics counted_metrics() {
  Metrics out;
  out.reading = reading();
  const auto row = [](std::uint64_t events) {
    Metrics::Row made;
    made.events = events;
    made.first = at("2021-07-05T00:00:46Z"), made.last = at("2021-07-19T20:51:36Z");
    return made;
  };
  out.channels = {row(17'000), row(213)};
  out.channels[0].channel = "Security", out.channels[1].channel = "\x1b[2JOdd";
  out.event_ids = {row(16'000), row(1'213)};
  out.event_ids[0].channel = "Security", out.event_ids[0].event_id = 4624, out.event_ids[0].provider = "P";
  out.event_ids[0].name = "an account logged on";
  out.event_ids[1].provider = "Other-Provider";
  out.hosts = {row(17'213)};
  out.hosts[0].host = "DC01.campus.example";
  out.days = {row(17'000), row(213)};
  out.days[0].first = at("2021-07-05T00:00:00Z"), out.days[1].first = at("2021-07-09T00:00:00Z");
  out.days[0].last = out.days[1].last = std::nullopt;
  Setting audit, sysmon;
  audit.id = "audit-x", audit.title = "Audit X (success)", audit.command = "auditpol /set /x", audit.cost = "little";
  audit.on_by_default = true;
  sysmon.id = "sysmon", sysmon.title = "Sysmon", sysmon.fetch = "Sysmon.evtx", sysmon.command = "sysmon64 -i";
  out.settings = {audit, sysmon};
  out.missing = {{"first", "a cannot be seen", "Security", {1, 2}, {}, {"DC01.campus.example", "B"}, {}, {0}, {}},
                 {"second", "b cannot be seen", "Security", {3}, {}, {"B"}, {}, {0}, {0}},
                 {"third", "c is not here", "Microsoft-Windows-Sysmon/Operational", {}, {"B"}, {}, {1}, {}, {}}};
  out.not_told_apart = 7;
  return out;
}

Write metrics_writer(const Metrics& metrics, AnswerView view = {}) {
  return [&metrics, view](const ReportOptions& options, ByteSink& sink) {
    return write_metrics(metrics, view, options, sink);
  };
}

TEST(MetricsWriter, TextIsAsReviewedAndJsonAgrees) {
  const Metrics metrics = counted_metrics();
  expect_golden("metrics_100.txt", text_of(metrics_writer(metrics)));
  expect_sound(metrics_writer(metrics), "tocsin.metrics");
}

TEST(MetricsWriter, JsonRowsHaveTheirKeys) {
  const Metrics metrics = counted_metrics();
  std::map<std::string, std::vector<std::string>> of_type;
  const auto lines = lines_of(metrics_writer(metrics));
  for (const ordered& line : lines) of_type.emplace(line["type"], keys(line));
  EXPECT_THAT(of_type["channel"], ElementsAre("type", "channel", "events", "first_time", "last_time"));
  EXPECT_THAT(of_type["event_id"],
              ElementsAre("type", "channel", "provider", "event_id", "name", "events", "first_time", "last_time"));
  EXPECT_THAT(of_type["host"], ElementsAre("type", "host", "events", "first_time", "last_time"));
  EXPECT_THAT(of_type["day"], ElementsAre("type", "day", "events"));
  EXPECT_THAT(of_type["missing"], ElementsAre("type", "what", "channel", "event_ids", "means", "without_channel",
                                              "without_events", "for_channel", "for_events", "partly_on"));
  EXPECT_THAT(of_type["setting"], ElementsAre("type", "id", "title", "fetch", "command", "cost", "on_by_default"));
  EXPECT_EQ(lines.back()["not_told_apart"], 7);
}

TEST(MetricsWriter, ByShowsOnePartAlone) {
  const Metrics metrics = counted_metrics();
  for (const auto& [by, type, heading] :
       {std::tuple(AnswerView::By::channel, "channel", "CHANNELS"), std::tuple(AnswerView::By::day, "day", "DAYS"),
        std::tuple(AnswerView::By::host, "host", "HOSTS"),
        std::tuple(AnswerView::By::event_id, "event_id", "EVENT IDS"),
        std::tuple(AnswerView::By::missing, "missing", "ABSENT")}) {
    const std::string text = text_of(metrics_writer(metrics, {by, false}));
    for (const char* other : {"CHANNELS", "DAYS", "HOSTS", "EVENT IDS", "ABSENT"}) {
      EXPECT_EQ(text.find(std::string("\n") + other) != std::string::npos, other == std::string_view(heading));
    }
    for (const ordered& line : lines_of(metrics_writer(metrics, {by, false}))) {
      const std::string is = line["type"];
      EXPECT_TRUE(is == type || is == "header" || is == "summary" || (is == "setting" && heading[0] == 'A')) << is;
    }
  }
}

TEST(MetricsWriter, ManyRowsAreCutUnlessAllAreAsked) {
  Metrics metrics = counted_metrics();
  metrics.channels.assign(30, metrics.channels[0]);
  for (std::size_t i = 0; i < 30; ++i) metrics.channels[i].channel = "C" + std::to_string(i);
  EXPECT_THAT(text_of(metrics_writer(metrics)), HasSubstr("and 5 more with 85,000 events; --all shows them"));
  EXPECT_THAT(text_of(metrics_writer(metrics, {std::nullopt, true})), HasSubstr("C29"));
  EXPECT_EQ(lines_of(metrics_writer(metrics, {AnswerView::By::channel, false})).size(), 32U);  // machines get all
}

}  // namespace
}  // namespace tocsin::report
