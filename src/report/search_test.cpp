// The hits of a search as text, JSON and CSV.
#include "report/answer_testing.hpp"

namespace tocsin::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class FakeSearch : public SearchResult {
 public:
  Reading reading_ = reading_of();
  std::vector<Finding> hits_;
  std::uint64_t met_ = 0;

  const Reading& reading() const override { return reading_; }
  std::uint64_t hits() const override { return met_; }
  Result<void> each_hit(const ResultView::Visitor<Finding>& visit) const override {
    for (const Finding& hit : hits_) TOCSIN_CHECK(visit(hit));
    return {};
  }

 private:
  static Reading reading_of() { return report::reading(); }
};

Finding hit(const char* time, const char* host, std::uint32_t source, std::int64_t id, std::vector<Match> matches) {
  Finding out;
  if (*time != '\0') out.time = at(time);
  out.computer = host, out.source = source, out.event_id = id;
  out.channel = "Microsoft-Windows-Sysmon/Operational", out.provider = "Microsoft-Windows-Sysmon";
  out.place = {PlaceKind::evtx, 700 + static_cast<std::uint64_t>(id), 3, Place::kNone, 4096, 512, false};
  out.matches = std::move(matches);
  out.notes = {"Image: C:\\Windows\\System32\\svchost.exe", "User: NT AUTHORITY\\SYSTEM"};
  return out;
}

Match met(const char* pattern, const char* field, std::string value, Span span) {
  Match match;
  match.pattern = pattern, match.event_field = field, match.value = std::move(value), match.span = span;
  return match;
}

FakeSearch found() {
  FakeSearch result;
  result.hits_ = {
      hit("2021-07-13T02:14:07.5Z", "MAIL01.campus.example", 0, 1,
          {met("whoami", "EventData.CommandLine", "cmd.exe /c \x1b[31mwhoami /all > \u202Eout.txt", {16, 22})}),
      hit("2021-07-13T02:14:30Z", "MAIL01.campus.example", 1, 5, {}),
      hit("", "FILES01.campus.example", 1, 4104,
          {met("EventID=4104", "EventID", "4104", {0, 4}),
           met("whoami", "EventData.ScriptBlockText", std::string(900, 'x') + "whoami", {900, 906})})};
  result.hits_[2].matches[1].value_from = 50'000, result.hits_[2].matches[1].value_size = 70'000;
  result.met_ = 2;
  return result;
}

Write search_writer(const FakeSearch& result, SearchOptions asked = {}) {
  if (asked.patterns.empty()) asked.patterns = {"whoami"};
  return [&result, asked](const ReportOptions& options, ByteSink& sink) {
    return write_search(result, asked, options, sink);
  };
}

TEST(SearchWriter, TextIsAsReviewedAndJsonAgrees) {
  const FakeSearch result = found();
  SearchOptions asked;
  asked.around = 60 * kSecond;
  expect_golden("search_100.txt", text_of(search_writer(result, asked)));
  expect_sound(search_writer(result), "tocsin.search");
}

TEST(SearchWriter, JsonHasPlaceAndSpan) {
  const FakeSearch result = found();
  SearchOptions asked;
  asked.patterns = {"whoami"}, asked.unwanted = {"not this"}, asked.full_events = true;
  const auto lines = lines_of(search_writer(result, asked));
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[0]["unwanted"], ordered({"not this"}));
  EXPECT_THAT(keys(lines[1]), ElementsAre("type", "time", "host", "channel", "provider", "event_id", "source", "place",
                                          "matches", "event"));
  EXPECT_EQ(lines[1]["type"], "hit");
  EXPECT_EQ(lines[2]["type"], "near");
  EXPECT_TRUE(lines[2]["matches"].empty());
  EXPECT_TRUE(lines[3]["time"].is_null());
  EXPECT_EQ(lines[3]["matches"][1]["value_size"], 70'000);
  EXPECT_THAT(keys(lines[1]["matches"][0]), ElementsAre("pattern", "event_field", "value", "span"));
  EXPECT_EQ(lines[4]["hits"], 2);
  EXPECT_EQ(lines[4]["anomalies"], 3);
}

TEST(SearchWriter, SaysThatOnlyTheFirstAreShown) {
  FakeSearch result = found();
  result.met_ = 1'234;
  SearchOptions asked;
  asked.most = 2;
  EXPECT_THAT(text_of(search_writer(result, asked)), HasSubstr("1,234 hits, the first 2 are shown"));
  EXPECT_THAT(text_of(search_writer(FakeSearch())), ::testing::StartsWith("0 hits\n"));
}

// The value that says most, not the event id; a formula is guarded.
TEST(SearchWriter, CsvHasALineAHit) {
  FakeSearch result = found();
  result.hits_[0].computer = "=cmd()";
  std::istringstream csv(written(search_writer(result), {ReportFormat::csv}));
  std::vector<std::string> lines;
  for (std::string line; std::getline(csv, line);) lines.push_back(line);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_THAT(lines[1], HasSubstr(",'=cmd(),"));
  EXPECT_THAT(lines[3], HasSubstr("EventData.ScriptBlockText"));
}

}  // namespace
}  // namespace tocsin::report
