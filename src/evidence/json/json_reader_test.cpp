#include "evidence/json/json_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/json/json_testing.hpp"

namespace tocsin::evidence {
namespace {

using json_testing::read_json;
using json_testing::Seen;
using json_testing::SeenEvent;
using Kind = model::Value::Kind;
using Values = std::vector<std::pair<Kind, std::string>>;

class JsonReaderTest : public ::testing::Test {
 protected:
  JsonReaderTest() { options.fields = &fields; }
  Values get(const SeenEvent& event, std::string_view name) { return event.fields[*fields.find(name)]; }
  void want(std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) fields.intern(name);
  }
  model::FieldTable fields;
  ReadOptions options;
};

std::vector<std::string> codes(const Seen& seen) {
  std::vector<std::string> all;
  for (const Anomaly& anomaly : seen.anomalies) all.push_back(anomaly.code);
  return all;
}
std::vector<std::string> raws(const Seen& seen) {
  std::vector<std::string> all;
  for (const SeenEvent& event : seen.events) all.push_back(event.raw);
  return all;
}
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(JsonReaderTest, EvtxDumpShape) {
  want({"EventID", "Provider_Name", "Image", "Data", "Execution_ProcessID", "Absent", "Empty", "Nothing"});
  const Seen seen = read_json(
      R"({"Event":{"#attributes":{"xmlns":"x"},"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},)"
      R"("EventID":{"#attributes":{"Qualifiers":0},"#text":1},"TimeCreated":{"#attributes":{"SystemTime":"2020-01-02T03:04:05.1234567Z"}},)"
      R"("Execution":{"#attributes":{"ProcessID":12}},"Channel":"Microsoft-Windows-Sysmon\/Operational","Computer":"pc"},)"
      R"("EventData":{"Image":"C:\\a.exe","Data":["x","y"],"Empty":"","Nothing":null}}})",
      options);
  EXPECT_THAT(codes(seen), IsEmpty());
  ASSERT_EQ(seen.events.size(), 1U);
  const SeenEvent& event = seen.events[0];
  EXPECT_EQ(event.shape, "evtx_json");
  EXPECT_EQ(event.product, "windows");
  EXPECT_EQ(event.channel, "Microsoft-Windows-Sysmon/Operational");
  EXPECT_EQ(event.provider, "Microsoft-Windows-Sysmon");
  EXPECT_EQ(event.computer, "pc");
  EXPECT_EQ(event.event_id, 1);
  ASSERT_TRUE(event.time);
  EXPECT_EQ(format_time(*event.time), "2020-01-02T03:04:05.1234567Z");
  EXPECT_EQ(get(event, "EventID"), (Values{{Kind::integer, "1"}}));
  EXPECT_EQ(get(event, "Image"), (Values{{Kind::string, "C:\\a.exe"}}));
  EXPECT_EQ(get(event, "Data"), (Values{{Kind::string, "x"}, {Kind::string, "y"}}));
  EXPECT_EQ(get(event, "Execution_ProcessID"), (Values{{Kind::integer, "12"}}));
  EXPECT_EQ(get(event, "Absent"), Values{});
  EXPECT_EQ(get(event, "Empty"), (Values{{Kind::string, ""}}));
  EXPECT_EQ(get(event, "Nothing"), (Values{{Kind::null, ""}}));
  EXPECT_EQ(event.field_paths[*fields.find("Image")], "Event.EventData.Image");
  EXPECT_EQ(event.field_paths[*fields.find("Provider_Name")], "Event.System.Provider.#attributes.Name");
}

TEST_F(JsonReaderTest, LinesHavePlaces) {
  const std::string text = "{\"EventID\":1,\"Channel\":\"A\"}\r\n\n{\"EventID\":\"2\",\"Channel\":\"B\"}\n";
  const Seen seen = read_json(text, options);
  EXPECT_EQ(seen.format, "json.ndjson");
  ASSERT_EQ(seen.events.size(), 2U);
  EXPECT_EQ(seen.events[0].shape, "flat_windows");
  EXPECT_EQ(seen.events[1].event_id, 2);
  EXPECT_EQ(seen.events[1].place.kind, PlaceKind::line);
  EXPECT_EQ(seen.events[1].place.record, 3U);
  EXPECT_EQ(seen.events[1].place.offset, 30U);
  EXPECT_EQ(seen.events[1].place.length, 29U);
  EXPECT_EQ(text.substr(30, 29), seen.events[1].raw);
}

TEST_F(JsonReaderTest, ADamagedLineCostsOnlyThatLine) {
  const Seen seen = read_json("{\"a\":1}\n{\"a\":tru}\n{\"a\":\"x\n{\"a\":4}\n{\"a\":[1,}\n{\"a\":6}", options);
  EXPECT_THAT(raws(seen), ElementsAre("{\"a\":1}", "{\"a\":4}", "{\"a\":6}"));
  EXPECT_THAT(codes(seen), ElementsAre("json_syntax", "json_truncated", "json_syntax"));
  EXPECT_EQ(seen.anomalies[0].offset, 13U);
  EXPECT_EQ(seen.anomalies[0].skipped, 9U);
}

TEST_F(JsonReaderTest, PrettyPrintedObjectsOneBehindTheOther) {
  const Seen seen = read_json("{\n  \"a\": 1\n}\n{\n  \"a\": {\n    \"b\": 2}\n}\n", options);
  EXPECT_EQ(seen.format, "json.objects");
  ASSERT_EQ(seen.events.size(), 2U);
  EXPECT_EQ(seen.events[1].place.kind, PlaceKind::bytes);
  EXPECT_EQ(seen.events[1].place.record, 2U);
  EXPECT_EQ(seen.events[1].place.line, 4U);
  EXPECT_EQ(seen.events[1].place.offset, 13U);
  EXPECT_EQ(seen.events[1].json, R"({"a":{"b":2}})");
}

}  // namespace
}  // namespace tocsin::evidence
