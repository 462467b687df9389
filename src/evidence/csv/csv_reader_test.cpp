// Tables of events: rows and their places, what is recognised, what Get-WinEvent's messages and times give, damage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/csv/reader.hpp"
#include "evidence/csv/table.hpp"
#include "evidence/json/json_testing.hpp"
#include "evidence/json/message_text.hpp"
#include "evidence/json/time_text.hpp"
#include "tests/makers/event_xml.hpp"
#include "tests/makers/samples.hpp"
#include "tests/makers/table_export.hpp"

namespace tocsin::evidence {
namespace {

using json_testing::codes;
using json_testing::read_with;
using json_testing::Seen;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

const std::string kHead = "Id,LogName,ProviderName,RecordId,Message\n";

class CsvReaderTest : public ::testing::Test, protected json_testing::JsonFixture {
 protected:
  Seen read(std::string_view text, std::size_t block = 4096) { return read_with(csv_reader(), text, options, block); }
};

TEST_F(CsvReaderTest, FormsInWhichItIsHandedIn) {
  want({"EventID", "Image", "CommandLine", "NewProcessName", "ProcessId", "TargetUserName", "IpAddress", "LogonType",
        "ImagePath", "SubjectUserName"});
  const std::vector<makers::EventSpec> specs{makers::samples::process_creation(), makers::samples::audit_process(),
                                             makers::samples::logon(), makers::samples::service_install(),
                                             makers::samples::log_cleared()};
  for (const std::string& text :
       {makers::evtxecmd_csv(specs), makers::get_winevent_csv(specs), makers::get_winevent_csv(specs, nullptr, ';'),
        makers::utf16(makers::get_winevent_csv(specs, nullptr, '\t')),
        makers::utf16(makers::evtxecmd_csv(specs), true)}) {
    for (const std::size_t block : {std::size_t{1}, std::size_t{13}, text.size()}) {
      const Seen seen = read(text, block);
      EXPECT_THAT(codes(seen), IsEmpty());
      EXPECT_EQ(seen.format, "csv.rows");
      ASSERT_EQ(seen.events.size(), specs.size());
      for (std::size_t i = 0; i < specs.size(); ++i) {
        EXPECT_EQ(seen.events[i].product, "windows");
        EXPECT_EQ(seen.events[i].channel, specs[i].channel);
        EXPECT_EQ(seen.events[i].provider, specs[i].provider);
        EXPECT_EQ(seen.events[i].computer, specs[i].computer);
        EXPECT_EQ(seen.events[i].event_id, specs[i].event_id);
        EXPECT_EQ(seen.events[i].time, specs[i].time);
        EXPECT_EQ(seen.events[i].place.kind, PlaceKind::row);
      }
      EXPECT_THAT(texts(seen.events[0], "CommandLine"), ElementsAre(specs[0].find("CommandLine")->text));
      EXPECT_THAT(texts(seen.events[0], "Image"), ElementsAre("C:\\Windows\\System32\\cmd.exe"));
      EXPECT_THAT(texts(seen.events[1], "NewProcessName"), ElementsAre("C:\\Windows\\System32\\cmd.exe"));
      EXPECT_THAT(texts(seen.events[1], "ProcessId"), ElementsAre(specs[1].find("ProcessId")->text));
      EXPECT_THAT(texts(seen.events[2], "TargetUserName"), ElementsAre("k.weiß"));
      EXPECT_THAT(texts(seen.events[2], "IpAddress"), ElementsAre("192.0.2.77"));
      EXPECT_THAT(texts(seen.events[2], "LogonType"), ElementsAre("3"));
      EXPECT_THAT(texts(seen.events[3], "ImagePath"), ElementsAre("%SystemRoot%\\Temp\\ph.exe"));
      EXPECT_THAT(texts(seen.events[4], "SubjectUserName"), ElementsAre("Administrator"));
    }
  }
}

TEST_F(CsvReaderTest, PlacesAreExact) {
  const std::string first = "1,a,b,7,\"two\nlines\"", second = "2,c,d,8,\"say \"\"x\"\"\"";
  const Seen seen = read(kHead + first + "\r\n\n" + second, 3);
  ASSERT_EQ(seen.events.size(), 2U);
  EXPECT_EQ(seen.events[0].place.offset, kHead.size());
  EXPECT_EQ(seen.events[0].place.length, first.size());
  EXPECT_EQ(seen.events[0].place.record, 2U);
  EXPECT_EQ(seen.events[0].place.line, 2U);
  EXPECT_EQ(seen.events[1].place.offset, kHead.size() + first.size() + 3);
  EXPECT_EQ(seen.events[1].place.line, 5U);
  EXPECT_EQ(seen.events[1].raw, second);
  EXPECT_EQ(seen.events[1].json, R"({"Id":"2","LogName":"c","ProviderName":"d","RecordId":"8","Message":"say \"x\""})");
}

TEST_F(CsvReaderTest, DamageCostsItsRowOnly) {
  const std::string good = "1,a,b,7,m\n";
  struct Case {
    std::string rows;
    const char* code;
    std::size_t offset, skipped, events;
  };
  for (const Case& one : {Case{"1,a,b,7,\"m\n1,a,b,7,m\n2,a,b,8,\"n\"\n1,a,b,7,m\n", "csv_open_quote", 0, 21, 2},
                          {"1,a,b,7,m\n1,a,b,7,\"m\n1,a,b,7,m\n", "csv_open_quote", 10, 21, 1},
                          {"1,a,b\n" + good, "csv_columns", 0, 5, 1},
                          {"1,a,b,7,m\n1,a,b,7,m,x\n1,a,b,7,m\n", "csv_columns", 10, 11, 2},
                          {good + "1,a", "csv_columns", 10, 3, 1}}) {
    for (const std::size_t block : {std::size_t{1}, std::size_t{4096}}) {
      const Seen seen = read(kHead + one.rows, block);
      ASSERT_THAT(codes(seen), ElementsAre(one.code)) << one.rows;
      EXPECT_EQ(seen.anomalies[0].offset, kHead.size() + one.offset) << one.rows;
      EXPECT_EQ(seen.anomalies[0].skipped, one.skipped) << one.rows;
      EXPECT_EQ(seen.events.size(), one.events) << one.rows;
    }
  }
  EXPECT_THAT(read(kHead + "1,a\n").anomalies.at(0).message, HasSubstr("expected 5 fields, found 2"));
}

TEST_F(CsvReaderTest, ARowOverTheLimitIsPassedOver) {
  std::string large = "1,a,b,7,\"";
  while (large.size() < csv::kMaxRowBytes + 100) large += "some text that has no end\n";
  const Seen seen = read(kHead + "1,a,b,7,m\n" + large + "x\"\n1,a,b,7,m\n", std::size_t{1} << 20);
  EXPECT_THAT(codes(seen), Contains("csv_row_too_large"));
  EXPECT_EQ(seen.events.size(), 2U);
}

TEST_F(CsvReaderTest, LenientAboutQuotes) {
  want({"Message", "Channel"});
  const Seen seen = read(kHead + "1,\"a\",b,7,\"say \"x\" now\"\n1,a\"b,c,7,plain \"quotes\"\n");
  EXPECT_THAT(codes(seen), IsEmpty());
  ASSERT_EQ(seen.events.size(), 2U);
  EXPECT_THAT(texts(seen.events[0], "Message"), ElementsAre("say \"x\" now"));
  EXPECT_THAT(texts(seen.events[1], "Channel"), ElementsAre("a\"b"));
  EXPECT_THAT(texts(seen.events[1], "Message"), ElementsAre("plain \"quotes\""));
}

TEST_F(CsvReaderTest, IsToldByItsColumns) {
  const auto confidence = [](std::string_view text) {
    Sample sample;
    sample.head = as_bytes(text);
    sample.whole = true;
    return csv_reader().recognise(sample).confidence;
  };
  EXPECT_GT(confidence(kHead), 0);
  EXPECT_GT(confidence("#TYPE x\r\n\"Id\";\"LogName\";\"ProviderName\";\"MachineName\"\r\n"), 0);
  EXPECT_GT(confidence("ActionType,DeviceName,ReportId,FileName\nProcessCreated,d,1,f\n"), 0);
  EXPECT_EQ(confidence("name,value,comment\na,b,c\n"), 0);
  EXPECT_EQ(confidence("Id,Id,LogName,ProviderName\n"), 0);
  EXPECT_EQ(confidence("just a text, with commas, and such\n"), 0);
  EXPECT_EQ(confidence("{\"Id\":1,\"LogName\":2,\"ProviderName\":3}"), 0);
  EXPECT_EQ(confidence(""), 0);
}

// A date that does not say its order is not guessed; a mapping may say it.
TEST_F(CsvReaderTest, LocalTimes) {
  const std::vector<makers::EventSpec> specs{makers::samples::logon(), makers::samples::logon()};
  for (const makers::TimeWriter writer : {makers::us_time, makers::german_time}) {
    const Seen seen = read(makers::get_winevent_csv(specs, writer));
    EXPECT_THAT(codes(seen), Each("csv_local_time"));
    EXPECT_EQ(seen.anomalies.size(), 2U);
    EXPECT_THAT(seen.anomalies[0].message, HasSubstr(writer(specs[0].time)));
    EXPECT_THAT(seen.anomalies[0].remedy, HasSubstr("--mapping"));
    ASSERT_EQ(seen.events.size(), 2U);
    EXPECT_FALSE(seen.events[0].time);
  }
  const std::pair<std::string, makers::TimeWriter> orders[] = {{"mdy", makers::us_time}, {"dmy", makers::german_time}};
  for (const auto& [order, writer] : orders) {
    const std::string mapping =
        "shape: mine\nlike: get_winevent_security\nrecognise: [Id, LogName]\n"
        "head: {time: {path: TimeCreated, order: " +
        order + "}}\n";
    const Result<ShapeSet> own = ShapeSet::parse("mine.yml", mapping, &ShapeSet::builtin());
    ASSERT_TRUE(own) << own.error().message;
    options.shapes = &*own;
    const Seen seen = read(makers::get_winevent_csv(specs, writer));
    EXPECT_THAT(codes(seen), IsEmpty());
    EXPECT_EQ(format_time(seen.events.at(0).time.value()), "2021-07-13T02:14:07.0000000Z");
    options.shapes = nullptr;
  }
}

TEST(OrderedTime, ReadsWhatItIsToldAndNothingElse) {
  using enum DateOrder;
  const auto read = [](std::string_view text, DateOrder order) {
    const auto time = json::read_ordered_time(text, order);
    return time ? format_time(*time).substr(0, 19) : std::string();
  };
  EXPECT_EQ(read("7/13/2021 2:14:07 PM", month_day_year), "2021-07-13T14:14:07");
  EXPECT_EQ(read("7/13/2021 12:00:07 AM", month_day_year), "2021-07-13T00:00:07");
  EXPECT_EQ(read("13.07.2021 02:14:07", day_month_year), "2021-07-13T02:14:07");
  EXPECT_EQ(read("13/07/2021, 02:14", day_month_year), "2021-07-13T02:14:00");
  EXPECT_EQ(read("2021/07/13 2:14:07", year_month_day), "2021-07-13T02:14:07");
  EXPECT_EQ(read("13/07/2021 02:14:07", month_day_year), "");
  EXPECT_EQ(read("7/13/21 2:14:07 PM", month_day_year), "");
  EXPECT_EQ(read("7/13/2021 14:14:07 PM", month_day_year), "");
  EXPECT_EQ(read("7/13/2021", month_day_year), "");
  EXPECT_EQ(read("7/13/2021 2:14:07 XM", month_day_year), "");
  EXPECT_EQ(read("", month_day_year), "");
  EXPECT_EQ(read("7/13/2021 2:14:07", none), "");
}

// Event Viewer's exports: the log is told by the provider, the last column has no name.
TEST_F(CsvReaderTest, EventViewer) {
  want({"EventID", "Image", "NewProcessName", "TargetUserName", "ImagePath", "SubjectUserName", "ScriptBlockText",
        "ScriptBlockId", "MessageTotal", "Provider_Name"});
  const std::vector<makers::EventSpec> specs{
      makers::samples::process_creation(), makers::samples::audit_process(), makers::samples::logon(),
      makers::samples::service_install(),  makers::samples::log_cleared(),   makers::samples::script_block()};
  const auto iso = [](Timestamp time) { return format_time(time); };
  using enum makers::ViewerLanguage;
  for (const std::string& text :
       {makers::event_viewer_csv(specs, english, iso), makers::event_viewer_csv(specs, german, iso, ';'),
        makers::event_viewer_csv(specs, japanese, iso, '\t'),
        makers::utf16(makers::event_viewer_csv(specs, german, iso, '\t'))}) {
    for (const std::size_t block : {std::size_t{1}, text.size()}) {
      const Seen seen = read(text, block);
      EXPECT_THAT(codes(seen), IsEmpty());
      ASSERT_EQ(seen.events.size(), specs.size());
      for (std::size_t i = 0; i < specs.size(); ++i) {
        EXPECT_EQ(seen.events[i].channel, specs[i].channel);
        EXPECT_EQ(seen.events[i].provider, specs[i].provider);
        EXPECT_EQ(seen.events[i].event_id, specs[i].event_id);
        EXPECT_EQ(seen.events[i].time, specs[i].time);
        EXPECT_THAT(texts(seen.events[i], "EventID"), ElementsAre(std::to_string(specs[i].event_id)));
        EXPECT_THAT(texts(seen.events[i], "Provider_Name"), ElementsAre(specs[i].provider));
      }
      EXPECT_THAT(texts(seen.events[0], "Image"), ElementsAre("C:\\Windows\\System32\\cmd.exe"));
      EXPECT_THAT(texts(seen.events[1], "NewProcessName"), ElementsAre("C:\\Windows\\System32\\cmd.exe"));
      EXPECT_THAT(texts(seen.events[2], "TargetUserName"), ElementsAre("k.weiß"));
      EXPECT_THAT(texts(seen.events[3], "ImagePath"), ElementsAre("%SystemRoot%\\Temp\\ph.exe"));
      EXPECT_THAT(texts(seen.events[4], "SubjectUserName"), ElementsAre("Administrator"));
      EXPECT_THAT(texts(seen.events[5], "ScriptBlockText"), ElementsAre(specs[5].find("ScriptBlockText")->text));
      EXPECT_THAT(texts(seen.events[5], "ScriptBlockId"), ElementsAre(specs[5].find("ScriptBlockId")->text));
      EXPECT_THAT(texts(seen.events[5], "MessageTotal"), ElementsAre("1"));
    }
  }
}

// What a module logs, in the messages of Get-WinEvent and of Event Viewer.
TEST_F(CsvReaderTest, ModuleLogs) {
  want({"Payload", "ContextInfo", "UserData"});
  const std::string message =
      "\"CommandInvocation(Get-Item): \"\"Get-Item\"\"\n\n\nContext:\n        Severity = Informational\n        Host "
      "Name = "
      "ConsoleHost\n\n\nUser Data:\n\n\"";
  for (const std::string& text :
       {"\"Message\",\"Id\",\"ProviderName\",\"LogName\",\"MachineName\",\"RecordId\",\"TimeCreated\"\n" + message +
            ",4103,Microsoft-Windows-PowerShell,Microsoft-Windows-PowerShell/Operational,a,7,2021-07-13T02:14:07Z\n",
        "Level,Date and Time,Source,Event ID,Task "
        "Category\nInformation,2021-07-13T02:14:07Z,Microsoft-Windows-PowerShell,"
        "4103,None," +
            message + "\n"}) {
    const Seen seen = read(text);
    ASSERT_EQ(seen.events.size(), 1U) << text;
    EXPECT_THAT(texts(seen.events[0], "Payload"), ElementsAre("CommandInvocation(Get-Item): \"Get-Item\""));
    EXPECT_THAT(texts(seen.events[0], "ContextInfo"),
                ElementsAre("        Severity = Informational\n        Host Name = ConsoleHost"));
  }
}

TEST_F(CsvReaderTest, EventViewerDoesNotSayEverything) {
  want({"Message"});
  std::string text = "Keywords,Date and Time,Source,Event ID,Task Category\n";
  for (const char* const row :
       {",Microsoft-Windows-PrintService,808,None,\"a, b\"", ",Microsoft-Windows-Eventlog,1104,None,full",
        ",Microsoft-Windows-Eventlog,104,None", ",a,1,None,m,n"}) {
    text += "x,2021-07-13T02:14:07Z";
    text += row;
    text += '\n';
  }
  text += "x,7/13/2021 2:14:07 AM,ESENT,325,None,m\n";
  const Seen seen = read(text);
  EXPECT_THAT(codes(seen), ElementsAre("csv_unknown_log", "csv_columns", "csv_local_time"));
  EXPECT_THAT(seen.anomalies[0].message, HasSubstr("`Microsoft-Windows-PrintService`"));
  EXPECT_THAT(seen.anomalies[0].remedy, HasSubstr("EVTX"));
  ASSERT_EQ(seen.events.size(), 4U);
  EXPECT_EQ(seen.events[0].channel, "");
  EXPECT_THAT(texts(seen.events[0], "Message"), ElementsAre("a, b"));
  EXPECT_EQ(seen.events[1].channel, "Security");
  EXPECT_EQ(seen.events[2].channel, "System");
  EXPECT_THAT(texts(seen.events[2], "Message"), IsEmpty());  // the message's column may be missing
  EXPECT_EQ(seen.events[3].channel, "Application");
}

// What is behind "#text", or "-" where it is no script block; with its line breaks written as `feed`.
std::string script_block(std::string message, std::string_view feed) {
  for (std::size_t at = 0; (at = message.find('\n', at)) != std::string::npos; at += feed.size())
    message.replace(at, 1, feed);
  std::string out;
  return json::append_script_block(out, message) ? out.substr(out.find(",\"MessageNumber")) : out + "-";
}

TEST(ScriptBlock, IsToldByItsStructure) {
#define TOCSIN_ID "3f1e2c7a-0b9c-4e52-9d3f-51c4f0a6c001"
#define TOCSIN_TAIL "\n\nScriptBlock ID: " TOCSIN_ID "\nPath: C:\\a b\\c.ps1"
  for (const std::string_view feed : {"\r\n", "\n"}) {
    EXPECT_EQ(script_block("Text (2 of 13):\na" TOCSIN_TAIL, feed),
              R"(,"MessageNumber":"2","MessageTotal":"13","ScriptBlockText":"a","ScriptBlockId":")" TOCSIN_ID
              R"(","Path":"C:\\a b\\c.ps1"})");
    // What is in the script counts for nothing, and its own blank lines and blanks are kept.
    EXPECT_THAT(script_block("Wort (1 von 1):\n b " TOCSIN_TAIL "\nx" TOCSIN_TAIL "\n", feed),
                HasSubstr(R"(nx","ScriptBlockId":")" TOCSIN_ID));
    EXPECT_THAT(script_block("Wort (1 von 1):\n\n \tb \n" TOCSIN_TAIL, feed), HasSubstr(R"( \tb )"));
    EXPECT_THAT(script_block("1/1\n" TOCSIN_TAIL, feed), HasSubstr(R"("ScriptBlockText":"",)"));
    EXPECT_THAT(script_block("x (1 of 1):\na\n\nID: " TOCSIN_ID, feed), HasSubstr(R"("Path":"")"));
    for (const char* const wrong :
         {"Text (2 of 1):\na" TOCSIN_TAIL, "Text (0 of 1):\na" TOCSIN_TAIL, "Text (1):\na" TOCSIN_TAIL,
          "Text (1 of 99999999999):\na" TOCSIN_TAIL, "Text (1 of 1):\nScriptBlock ID: " TOCSIN_ID "\nPath: ",
          "Text (1 of 1):\na\nID: " TOCSIN_ID, "Text (1 of 1):\na\n\nID: 17",
          "Text (1 of 1):\na\n\nID: 3f1e2c7a-0b9c-4e52-9d3f-51c4f0a6c00g", "(1 of 1)", ""}) {
      EXPECT_EQ(script_block(wrong, feed), "-") << wrong;
    }
  }
#undef TOCSIN_TAIL
#undef TOCSIN_ID
}

std::string module_log(std::string message, std::string_view feed) {
  for (std::size_t at = 0; (at = message.find('\n', at)) != std::string::npos; at += feed.size())
    message.replace(at, 1, feed);
  std::string out;
  return json::append_module_log(out, message) ? out.substr(out.find(",\"ContextInfo")) : out + "-";
}

TEST(ModuleLog, IsToldByItsStructure) {
  for (const std::string_view feed : {"\r\n", "\n"}) {
    EXPECT_EQ(
        module_log("Call(Out-Host): \"Out-Host\"\n\n\nContext:\n        Severity = Informational\n\n\nUser Data:\n\n",
                   feed),
        R"(,"ContextInfo":"        Severity = Informational","UserData":"","Payload":"Call(Out-Host): \"Out-Host\""})");
    // Words of other languages; headings within what was called count for nothing.
    EXPECT_THAT(module_log("a\n\nb:\nc\n\nd:\ne\n\nKontext:\n  X = 1\n\nBenutzerdaten:\nu", feed),
                StartsWith(R"(,"ContextInfo":"  X = 1","UserData":"u","Payload":"a)"));
    for (const char* const wrong :
         {"", "a", "a\nContext:\n X = 1\n\nUser Data:\n", "a\n\nContext:\nX = 1\n\nUser Data:\n",
          "a\n\nContext:\n X 1\n\nUser Data:\n", "a\n\nContext:\n X = 1\nUser Data:\n"}) {
      EXPECT_EQ(module_log(wrong, feed), "-") << wrong;
    }
  }
}

TEST(MessageText, NamesValuesAndSections) {
  std::string out;
  json::append_message(out,
                       "Title:\r\nA: 1\r\nB: x: y\r\n\r\nPart:\r\n\tC:\t\t2\r\n\tD:\t\t\r\n\tE:\ta\r\n\t\t\tb\r\nText "
                       "without names: C:\\x\r\nF:\t3");
  EXPECT_THAT(
      out, HasSubstr(R"("A":"1","B":"x: y","Part":{"C":"2","D":"","E":"a\nb"},"Text without names":"C:\\x","F":"3"})"));
  out.clear();
  json::append_message(out, "");
  EXPECT_EQ(out, R"({"#text":""})");
}

}  // namespace
}  // namespace tocsin::evidence
