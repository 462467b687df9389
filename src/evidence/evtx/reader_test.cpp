#include "evidence/evtx/reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/evtx/layout.hpp"
#include "evidence/evtx/reading_testing.hpp"
#include "tests/makers/evtx_json.hpp"
#include "tests/makers/evtx_writer.hpp"
#include "tests/makers/samples.hpp"

namespace tocsin::evidence::evtx {
namespace {

using makers::EventSpec;
using makers::EvtxOptions;
using makers::EvtxWriter;
namespace samples = makers::samples;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing_reading::read_file;
using testing_reading::Reading;
using testing_reading::SeenEvent;

const std::vector<EvtxOptions> kShapes = {
    {}, {.shape = {.exported = true}}, {.shape = {.literal_provider = true}, .minor_version = 2}, {.checksums = false}};

std::string file_of(const EvtxOptions& options, const std::vector<EventSpec>& specs) {
  EvtxWriter writer(options);
  for (const EventSpec& spec : specs) writer.add(spec);
  return writer.finish();
}

TEST(EvtxReader, RecognisesByContentAlone) {
  const std::string file = file_of({}, {samples::logon()});
  Sample sample;
  sample.head = as_bytes(file);
  sample.path = "holiday.jpg";
  EXPECT_EQ(evtx_reader().recognise(sample).confidence, 100);
  std::string headless = file;
  headless[0] = 'X';
  sample.head = as_bytes(headless);
  EXPECT_EQ(evtx_reader().recognise(sample).confidence, 90);
  sample.head = as_bytes("{\"Event\":{}}");
  EXPECT_EQ(evtx_reader().recognise(sample).confidence, 0);
}

TEST(EvtxReader, RendersEverySampleAsJson) {
  for (const EvtxOptions& options : kShapes) {
    const auto specs = samples::all();
    const Reading reading = read_file(file_of(options, specs));
    EXPECT_THAT(reading.codes(), IsEmpty());
    ASSERT_THAT(reading.events, SizeIs(specs.size()));
    for (std::size_t i = 0; i < specs.size(); ++i) EXPECT_EQ(reading.events[i].json, makers::evtx_json(specs[i]));
  }
}

TEST(EvtxReader, FillsTheHeadFromTheXmlNotTheRecordHeader) {
  EventSpec spec = samples::logon();
  spec.record_id = 4711;
  const std::string file = file_of({.shape = {.exported = true}}, {spec, samples::process_creation()});
  const Reading reading = read_file(file);
  ASSERT_THAT(reading.events, SizeIs(2));
  const SeenEvent& event = reading.events[0];
  EXPECT_EQ(event.place.record, 4711U);
  EXPECT_EQ(event.time, spec.time);
  EXPECT_EQ(event.event_id, 4624);
  EXPECT_EQ(event.channel, "Security");
  EXPECT_EQ(event.provider, "Microsoft-Windows-Security-Auditing");
  EXPECT_EQ(event.computer, "WEB01.campus.example");
  EXPECT_EQ(event.place.kind, PlaceKind::evtx);
  EXPECT_EQ(event.place.chunk, 0U);
  EXPECT_EQ(event.place.offset, kFileHeaderSize + kChunkHeaderSize);
  EXPECT_EQ(event.raw, file.substr(event.place.offset, event.place.length));
  EXPECT_EQ(reading.events[1].place.offset, event.place.offset + event.place.length);
}

TEST(EvtxReader, NamesSystemFields) {
  EventSpec spec = samples::service_install();
  spec.event_source_name = "Service Control Manager";
  spec.activity_id = "{8e1f3a52-77c5-0001-0b3b-1f8ec577d701}";
  spec.related_activity_id = "{8e1f3a52-77c5-0001-0b3b-1f8ec577d702}";
  spec.user_sid = "S-1-5-18";
  const Reading reading = read_file(file_of({}, {spec}));
  ASSERT_THAT(reading.events, SizeIs(1));
  const SeenEvent& event = reading.events[0];
  EXPECT_THAT(event.all("EventID"), ElementsAre("7045"));
  EXPECT_THAT(event.all("EventID_Qualifiers"), ElementsAre(std::to_string(*spec.qualifiers)));
  EXPECT_THAT(event.all("Provider_EventSourceName"), ElementsAre("Service Control Manager"));
  EXPECT_THAT(event.all("Correlation_ActivityID"), ElementsAre(spec.activity_id));
  EXPECT_THAT(event.all("Correlation_RelatedActivityID"), ElementsAre(spec.related_activity_id));
  EXPECT_THAT(event.all("Security_UserID"), ElementsAre("S-1-5-18"));
  EXPECT_THAT(event.all("Execution_ProcessID"), ElementsAre("712"));
  EXPECT_THAT(event.all("Execution_ThreadID"), ElementsAre("5120"));
  EXPECT_THAT(event.all("TimeCreated_SystemTime"), ElementsAre(format_time(spec.time)));
  EXPECT_THAT(event.all("Correlation"), IsEmpty());
}

TEST(EvtxReader, NamesDataOfEveryKind) {
  EventSpec spec = samples::logon();
  spec.data.clear();
  spec.set("Threat Name", makers::value::string("a"));
  spec.data.push_back({"Same", makers::value::string("1"), {}});
  spec.data.push_back({"Same", makers::value::u32(2), {}});
  spec.data.push_back({"", makers::value::string("x"), {}});
  spec.data.push_back({"", makers::value::string("y"), {}});
  spec.data.push_back({"Level", makers::value::string("hidden by System"), {}});
  spec.data.push_back({"Empty", makers::value::string(""), {}});
  const Reading reading = read_file(file_of({}, {spec}));
  ASSERT_THAT(reading.events, SizeIs(1));
  const SeenEvent& event = reading.events[0];
  EXPECT_THAT(event.all("ThreatName"), ElementsAre("a"));
  EXPECT_THAT(event.all("Same"), ElementsAre("1", "2"));
  EXPECT_THAT(event.all("Data"), ElementsAre("x", "y"));
  EXPECT_THAT(event.all("Level"), ElementsAre("0"));
  EXPECT_THAT(event.all("Empty"), ElementsAre(""));
  // What evtx_dump drops, an unnamed Data beside a named one, is kept; repeated names are an array.
  EXPECT_THAT(event.json, HasSubstr(R"("Same":["1",2],"Data":{"#text":["x","y"]},"Level":)"));
  EXPECT_THAT(event.values, ::testing::Contains(testing_reading::SeenValue{"Event.EventData.Threat Name",
                                                                           model::Value::Kind::string, "a"}));
}

TEST(EvtxReader, NamesUserDataAndRenderingInfo) {
  const Reading reading = read_file(file_of({}, {samples::log_cleared(), samples::forwarded()}));
  ASSERT_THAT(reading.events, SizeIs(2));
  EXPECT_THAT(reading.events[0].all("SubjectUserName"), SizeIs(1));
  const makers::Rendering rendering = *samples::forwarded().rendering;
  EXPECT_THAT(reading.events[1].all("Message"), ElementsAre(rendering.message));
  EXPECT_THAT(reading.events[1].all("RenderingInfo_Level"), ElementsAre(rendering.level));
  EXPECT_THAT(reading.events[1].all("RenderingInfo_Culture"), ElementsAre(rendering.culture));
  EXPECT_EQ(reading.events[1].all("RenderingInfo_Keyword"), rendering.keywords);
}

TEST(EvtxReader, ReadsRecordsWithoutTemplates) {
  const Reading reading = read_file(file_of({.shape = {.without_templates = true}}, samples::all()));
  ASSERT_THAT(reading.events, SizeIs(samples::all().size()));
  EXPECT_THAT(reading.codes(), IsEmpty());
  const SeenEvent& event = reading.events[0];
  EXPECT_EQ(event.event_id, 4624);
  EXPECT_EQ(event.time, samples::all()[0].time);
  EXPECT_EQ(event.place.record, 1U);
  EXPECT_THAT(event.fields,
              ::testing::Contains(testing_reading::SeenValue{"EventID", model::Value::Kind::string, "4624"}));
}

TEST(EvtxReader, ResolvesCDataReferencesAndInstructions) {
  EvtxWriter writer;
  writer.add_raw({1, *parse_time("2021-07-13T02:14:07Z")}, samples::odd_tokens(1));
  const Reading reading = read_file(writer.finish());
  ASSERT_THAT(reading.events, SizeIs(1));
  EXPECT_THAT(reading.events[0].json, HasSubstr(R"("EventData":{"Odd-&":"a<b>c<"})"));
  EXPECT_THAT(reading.events[0].xml,
              HasSubstr(R"(<Data Name="Odd-&amp;">a<![CDATA[<b>]]>c&lt;<?target instruction?></Data>)"));
  EXPECT_EQ(reading.events[0].time, parse_time("2021-07-13T02:14:07Z"));  // from the record's header: the XML has none
  EXPECT_THAT(reading.events[0].all("Odd-&"), ElementsAre("a<b>c<"));
}

TEST(EvtxReader, GivesTheSameWhateverTheBlocks) {
  const std::string file = file_of({}, samples::all());
  const Reading whole = read_file(file);
  for (const std::size_t block : {1000, 4095, 4096, 4097, 65536, 70000}) {
    const Reading reading = read_file(file, false, block);
    ASSERT_EQ(reading.events.size(), whole.events.size());
    for (std::size_t i = 0; i < whole.events.size(); ++i) EXPECT_EQ(reading.events[i].json, whole.events[i].json);
  }
}

TEST(EvtxReader, ReadsTemplatesThatLieElsewhereInTheChunk) {
  const Reading reading = read_file(file_of({}, {samples::logon(), samples::logon(), samples::logon()}));
  ASSERT_THAT(reading.events, SizeIs(3));
  EXPECT_LT(reading.events[2].raw.size(), reading.events[0].raw.size() / 2);
  EXPECT_EQ(reading.events[2].all("TargetUserName"), reading.events[0].all("TargetUserName"));
}

}  // namespace
}  // namespace tocsin::evidence::evtx
