// The built-in shapes: what is recognised as what, and where its head and fields are found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/json/json_testing.hpp"

namespace tocsin::evidence {
namespace {

using json_testing::codes;
using json_testing::read_json;
using json_testing::Seen;
using json_testing::SeenEvent;
using json_testing::Values;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using Kind = model::Value::Kind;
class JsonShapesTest : public ::testing::Test, protected json_testing::JsonFixture {};

TEST_F(JsonShapesTest, EvtxDump) {
  want({"EventID", "Provider_Name", "Image", "Data", "Execution_ProcessID", "Absent", "Empty", "Nothing",
        "Correlation"});
  const Seen seen = read_json(R"({"Event":{"#attributes":{"xmlns":"x"},"System":{
      "Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},
      "EventID":{"#attributes":{"Qualifiers":0},"#text":1},
      "TimeCreated":{"#attributes":{"SystemTime":"2020-01-02T03:04:05.1234567Z"}},"Correlation":null,
      "Execution":{"#attributes":{"ProcessID":12}},"Channel":"Microsoft-Windows-Sysmon\/Operational","Computer":"pc"},
      "EventData":{"Image":"C:\\a.exe","Data":["x","y"],"Empty":"","Nothing":null}}})",
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
  EXPECT_EQ(get(event, "Correlation"), Values{});
  EXPECT_EQ(get(event, "Empty"), (Values{{Kind::string, ""}}));
  EXPECT_EQ(get(event, "Nothing"), (Values{{Kind::null, ""}}));
  EXPECT_EQ(event.field_paths[*fields.find("Image")], "Event.EventData.Image");
  EXPECT_EQ(event.field_paths[*fields.find("EventID")], "Event.System.EventID");
  EXPECT_EQ(event.field_paths[*fields.find("Provider_Name")], "Event.System.Provider.#attributes.Name");
  EXPECT_THAT(event.values, Contains(Pair("Event.System.Execution.#attributes.ProcessID", "12")));
  EXPECT_THAT(event.values, Not(Contains(Pair("Event.#attributes.xmlns", "x"))));
  EXPECT_THAT(event.names, Contains(Pair("Execution_ProcessID", "12")));
  EXPECT_THAT(event.names, Contains(Pair("EventID_Qualifiers", "0")));
}

TEST_F(JsonShapesTest, AttributesBesideElements) {
  want({"EventID", "EventID_Qualifiers", "Provider_Name", "Image"});
  const Seen seen = read_json(
      R"({"Event":{"Event_attributes":{"xmlns":"x"},"System":{"Provider_attributes":{"Name":"P"},"EventID":7036,)"
      R"("EventID_attributes":{"Qualifiers":"16384"},"TimeCreated_attributes":{"SystemTime":"2020-01-02T03:04:05Z"},)"
      R"("Channel":"System"},"EventData":{"Image":"i"}}})",
      options);
  const SeenEvent& event = seen.events.at(0);
  EXPECT_EQ(event.shape, "evtx_json");
  EXPECT_EQ(event.provider, "P");
  EXPECT_EQ(event.event_id, 7036);
  EXPECT_TRUE(event.time);
  EXPECT_THAT(texts(event, "EventID_Qualifiers"), ElementsAre("16384"));
  EXPECT_THAT(texts(event, "Image"), ElementsAre("i"));
}

// XML turned into JSON element by element, attributes as "@Name".
TEST_F(JsonShapesTest, NamedDataElements) {
  want({"SubjectUserName", "LogonType", "Data", "TargetName", "Provider_Name"});
  const Seen seen = read_json(
      R"({"Event":{"@xmlns":"x","System":{"Provider":{"@Name":"P"},"EventID":{"@Qualifiers":"0","#text":"4624"},)"
      R"("TimeCreated":{"@SystemTime":"2020-01-02 03:04:05.5"},"Channel":"Security"},"EventData":{"Data":[)"
      R"({"@Name":"SubjectUserName","#text":"bob"},{"#text":"3","@Name":"Logon Type"},{"@Name":"TargetName"},)"
      R"({"#attributes":{"Name":"Other"},"#text":"o"},"bare"]}}})",
      options);
  const SeenEvent& event = seen.events.at(0);
  EXPECT_EQ(event.event_id, 4624);
  EXPECT_EQ(event.provider, "P");
  EXPECT_THAT(texts(event, "SubjectUserName"), ElementsAre("bob"));
  EXPECT_THAT(texts(event, "LogonType"), ElementsAre("3"));
  EXPECT_EQ(get(event, "TargetName"), (Values{{Kind::string, ""}}));
  EXPECT_THAT(texts(event, "Data"), ElementsAre("bare"));
  EXPECT_THAT(event.names, Contains(Pair("Other", "o")));
}

TEST_F(JsonShapesTest, RepeatedElementsAreValuesOfOneField) {
  want({"Data", "Param", "Binary", "User", "User_Domain"});
  const Seen seen = read_json(
      R"({"Event":{"System":{"Provider":{"#attributes":{"Name":"P"}},"EventID":1,"Channel":"Application"},)"
      R"("EventData":{"Data":"a","Data":"b","Param":"1","Param_1":"2","Other_1":"x"},)"
      R"("UserData":{"Info":{"#attributes":{"xmlns":"u"},"User":{"#attributes":{"Domain":"d"},"#text":"v"}}}}})",
      options);
  const SeenEvent& event = seen.events.at(0);
  EXPECT_THAT(codes(seen), IsEmpty());
  EXPECT_THAT(texts(event, "Data"), ElementsAre("a", "b"));
  EXPECT_THAT(texts(event, "Param"), ElementsAre("1", "2"));
  EXPECT_THAT(texts(event, "User"), ElementsAre("v"));
  EXPECT_THAT(texts(event, "User_Domain"), ElementsAre("d"));
}

TEST_F(JsonShapesTest, SystemWinsOverEventData) {
  want({"Channel", "Level"});
  const Seen seen = read_json(R"({"Event":{"EventData":{"Channel":"other","Level":"x"},"System":{"Provider":null,)"
                              R"("EventID":1,"Channel":"Security","Level":4}}})",
                              options);
  EXPECT_THAT(texts(seen.events.at(0), "Channel"), ElementsAre("Security"));
  EXPECT_THAT(texts(seen.events.at(0), "Level"), ElementsAre("4"));
}

TEST_F(JsonShapesTest, Winlogbeat) {
  want({"EventID", "Image", "CommandLine", "ParentImage", "Channel", "Provider_Name", "TargetFilename", "Param1"});
  const Seen seen = read_json(
      R"({"@timestamp":"2020-01-02T03:04:05.678Z","winlog":{"channel":"Microsoft-Windows-Sysmon/Operational",)"
      R"("provider_name":"Microsoft-Windows-Sysmon","event_id":1,"computer_name":"pc","record_id":7,)"
      R"("event_data":{"Image":"C:\\a.exe"},"user_data":{"Param1":"p"}},"event":{"code":"1"},"host":{"name":"h"},)"
      R"("process":{"executable":"C:\\ecs.exe","command_line":"a b","parent":{"executable":"C:\\p.exe"}}})"
      "\n"
      R"({"_index":"i","_source":{"@timestamp":"2020-01-02T03:04:05.678Z","winlog.channel":"Security",)"
      R"("winlog.event_id":"4688","winlog.event_data.CommandLine":["c d"],"file.path":"f"}})",
      options);
  ASSERT_EQ(seen.events.size(), 2U);
  const SeenEvent& event = seen.events[0];
  EXPECT_EQ(event.shape, "winlogbeat");
  EXPECT_EQ(event.product, "windows");
  EXPECT_EQ(event.event_id, 1);
  EXPECT_EQ(event.computer, "pc");
  EXPECT_EQ(event.provider, "Microsoft-Windows-Sysmon");
  EXPECT_THAT(texts(event, "Image"), ElementsAre("C:\\a.exe"));
  EXPECT_EQ(event.field_paths[*fields.find("Image")], "winlog.event_data.Image");
  EXPECT_THAT(texts(event, "CommandLine"), ElementsAre("a b"));
  EXPECT_THAT(texts(event, "ParentImage"), ElementsAre("C:\\p.exe"));
  EXPECT_THAT(texts(event, "Param1"), ElementsAre("p"));
  const SeenEvent& hit = seen.events[1];
  EXPECT_EQ(hit.shape, "winlogbeat");
  EXPECT_EQ(hit.channel, "Security");
  EXPECT_EQ(hit.event_id, 4688);
  EXPECT_THAT(texts(hit, "CommandLine"), ElementsAre("c d"));
  EXPECT_THAT(texts(hit, "TargetFilename"), ElementsAre("f"));
}

TEST_F(JsonShapesTest, EcsAloneAndOldWinlogbeat) {
  want({"QueryName", "TargetObject", "DestinationIp", "CommandLine", "EventID"});
  const Seen seen = read_json(
      R"({"@timestamp":"2020-01-02T03:04:05Z","event":{"code":"22","provider":"Microsoft-Windows-Sysmon"},)"
      R"("host":{"os":{"type":"windows"}},"dns":{"question":{"name":"q.example"}},"registry":{"path":"HKLM\\x"},)"
      R"("destination":{"ip":"10.0.0.1"}})"
      "\n"
      R"({"@timestamp":"2020-01-02T03:04:05Z","event_id":4688,"log_name":"Security","source_name":"S",)"
      R"("computer_name":"c","event_data":{"CommandLine":"x"}})",
      options);
  ASSERT_EQ(seen.events.size(), 2U);
  EXPECT_EQ(seen.events[0].shape, "ecs_windows");
  EXPECT_EQ(seen.events[0].event_id, 22);
  EXPECT_THAT(texts(seen.events[0], "QueryName"), ElementsAre("q.example"));
  EXPECT_THAT(texts(seen.events[0], "TargetObject"), ElementsAre("HKLM\\x"));
  EXPECT_THAT(texts(seen.events[0], "DestinationIp"), ElementsAre("10.0.0.1"));
  EXPECT_EQ(seen.events[1].shape, "winlogbeat6");
  EXPECT_EQ(seen.events[1].channel, "Security");
  EXPECT_THAT(texts(seen.events[1], "CommandLine"), ElementsAre("x"));
}

// What Sysmon prints as one text, Elastic's modules take apart.
TEST_F(JsonShapesTest, HashesAndUserOfEcsArePutTogether) {
  want({"Hashes", "User"});
  const std::string head = R"({"@timestamp":"2020-01-02T03:04:05Z","event":{"code":"1","provider":)"
                           R"("Microsoft-Windows-Sysmon"},"host":{"os":{"family":"windows"}},)";
  const Seen seen =
      read_json(head +
                    R"("user":{"name":"SYSTEM","domain":"NT AUTHORITY"},"process":{"pe":{"imphash":"0d"},)"
                    R"("hash":{"md5":"0a","sha256":"0c"}}})"
                    "\n" +
                    head +
                    R"("user":{"name":"bob"},"process":{"hash":{"md5":"0a"}},"dll":{"hash":{"sha1":"0b"}}})"
                    "\n" +
                    head +
                    R"("process":{"executable":"x"}})"
                    "\n"
                    R"({"winlog":{"event_id":1,"event_data":{"Hashes":"MD5=FF","User":"d\\u"}},)"
                    R"("user":{"name":"n","domain":"x"},"process":{"hash":{"md5":"ff"}}})",
                options);
  ASSERT_EQ(seen.events.size(), 4U);
  EXPECT_EQ(seen.events[0].shape, "ecs_windows");
  EXPECT_THAT(texts(seen.events[0], "Hashes"), ElementsAre("MD5=0a,SHA256=0c,IMPHASH=0d"));
  EXPECT_EQ(seen.events[0].field_paths[*fields.find("Hashes")], "process.hash.md5");
  EXPECT_THAT(texts(seen.events[0], "User"), ElementsAre("NT AUTHORITY\\SYSTEM"));
  EXPECT_THAT(texts(seen.events[1], "Hashes"), ElementsAre("SHA1=0b"));
  EXPECT_THAT(texts(seen.events[1], "User"), ElementsAre("bob"));
  EXPECT_THAT(texts(seen.events[2], "Hashes"), IsEmpty());
  EXPECT_THAT(texts(seen.events[3], "Hashes"), ElementsAre("MD5=FF"));
  EXPECT_THAT(texts(seen.events[3], "User"), ElementsAre("d\\u"));
}

TEST_F(JsonShapesTest, FlatExports) {
  want({"EventID", "Channel", "Computer", "Provider_Name", "Image", "User"});
  const Seen seen = read_json(
      R"({"EventID":1,"SourceName":"Microsoft-Windows-Sysmon","Channel":"Microsoft-Windows-Sysmon/Operational",)"
      R"("Hostname":"h","EventTime":"2020-01-01 22:00:00","UtcTime":"2020-01-02 03:00:00.123","@timestamp":)"
      R"("2020-01-02T03:00:01Z","Image":"i","host":"collector"})"
      "\n"
      R"({"preview":false,"result":{"EventCode":"4688","source":"XmlWinEventLog:Security","host":"h2",)"
      R"("_time":"2020-01-02T03:04:05.000-0500","_raw":"<Event/>","User":"u"}})"
      "\n"
      R"({"EventID":4624,"Channel":"Security","TimeCreated":"/Date(1577934245123)/"})",
      options);
  ASSERT_EQ(seen.events.size(), 3U);
  EXPECT_EQ(format_time(seen.events[0].time.value()), "2020-01-02T03:00:00.1230000Z");
  EXPECT_EQ(seen.events[0].computer, "h");
  EXPECT_THAT(texts(seen.events[0], "Computer"), ElementsAre("h"));
  EXPECT_THAT(texts(seen.events[0], "Provider_Name"), ElementsAre("Microsoft-Windows-Sysmon"));
  EXPECT_EQ(seen.events[1].shape, "flat_windows");
  EXPECT_EQ(seen.events[1].channel, "Security");
  EXPECT_EQ(seen.events[1].event_id, 4688);
  EXPECT_EQ(format_time(seen.events[1].time.value()), "2020-01-02T08:04:05.0000000Z");
  EXPECT_THAT(texts(seen.events[1], "User"), ElementsAre("u"));
  EXPECT_THAT(texts(seen.events[1], "EventID"), ElementsAre("4688"));
  EXPECT_EQ(format_time(seen.events[2].time.value()), "2020-01-02T03:04:05.1230000Z");
}

// Times that say their zone in any spelling are taken before those that do not.
TEST_F(JsonShapesTest, OffsetsOfTimes) {
  for (const std::string_view time : {"2020-01-02T05:04+02", "2020-01-02T05:04:00+0200", "2020-01-02 05:04:00.0+02:00",
                                      "2020-01-02T03:04:00Z", "2020-01-01T21:04:00-06"}) {
    const Seen seen =
        read_json(R"({"EventID":1,"Channel":"Security","EventTime":"2020-01-01 22:00:00","@timestamp":")" +
                      std::string(time) + "\"}",
                  options);
    EXPECT_EQ(format_time(seen.events.at(0).time.value()), "2020-01-02T03:04:00.0000000Z") << time;
  }
}

TEST_F(JsonShapesTest, SysmonForLinux) {
  want({"Image"});
  const Seen seen =
      read_json(R"({"Event":{"System":{"Provider":{"#attributes":{"Name":"Linux-Sysmon"}},"EventID":1,)"
                R"("Channel":"Linux-Sysmon/Operational"},"EventData":{"Image":"/bin/sh"}}})"
                "\n"
                R"({"EventID":1,"SourceName":"Linux-Sysmon","Channel":"Linux-Sysmon/Operational","Image":"/bin/sh"})",
                options);
  ASSERT_EQ(seen.events.size(), 2U);
  for (const SeenEvent& event : seen.events) {
    EXPECT_EQ(event.product, "linux");
    EXPECT_EQ(event.provider, "Linux-Sysmon");
    EXPECT_THAT(texts(event, "Image"), ElementsAre("/bin/sh"));
  }
}

TEST_F(JsonShapesTest, CloudTrail) {
  want({"eventSource", "requestParameters.policyArn", "userIdentity.type", "resources.ARN", "requestParameters"});
  const Seen seen = read_json(
      R"({"Records":[{"eventVersion":"1.05","eventTime":"2020-01-02T03:04:05Z","eventSource":"iam.amazonaws.com",)"
      R"("eventName":"AttachUserPolicy","awsRegion":"x","userIdentity":{"type":"Root"},"requestParameters":)"
      R"({"policyArn":"arn:x"},"resources":[{"ARN":"r1"},{"ARN":"r2"}]}]})",
      options);
  const SeenEvent& event = seen.events.at(0);
  EXPECT_EQ(event.shape, "cloudtrail");
  EXPECT_EQ(event.product, "aws");
  EXPECT_EQ(event.service, "cloudtrail");
  EXPECT_EQ(format_time(event.time.value()), "2020-01-02T03:04:05.0000000Z");
  EXPECT_THAT(texts(event, "requestParameters.policyArn"), ElementsAre("arn:x"));
  EXPECT_THAT(texts(event, "userIdentity.type"), ElementsAre("Root"));
  EXPECT_THAT(texts(event, "resources.ARN"), ElementsAre("r1", "r2"));
  EXPECT_THAT(texts(event, "requestParameters"), ElementsAre("{\"policyArn\":\"arn:x\"}"));
}

TEST_F(JsonShapesTest, OtherJsonHasPathsOnly) {
  want({"a.b", "x", "empty", "flag"});
  const Seen seen =
      read_json(R"({"a.b":1,"a":{"b":"2"},"x":[[1],[{"y":2}]],"empty":[],"flag":true,"time":1577934245})", options);
  const SeenEvent& event = seen.events.at(0);
  EXPECT_EQ(event.shape, "generic");
  EXPECT_EQ(event.product, "");
  EXPECT_THAT(texts(event, "a.b"), ElementsAre("1", "2"));
  EXPECT_THAT(texts(event, "x"), ElementsAre("1", "{\"y\":2}"));
  EXPECT_EQ(get(event, "empty"), (Values{{Kind::null, ""}}));
  EXPECT_EQ(get(event, "flag"), (Values{{Kind::boolean, "true"}}));
  EXPECT_EQ(format_time(event.time.value()), "2020-01-02T03:04:05.0000000Z");
}

TEST_F(JsonShapesTest, ShapesMayChangeFromRecordToRecord) {
  const Seen seen = read_json("{\"a\":1}\n{\"EventID\":1,\"Channel\":\"c\"}\n{\"a\":1}\n", options);
  ASSERT_EQ(seen.events.size(), 3U);
  EXPECT_EQ(seen.events[0].shape, "generic");
  EXPECT_EQ(seen.events[1].shape, "flat_windows");
  EXPECT_EQ(seen.events[2].shape, "generic");
  EXPECT_EQ(seen.events[2].channel, "");
}

TEST_F(JsonShapesTest, TheUsersOwnShape) {
  want({"Image", "User"});
  const Result<ShapeSet> own = ShapeSet::parse("mine.yml", R"(
shape: my_siem
product: windows
recognise: [{path: vendor, equals: ACME}]
head:
  time: when
  channel: [log]
  event_id: [id]
fields:
  - map: {User: [who.name, who.id]}
  - under: data
)",
                                               &ShapeSet::builtin());
  ASSERT_TRUE(own) << own.error().place << own.error().message;
  options.shapes = &*own;
  const Seen seen = read_json(
      R"({"vendor":"acme","when":1577934245123,"log":"Security","id":4688,"who":{"id":"7"},"data":{"Image":"i"}})",
      options);
  const SeenEvent& event = seen.events.at(0);
  EXPECT_EQ(event.shape, "my_siem");
  EXPECT_EQ(event.channel, "Security");
  EXPECT_EQ(event.event_id, 4688);
  EXPECT_EQ(format_time(event.time.value()), "2020-01-02T03:04:05.1230000Z");
  EXPECT_THAT(texts(event, "Image"), ElementsAre("i"));
  EXPECT_THAT(texts(event, "User"), ElementsAre("7"));
}

}  // namespace
}  // namespace tocsin::evidence
