// The shapes of collectors, security products and cloud services, on records of our makers; and what a mapping can say
// for them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence/json/json_testing.hpp"
#include "tests/makers/cloud_json.hpp"
#include "tests/makers/collector_json.hpp"
#include "tests/makers/defender_json.hpp"
#include "tests/makers/event_xml.hpp"
#include "tests/makers/samples.hpp"

namespace tocsin::evidence {
namespace {

using json_testing::codes;
using json_testing::read_json;
using json_testing::Seen;
using json_testing::SeenEvent;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class JsonExportsTest : public ::testing::Test, protected json_testing::JsonFixture {};

TEST_F(JsonExportsTest, CollectorsOfWindowsEvents) {
  want({"EventID", "Image", "CommandLine", "Provider_Name", "Computer", "EventRecordID"});
  makers::EventSpec spec = makers::samples::process_creation();
  spec.record_id = 4711;
  const std::pair<const char*, std::string> forms[] = {{"wazuh", wazuh_json(spec)},
                                                       {"velociraptor", velociraptor_json(spec)},
                                                       {"velociraptor_rows", velociraptor_row_json(spec)},
                                                       {"sentinel_windows_event", sentinel_json(spec)},
                                                       {"gelf_windows", gelf_json(spec)},
                                                       {"sentinel_event", sentinel_event_json(spec)},
                                                       {"evtxecmd", evtxecmd_json(spec)},
                                                       {"splunk_xml", splunk_raw_json(spec)}};
  for (const auto& [shape, text] : forms) {
    const Seen seen = read_json(text, options);
    ASSERT_EQ(seen.events.size(), 1U) << shape;
    const SeenEvent& event = seen.events[0];
    EXPECT_THAT(codes(seen), IsEmpty()) << shape;
    EXPECT_EQ(event.shape, shape);
    EXPECT_EQ(event.product, "windows") << shape;
    EXPECT_EQ(event.channel, spec.channel) << shape;
    EXPECT_EQ(event.provider, spec.provider) << shape;
    EXPECT_EQ(event.computer, spec.computer) << shape;
    EXPECT_EQ(event.event_id, 1) << shape;
    EXPECT_EQ(event.time, spec.time) << shape;
    EXPECT_THAT(texts(event, "EventID"), ElementsAre("1")) << shape;
    EXPECT_THAT(texts(event, "Image"), ElementsAre(spec.find("Image")->text)) << shape;
    EXPECT_THAT(texts(event, "CommandLine"), ElementsAre(spec.find("CommandLine")->text)) << shape;
    EXPECT_THAT(texts(event, "Computer"), ElementsAre(spec.computer)) << shape;
    if (std::string_view(shape) != "sentinel_event") {  // has no record ids
      EXPECT_THAT(texts(event, "EventRecordID"), ElementsAre("4711")) << shape;
    }
    EXPECT_EQ(event.raw, text) << shape;
    EXPECT_EQ(event.json, text) << shape;
    EXPECT_THAT(event.names, Contains(Pair("ParentImage", spec.find("ParentImage")->text))) << shape;
  }
}

TEST_F(JsonExportsTest, WazuhUndoesOnlyWhatWasEscapedTwice) {
  want({"Image", "CommandLine", "TargetFilename"});
  const Seen seen =
      read_json(R"({"data":{"win":{"system":{"eventID":"1","channel":"c"},"eventdata":{"image":"C:\\\\a\\\\b.exe",)"
                R"("commandLine":"\\\"C:\\\\a b\\\" -x","targetFilename":"\\\\server\\share"}}}})",
                options);
  const SeenEvent& event = seen.events.at(0);
  EXPECT_THAT(texts(event, "Image"), ElementsAre(R"(C:\a\b.exe)"));
  EXPECT_THAT(texts(event, "CommandLine"), ElementsAre(R"("C:\a b" -x)"));
  EXPECT_THAT(texts(event, "TargetFilename"), ElementsAre(R"(\\server\share)"));
  EXPECT_EQ(event.field_paths[*fields.find("Image")], "data.win.eventdata.image");
}

TEST_F(JsonExportsTest, TextsThatHoldMore) {
  want({"Image", "Second", "Text"});
  const Result<ShapeSet> own = ShapeSet::parse("mine.yml", R"(
shape: mine
recognise: [{path: kind, begins: [on, tw]}]
embedded:
  - {path: text, as: json}
  - {path: list, as: json}
  - {path: markup, as: xml}
fields:
  - map: {Image: text.a.b, Second: list.c, Text: text}
  - leaves: markup
)",
                                               &ShapeSet::builtin());
  ASSERT_TRUE(own) << own.error().place << own.error().message;
  options.shapes = &*own;
  const auto one = [&](std::string_view members) {
    Seen seen = read_json(R"({"kind":"ONE",)" + std::string(members) + "}", options);
    EXPECT_EQ(seen.events.size(), 1U) << members;
    return seen;
  };
  EXPECT_THAT(texts(one(R"("text":"{\"a\":{\"b\":\"C:\\\\x\"}}")").events[0], "Image"), ElementsAre(R"(C:\x)"));
  EXPECT_THAT(texts(one(R"("list":["{\"c\":1}","[{\"c\":2}]"])").events[0], "Second"), ElementsAre("1", "2"));
  const Seen found = one(R"("text":" {\"a\":{\"b\":true}} ","list":"{\"c\":null}")");
  EXPECT_EQ(found.events[0].field_paths[*fields.find("Image")], "text.a.b");
  EXPECT_EQ(found.events[0].values,
            (std::vector<std::pair<std::string, std::string>>{{"kind", "ONE"}, {"text.a.b", "true"}}));
  EXPECT_THAT(texts(one(R"("markup":"<EventData><Data Name='Second'>v</Data></EventData>")").events[0], "Second"),
              ElementsAre("v"));
  // What is neither is a text, what is broken an anomaly too.
  EXPECT_THAT(codes(one(R"("text":"plain","markup":"")")), IsEmpty());
  EXPECT_THAT(texts(one(R"("text":"plain")").events[0], "Text"), ElementsAre("plain"));
  for (const char* broken : {R"("text":"{\"a\":")", R"("text":"{} x")", R"("markup":"<a><b></a>")"}) {
    const Seen seen = one(broken);
    EXPECT_THAT(codes(seen), ElementsAre("json_embedded_text")) << broken;
    EXPECT_EQ(seen.anomalies[0].offset,
              std::string_view(R"({"kind":"ONE",)").size() + std::string_view(broken).find(':') + 1);
  }
  // A record that opened is nested too deeply is read as it is.
  std::string deep;
  for (int i = 0; i < 511; ++i) deep += "[";
  for (int i = 0; i < 511; ++i) deep += "]";
  const Seen seen = one(R"("list":[")" + deep + R"("])");
  EXPECT_THAT(codes(seen), ElementsAre("json_embedded_text"));
}

TEST_F(JsonExportsTest, DefendersTables) {
  want({"Hashes", "ActionType", "DnsQueryString"});
  makers::EventSpec spec = makers::samples::process_creation();
  for (const std::string& text : {defender_json(spec), defender_export_json(spec)}) {
    const SeenEvent event = read_json(text, options).events.at(0);
    EXPECT_EQ(event.shape, "defender_hunting");
    EXPECT_EQ(event.service, "defender-hunting");
    EXPECT_EQ(event.computer, spec.computer);
    EXPECT_EQ(event.time, spec.time);
    EXPECT_THAT(texts(event, "ActionType"), ElementsAre("ProcessCreated"));
  }
  const SeenEvent event =
      read_json(R"({"DeviceName":"d","ActionType":"DnsQueryResponse","ReportId":1,"MD5":"a","SHA1":"b",)"
                R"("AdditionalFields":"{\"DnsQueryString\":\"x.example\"}"})",
                options)
          .events.at(0);
  EXPECT_THAT(texts(event, "DnsQueryString"), ElementsAre("x.example"));
  EXPECT_THAT(texts(event, "Hashes"), ElementsAre("SHA1=b,MD5=a"));
}

struct Cloud {
  const char* shape;
  const char* product;
  const char* service;
  std::string (*write)(const makers::CloudSpec&);
};

TEST_F(JsonExportsTest, CloudServices) {
  makers::CloudSpec spec;
  spec.operation = "delete";
  spec.target = "admin";
  spec.details = {{"Detail", "value"}};
  spec.time = *parse_time("2021-07-13T02:14:07Z");
  for (const Cloud& cloud : {Cloud{"azure_activity", "azure", "activitylogs", makers::azure_activity_json},
                             {"azure_signin", "azure", "signinlogs", makers::azure_signin_json},
                             {"azure_signin_graph", "azure", "signinlogs", makers::graph_signin_json},
                             {"azure_audit", "azure", "auditlogs", makers::azure_audit_json},
                             {"azure_risk", "azure", "riskdetection", makers::azure_risk_json},
                             {"m365_audit", "m365", "audit", makers::m365_audit_json},
                             {"m365_alert", "m365", "audit", makers::m365_alert_json},
                             {"gcp_audit", "gcp", "gcp.audit", makers::gcp_audit_json},
                             {"google_workspace", "gcp", "google_workspace", makers::google_workspace_json},
                             {"okta", "okta", "okta", makers::okta_json},
                             {"github_audit", "github", "audit", makers::github_audit_json},
                             {"kubernetes_audit", "kubernetes", "audit", makers::kubernetes_audit_json}}) {
    const Seen seen = read_json(cloud.write(spec) + "\n" + cloud.write(spec), options);
    ASSERT_EQ(seen.events.size(), 2U) << cloud.shape;
    EXPECT_EQ(seen.events[1].shape, cloud.shape);
    EXPECT_EQ(seen.events[1].product, cloud.product) << cloud.shape;
    EXPECT_EQ(seen.events[1].service, cloud.service) << cloud.shape;
    EXPECT_EQ(seen.events[1].time, spec.time) << cloud.shape;
  }
}

TEST_F(JsonExportsTest, ListsOfNamesAndValuesAreFields) {
  want({"ForwardTo", "Parameters", "NEW_VALUE", "eventService", "AccountEnabled"});
  makers::CloudSpec spec;
  spec.operation = "New-InboxRule";
  spec.target = "Exchange";
  spec.details = {{"Name", "x"}, {"ForwardTo", "y@example.org"}};
  const SeenEvent mail = read_json(m365_audit_json(spec), options).events.at(0);
  EXPECT_THAT(texts(mail, "ForwardTo"), ElementsAre("y@example.org"));
  EXPECT_EQ(texts(mail, "Parameters").size(), 2U);
  EXPECT_THAT(mail.names, Contains(Pair("ForwardTo", "y@example.org")));
  EXPECT_THAT(mail.names, Contains(Pair("Parameters.Name", "ForwardTo")));
  spec.details = {{"NEW_VALUE", "false"}};
  spec.target = "admin";
  const SeenEvent workspace = read_json(google_workspace_json(spec), options).events.at(0);
  EXPECT_THAT(texts(workspace, "NEW_VALUE"), ElementsAre("false"));
  EXPECT_THAT(texts(workspace, "eventService"), ElementsAre("admin.googleapis.com"));
  EXPECT_EQ(workspace.field_paths[*fields.find("eventService")], "id.applicationName");
}

TEST_F(JsonExportsTest, EnvelopesOfCloudServices) {
  makers::CloudSpec spec;
  spec.operation = "x";
  const std::string record = azure_activity_json(spec);
  for (const char* key : {"records", "value", "items"}) {
    const Seen seen = read_json(makers::json_envelope(key, {record, record}), options);
    EXPECT_EQ(seen.format, "json.envelope");
    EXPECT_EQ(seen.events.size(), 2U) << key;
  }
}

TEST_F(JsonExportsTest, WhatAMappingCanSay) {
  want({"User", "Hashes", "Image", "Second", "Port", "Empty"});
  const Result<ShapeSet> own = ShapeSet::parse("mine.yml", R"(
shape: mine
recognise: [{path: kind, equals: [one, two]}]
fields:
  - map:
      User: {texts: ['{who.domain}\{who.name}']}
      Hashes: {texts: ['MD5={md5}', 'SHA1={sha1}', 'X={absent}'], with: ','}
      Empty: {texts: '{void}'}
  - under: {path: small, lower_first: true}
  - under: {path: '', prefix: 'x-'}
  - named: {path: list, name: k, value: [v, w]}
)",
                                               &ShapeSet::builtin());
  ASSERT_TRUE(own) << own.error().place << own.error().message;
  options.shapes = &*own;
  const SeenEvent event =
      read_json(R"({"kind":"TWO","who":{"domain":"D","name":"n\u0061"},"md5":"1","sha1":2,"void":"",)"
                R"("small":{"image":"i"},"x-Second":"s","Second":"no",)"
                R"("list":[{"w":80,"k":"Port"},{"k":"Image"},{"v":"z"}]})",
                options)
          .events.at(0);
  EXPECT_EQ(event.shape, "mine");
  EXPECT_THAT(texts(event, "User"), ElementsAre("D\\na"));
  EXPECT_THAT(texts(event, "Hashes"), ElementsAre("MD5=1,SHA1=2"));
  EXPECT_THAT(texts(event, "Empty"), IsEmpty());
  EXPECT_THAT(texts(event, "Image"), ElementsAre("i"));
  EXPECT_THAT(texts(event, "Second"), ElementsAre("s"));
  EXPECT_THAT(texts(event, "Port"), ElementsAre("80"));
  EXPECT_THAT(event.names, Contains(Pair("User", "D\\na")));
  EXPECT_THAT(event.names, Contains(Pair("Second", "s")));
}

}  // namespace
}  // namespace tocsin::evidence
