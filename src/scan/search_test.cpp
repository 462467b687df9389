#include "scan/search.hpp"

#include "scan/answers_testing.hpp"
#include "scan/finding_codec.hpp"
#include "scan/search_query.hpp"
#include "tests/makers/evtx_writer.hpp"

namespace tocsin::scanning {
namespace {

using testing::MadeEvent;
namespace value = makers::value;

class SearchTest : public testing::AnswerTest {
 protected:
  std::unique_ptr<SearchResult> found(SearchOptions options, unsigned threads = 1, std::uint64_t unit_bytes = 0) const {
    options.evidence = evidence(threads, unit_bytes);
    auto result = run_search(options, nullptr, nullptr);
    EXPECT_TRUE(result) << result.error().message;
    return std::move(*result);
  }
  // The command lines (or any first value) of the hits in order; "-" for what is only near.
  std::vector<std::string> lines(const SearchOptions& options) const {
    std::vector<std::string> out;
    EXPECT_TRUE(found(options)->each_hit([&](const Finding& hit) -> Result<void> {
      out.push_back((hit.matches.empty() ? "-" : "") + hit.notes.at(0));
      return {};
    }));
    return out;
  }
  using Lines = std::vector<std::string>;
};

SearchOptions patterns(std::vector<std::string> texts) {
  SearchOptions options;
  options.patterns = std::move(texts);
  return options;
}

MadeEvent process(const std::string& line, int second = 0, const std::string& host = "SRV1") {
  return {.channel = "Microsoft-Windows-Sysmon/Operational",
          .host = host,
          .time = "2021-07-19T12:" + std::string(second / 60 < 10 ? "0" : "") + std::to_string(second / 60) + ":" +
                  std::string(second % 60 < 10 ? "0" : "") + std::to_string(second % 60) + ".0000000Z",
          .id = 1,
          .data = {{"CommandLine", line}, {"Image", "C:\\Windows\\cmd.exe"}},
          .provider = "Microsoft-Windows-Sysmon"};
}

TEST_F(SearchTest, TextIsLookedForInEveryValueWithoutCase) {
  write("a.ndjson", std::vector{process("run MimiKatz now", 2), process("dir", 1), process("x mimikatz", 0)});
  EXPECT_EQ(lines(patterns({"mimikatz"})), (Lines{"CommandLine: x mimikatz", "CommandLine: run MimiKatz now"}));
  EXPECT_EQ(lines(patterns({"run*now"})), (Lines{"CommandLine: run MimiKatz now"}));
  EXPECT_EQ(lines(patterns({"nobody"})), Lines{});
  SearchOptions cased = patterns({"mimikatz"});
  cased.cased = true;
  EXPECT_EQ(lines(cased), (Lines{"CommandLine: x mimikatz"}));
}

TEST_F(SearchTest, AFieldsPatternIsForAllOfItsValue) {
  write("a.ndjson", std::vector{process("dir", 0), process("cmd /c dir", 1)});
  EXPECT_EQ(lines(patterns({"CommandLine=dir"})), (Lines{"CommandLine: dir"}));
  EXPECT_EQ(lines(patterns({"commandline=*DIR"})), (Lines{"CommandLine: dir", "CommandLine: cmd /c dir"}));
  EXPECT_EQ(lines(patterns({"EventData.CommandLine=cmd*"})), (Lines{"CommandLine: cmd /c dir"}));
  EXPECT_EQ(lines(patterns({"Line=dir"})), Lines{});
  EXPECT_EQ(lines(patterns({"EventID=1"})).size(), 2U);
  EXPECT_EQ(lines(patterns({"EventID=2"})).size(), 0U);
  EXPECT_EQ(lines(patterns({"Provider_Name=*sysmon", "channel=*/operational", "COMPUTER=srv1"})).size(), 2U);
}

TEST_F(SearchTest, AllPatternsAnyPatternAndUnwantedOnes) {
  write("a.ndjson", std::vector{process("alpha beta", 0), process("alpha", 1), process("beta", 2)});
  SearchOptions options = patterns({"alpha", "beta"});
  EXPECT_EQ(lines(options), (Lines{"CommandLine: alpha beta"}));
  options.any = true;
  EXPECT_EQ(lines(options).size(), 3U);
  options.unwanted = {"CommandLine=* *"};
  EXPECT_EQ(lines(options), (Lines{"CommandLine: alpha", "CommandLine: beta"}));
  options.unwanted = {"EventID=1"};
  EXPECT_EQ(lines(options), Lines{});
}

TEST_F(SearchTest, ExpressionsAndPlainText) {
  write("a.ndjson", std::vector{process("-x=12", 0), process("-x=ab", 1)});
  SearchOptions options = patterns({"-x=[0-9]+$"});
  options.regex = true;
  EXPECT_EQ(lines(options), (Lines{"CommandLine: -x=12"}));
  options.patterns = {"CommandLine=[a-b]{2}"};
  EXPECT_EQ(lines(options), (Lines{"CommandLine: -x=ab"}));
  options = patterns({"x=ab"});
  EXPECT_EQ(lines(options), Lines{});  // there is no field x
  options.plain = true;
  EXPECT_EQ(lines(options), (Lines{"CommandLine: -x=ab"}));
}

TEST_F(SearchTest, WhatIsNearIsOfTheSameHostAndFromAnyFile) {
  write("a.ndjson", std::vector{process("needle", 60), process("far", 400)});
  write("b.ndjson", std::vector{process("before", 50), process("elsewhere", 60, "SRV2"), process("after", 70)});
  SearchOptions options = patterns({"needle"});
  options.around = std::int64_t{10} * 10'000'000;
  EXPECT_EQ(lines(options), (Lines{"-CommandLine: before", "CommandLine: needle", "-CommandLine: after"}));
  options.around = std::int64_t{9} * 10'000'000;
  EXPECT_EQ(lines(options), (Lines{"CommandLine: needle"}));
  options.evidence.paths = {"-"};
  const auto refused = run_search(options, nullptr, nullptr);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("read only once"), std::string::npos);
}

TEST_F(SearchTest, TheEarliestHitsAreKeptAndAllAreCounted) {
  write("a.ndjson", std::vector{process("one", 5), process("one", 3), process("one", 4)});
  SearchOptions options = patterns({"one"});
  options.most = 2;
  const auto result = found(options);
  EXPECT_EQ(result->hits(), 3U);
  std::vector<std::string> times;
  ASSERT_TRUE(result->each_hit([&](const Finding& hit) -> Result<void> {
    times.push_back(format_time(*hit.time).substr(11, 8));
    return {};
  }));
  EXPECT_EQ(times, (std::vector<std::string>{"12:00:03", "12:00:04"}));
}

TEST_F(SearchTest, AUnitIsOnlyPassedOverWhereItCannotHoldTheText) {
  makers::EvtxWriter writer;
  for (const char* line : {"nothing", "whoami /all", "WHOAMI", "\xE2\x84\xAA-elvin"}) {  // the Kelvin sign folds to k
    makers::EventSpec spec;
    spec.provider = "Microsoft-Windows-Sysmon";
    spec.channel = "Microsoft-Windows-Sysmon/Operational";
    spec.event_id = 1;
    spec.set("CommandLine", value::string(line));
    writer.add(spec);
  }
  write("a.evtx", writer.finish());
  write("b.ndjson", std::string(R"({"EventID":1,"CommandLine":"\u0077hoami"})") + "\n");
  EXPECT_EQ(found(patterns({"whoami"}))->hits(), 3U);
  EXPECT_EQ(found(patterns({"CommandLine=whoami*"}))->hits(), 3U);
  EXPECT_EQ(found(patterns({"k-elvin"}))->hits(), 1U);
  EXPECT_EQ(found(patterns({"quomodo"}))->hits(), 0U);
  const auto query = SearchQuery::make(patterns({"quomodo"}));
  ASSERT_TRUE(query);
  EXPECT_FALSE(query->may_be_in("json.ndjson", as_bytes("nothing of the kind")));
  EXPECT_TRUE(query->may_be_in("json.ndjson", as_bytes("a QUOmodo b")));
  EXPECT_TRUE(query->may_be_in("json.ndjson", as_bytes("\\u0071uomodo")));
  EXPECT_TRUE(query->may_be_in("csv", as_bytes("nothing of the kind")));
  EXPECT_TRUE(query->may_be_in("evtx", as_bytes(std::string_view("q\0u\0o\0m\0o\0d\0o\0", 14))));
  EXPECT_FALSE(query->may_be_in("evtx", as_bytes(std::string_view("q\0u\0o\0m\0o\0d\0e\0", 14))));
}

TEST_F(SearchTest, ARecordIsOnlyPassedOverWhereItCannotHoldTheText) {
  const std::string texts[] = {R"("lsass.exe")",      R"("C:\Windows\LSASS.EXE -x")",  "\"l\u017F\x61ss.exe\"",
                               R"("\u006csass.exe")", R"("l\u017Fass.exe")",           R"("<a>&#108;sass.exe</a>")",
                               R"("lsass_exe")",      R"(["a", {"b": "xlsass.exey"}])"};
  std::string lines;
  for (const std::string& text : texts) lines += R"({"EventID":1,"CommandLine":)" + text + "}\n";
  write("a.ndjson", lines);
  EXPECT_EQ(found(patterns({"lsass.exe"}))->hits(), 6U);  // the entity is text here, and "_" is no dot
  EXPECT_EQ(found(patterns({"&#108;sass.exe"}))->hits(), 1U);
  write("b.ndjson",
        R"({"EventID":1,"flag":false,"none":null,"size":1e3,"when":"2021-07-19T12:00:00Z"})" + std::string("\n"));
  EXPECT_EQ(found(patterns({"false"}))->hits(), 1U);
  EXPECT_EQ(found(patterns({"07-19T12"}))->hits(), 1U);
  const auto query = SearchQuery::make(patterns({"lsass.exe"}));
  ASSERT_TRUE(query);
  EXPECT_FALSE(query->may_be_in("json.ndjson", as_bytes(R"({"CommandLine":"lsass_exe"})")));
  EXPECT_TRUE(query->may_be_in("json.ndjson", as_bytes("l\xC5\xBF"
                                                       "ass.exe")));
  EXPECT_TRUE(query->may_be_in("json.ndjson", as_bytes(std::string_view("l\0s\0", 4))));
  const auto bare = SearchQuery::make(patterns({"fals"}));
  EXPECT_TRUE(bare->may_be_in("json.ndjson", as_bytes("nothing of the kind")));
}

TEST_F(SearchTest, SameHitsOnAnyNumberOfThreads) {
  std::vector<MadeEvent> events;
  for (int i = 0; i < 500; ++i)
    events.push_back(process(i % 7 == 0 ? "needle" : "hay", i % 90, i % 2 == 0 ? "A" : "B"));
  write("a.ndjson", events);
  write("b.ndjson", events);
  SearchOptions options = patterns({"needle"});
  options.around = 10'000'000;
  options.full_events = true;
  std::string expected;
  for (const unsigned threads : {1U, 2U, 7U}) {
    for (const std::uint64_t unit_bytes : {0U, 700U}) {
      std::string got;
      ASSERT_TRUE(found(options, threads, unit_bytes)->each_hit([&](const Finding& hit) -> Result<void> {
        got += encode_finding(hit);
        return {};
      }));
      if (expected.empty()) expected = got;
      EXPECT_FALSE(got.empty());
      EXPECT_EQ(got, expected) << threads << " threads, units of " << unit_bytes;
    }
  }
}

TEST(SearchQueryTest, RefusesWhatItCannotLookFor) {
  const auto message = [](const SearchOptions& options) {
    const auto query = SearchQuery::make(options);
    return query ? std::string("accepted") : query.error().message;
  };
  EXPECT_EQ(message(patterns({""})), "the pattern is empty");
  EXPECT_EQ(message(patterns({})), "expected a pattern to search for");
  EXPECT_NE(message(patterns({std::string(5000, 'x')})).find("more than 4096"), std::string::npos);
  EXPECT_NE(message(patterns(std::vector<std::string>(100, "x"))).find("at most 64 patterns"), std::string::npos);
  SearchOptions options = patterns({"(?=x)"});
  options.regex = true;
  EXPECT_NE(message(options).find("look-ahead"), std::string::npos);
}

}  // namespace
}  // namespace tocsin::scanning
