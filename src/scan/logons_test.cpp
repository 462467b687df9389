#include "scan/logons.hpp"

#include "scan/answers_testing.hpp"
#include "scan/logon_event.hpp"

namespace tocsin::scanning {
namespace {

using testing::Data;
using testing::MadeEvent;
using Kind = Logons::Kind;

class LogonsTest : public testing::AnswerTest {
 protected:
  Logons summed(unsigned threads = 1, std::uint64_t unit_bytes = 0) const {
    const EvidenceOptions options = evidence(threads, unit_bytes);
    ReadingInputs inputs;
    inputs.evidence = &options;
    auto result = run_logons(inputs);
    EXPECT_TRUE(result) << result.error().message;
    return std::move(*result);
  }
};

std::string at(int second) {
  const std::string two = std::to_string(100 + second % 60).substr(1);
  return "2021-07-19T12:" + std::to_string(10 + second / 60) + ":" + two + ".0000000Z";
}

MadeEvent logged_on(const std::string& user, const std::string& type, const std::string& session, int second,
                    const std::string& ip = "10.0.0.7") {
  return {.time = at(second),
          .id = 4624,
          .data = {{"TargetUserName", user},
                   {"TargetDomainName", "CORP"},
                   {"LogonType", type},
                   {"IpAddress", ip},
                   {"WorkstationName", "PC7"},
                   {"AuthenticationPackageName", "NTLM"},
                   {"LmPackageName", "NTLM V2"},
                   {"TargetLogonId", session}}};
}
MadeEvent failed(const std::string& user, const std::string& sub_status, int second) {
  return {.time = at(second),
          .id = 4625,
          .data = {{"TargetUserName", user},
                   {"TargetDomainName", "CORP"},
                   {"LogonType", "3"},
                   {"IpAddress", "10.0.0.7"},
                   {"WorkstationName", "PC7"},
                   {"AuthenticationPackageName", "NTLM"},
                   {"LmPackageName", "-"},
                   {"Status", "0xc000006d"},
                   {"SubStatus", sub_status}}};
}
MadeEvent ended(const std::string& user, const std::string& session, int second) {
  return {
      .time = at(second),
      .id = 4634,
      .data = {{"TargetUserName", user}, {"TargetDomainName", "CORP"}, {"LogonType", "3"}, {"TargetLogonId", session}}};
}
MadeEvent privileged(const std::string& user, const std::string& session, int second) {
  return {.time = at(second),
          .id = 4672,
          .data = {{"SubjectUserName", user}, {"SubjectDomainName", "CORP"}, {"SubjectLogonId", session}}};
}

TEST_F(LogonsTest, JoinsALogOnWithItsPrivilegesAndItsEnd) {
  write("a.ndjson",
        std::vector{ended("anna", "0x5", 90), logged_on("anna", "3", "0x5", 10), privileged("anna", "0x5", 10),
                    logged_on("anna", "3", "0x6", 20), ended("anna", "0x9", 30)});
  const Logons logons = summed();
  ASSERT_EQ(logons.rows.size(), 1U);
  const Logons::Row& row = logons.rows[0];
  EXPECT_EQ(row.account, "CORP\\anna");
  EXPECT_EQ(row.type, "network");
  EXPECT_EQ(row.source, "10.0.0.7 (PC7)");
  EXPECT_EQ(row.package, "NTLM V2");
  EXPECT_EQ(row.successes, 2U);
  EXPECT_EQ(row.privileged, 1U);
  EXPECT_EQ(row.ended, 1U);
  EXPECT_EQ(row.longest, 80LL * 10'000'000);
  EXPECT_EQ(format_time(*row.first).substr(11, 8), "12:10:10");
  EXPECT_EQ(format_time(*row.last).substr(11, 8), "12:10:20");
}

TEST_F(LogonsTest, FailuresHaveTheirReasonsInWords) {
  write("a.ndjson", std::vector{failed("anna", "0xc000006a", 1), failed("ANNA", "0xC000006A", 2),
                                failed("anna", "0xc0000234", 3), failed("nobody", "0x0", 4)});
  const Logons logons = summed();
  ASSERT_EQ(logons.rows.size(), 2U);  // accounts have no case
  EXPECT_EQ(logons.rows[0].failures, 3U);
  EXPECT_EQ(logons.rows[0].reasons,
            (std::map<std::string, std::uint64_t>{{"the account is locked out", 1}, {"wrong password", 2}}));
  EXPECT_EQ(logons.rows[1].reasons.begin()->first, "wrong name or password");
}

TEST_F(LogonsTest, ReadsTheOtherKinds) {
  write("a.ndjson",
        std::vector<MadeEvent>{
            {.id = 4648,
             .data = {{"SubjectUserName", "anna"},
                      {"SubjectDomainName", "CORP"},
                      {"TargetUserName", "admin"},
                      {"TargetDomainName", "CORP"},
                      {"TargetServerName", "FILES01"}}},
            {.id = 4771, .data = {{"TargetUserName", "anna"}, {"IpAddress", "::ffff:10.0.0.9"}, {"Status", "0x18"}}},
            {.id = 4769,
             .data = {{"TargetUserName", "anna@CORP.EXAMPLE"},
                      {"TargetDomainName", "CORP.EXAMPLE"},
                      {"ServiceName", "sql"},
                      {"IpAddress", "::ffff:10.0.0.9"},
                      {"Status", "0x0"}}},
            {.id = 4776, .data = {{"TargetUserName", "anna"}, {"Workstation", "PC9"}, {"Status", "0xc0000064"}}},
            {.channel = "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
             .id = 21,
             .data = {{"User", "CORP\\anna"}, {"Address", "203.0.113.9"}}},
            {.channel = "Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational",
             .id = 1149,
             .data = {{"Param1", "anna"}, {"Param2", "CORP"}, {"Param3", "203.0.113.9"}}},
            {.id = 4688, .data = {{"TargetUserName", "anna"}}}});
  const Logons logons = summed();
  ASSERT_EQ(logons.rows.size(), 6U);
  EXPECT_EQ(logons.rows[0].kind, Kind::other_credentials);
  EXPECT_EQ(logons.rows[0].by, "CORP\\anna");
  EXPECT_EQ(logons.rows[0].to, "FILES01");
  EXPECT_EQ(logons.rows[1].kind, Kind::remote_desktop);
  EXPECT_EQ(logons.rows[1].account, "CORP\\anna");
  EXPECT_EQ(logons.rows[3].reasons.begin()->first, "wrong password");
  EXPECT_EQ(logons.rows[3].source, "10.0.0.9");
  EXPECT_EQ(logons.rows[4].account, "CORP.EXAMPLE\\anna");
  EXPECT_EQ(logons.rows[4].to, "sql");
  EXPECT_EQ(logons.rows[5].reasons.begin()->first, "no such account");
}

TEST_F(LogonsTest, ComputersAreSystemUnlessAPersonSatThere) {
  write("a.ndjson", std::vector{logged_on("SRV1$", "3", "0x1", 1), logged_on("SYSTEM", "5", "0x2", 2),
                                logged_on("evil$", "10", "0x3", 3), logged_on("anna", "3", "0x4", 4)});
  std::map<std::string, bool> system;
  for (const Logons::Row& row : summed().rows) system[row.account] = row.system;
  EXPECT_EQ(system, (std::map<std::string, bool>{
                        {"CORP\\SRV1$", true}, {"CORP\\SYSTEM", true}, {"CORP\\evil$", false}, {"CORP\\anna", false}}));
}

TEST_F(LogonsTest, OneRecordInTwoFilesIsCountedOnce) {
  MadeEvent event = logged_on("anna", "3", "0x1", 1);
  event.data.emplace_back("EventRecordID", "77");
  write("a.ndjson", std::vector{event});
  write("archive.ndjson", std::vector{event});
  const Logons logons = summed();
  EXPECT_EQ(logons.rows.at(0).successes, 1U);
  EXPECT_EQ(logons.repeated, 1U);
}

TEST_F(LogonsTest, TheSameOnAnyNumberOfThreadsAndBoundedForManyAccounts) {
  std::vector<MadeEvent> events;
  for (int i = 0; i < 25'000; ++i) events.push_back(failed("user" + std::to_string(i), "0xc0000064", i % 60));
  write("a.ndjson", events);
  const Logons one = summed(1);
  EXPECT_EQ(one.rows.size(), 20'000U);
  EXPECT_EQ(one.not_told_apart, 5'000U);
  const Logons many = summed(5, 4000);
  ASSERT_EQ(many.rows.size(), one.rows.size());
  for (std::size_t i = 0; i < one.rows.size(); i += 97) EXPECT_EQ(many.rows[i].account, one.rows[i].account);
}

TEST(LogonWords, NumbersHaveWordsOrStayThemselves) {
  EXPECT_EQ(logon_type_name("10"), "remote desktop");
  EXPECT_EQ(logon_type_name("99"), "type 99");
  EXPECT_EQ(status_words("0xC000006A"), "wrong password");
  EXPECT_EQ(status_words("0xdead"), "status 0xdead");
  EXPECT_EQ(status_words(""), "no reason given");
  EXPECT_EQ(kerberos_words("0x6"), "no such account");
  EXPECT_TRUE(is_system_account("Window Manager\\DWM-3"));
  EXPECT_FALSE(is_system_account("CORP\\DWM-x"));
  EXPECT_TRUE(is_system_account(""));
}

}  // namespace
}  // namespace tocsin::scanning
