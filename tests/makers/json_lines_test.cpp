#include "tests/makers/json_lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/makers/evtx_json.hpp"
#include "tests/makers/samples.hpp"

namespace tocsin::makers {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(JsonLines, WinlogbeatHasTextsOnlyInEventDataAndMilliseconds) {
  const std::string line = winlogbeat_json(samples::logon());
  EXPECT_THAT(line, HasSubstr(R"("@timestamp":"2021-07-13T02:14:07.123Z")"));
  EXPECT_THAT(line, HasSubstr(R"("LogonType":"3")"));
  EXPECT_THAT(line, HasSubstr(R"("event":{"code":"4624")"));
  EXPECT_THAT(winlogbeat_json(samples::unnamed_data()), HasSubstr(R"("event_data":{"param1":"w3wp.exe","param2":)"));
  EXPECT_THAT(winlogbeat_json(samples::log_cleared()), HasSubstr(R"("user_data":{"xml_name":"LogFileCleared",)"));
}

TEST(JsonLines, ElasticWrapsTheSame) {
  EXPECT_THAT(elastic_json(samples::logon()), HasSubstr("\"_source\":" + winlogbeat_json(samples::logon()) + "}"));
}

TEST(JsonLines, FlatPutsFieldsSideBySide) {
  const std::string line = flat_json(samples::logon());
  EXPECT_THAT(line, HasSubstr(R"("EventTime":"2021-07-13 02:14:07")"));
  EXPECT_THAT(line, HasSubstr(R"("Keywords":-9214364837600034816)"));
  EXPECT_THAT(line, HasSubstr(R"("TargetUserName":"k.weiß")"));
  EXPECT_THAT(flat_json(samples::log_cleared()), HasSubstr(R"("SubjectUserName":"Administrator")"));
  EXPECT_THAT(flat_json(samples::unnamed_data()), HasSubstr(R"("Message":"w3wp.exe 10.0.17763.1  c0000005")"));
}

TEST(JsonLines, LinuxSysmonHasItsProvider) {
  const std::string line = evtx_json(linux_sysmon(1, {{"Image", value::string("/usr/bin/curl"), {}}}));
  EXPECT_THAT(line, HasSubstr(R"("Provider":{"#attributes":{"Name":"Linux-Sysmon")"));
  EXPECT_THAT(line, HasSubstr(R"("EventData":{"Image":"/usr/bin/curl"})"));
}

TEST(JsonLines, CloudTrailStandsAloneOrInAnEnvelope) {
  CloudTrailSpec spec;
  spec.time = *parse_time("2021-07-13T02:14:07Z");
  spec.request_parameters = {{"bucketName", "research"}};
  const std::string record = cloudtrail_json(spec);
  EXPECT_THAT(record, HasSubstr(R"("eventTime":"2021-07-13T02:14:07Z")"));
  EXPECT_THAT(record, HasSubstr(R"("requestParameters":{"bucketName":"research"},"responseElements":null)"));
  EXPECT_THAT(record, Not(HasSubstr("errorCode")));
  EXPECT_EQ(cloudtrail_records({spec, spec}), "{\"Records\":[" + record + "," + record + "]}");
}

}  // namespace
}  // namespace tocsin::makers
