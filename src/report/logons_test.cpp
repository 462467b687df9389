// Log-ons as text and JSON; who failed, then logged on.
#include "report/answer_testing.hpp"

namespace tocsin::report {
namespace {

using ::testing::ElementsAre;

Logons::Row logon(const char* account, const char* source, std::uint64_t successes, std::uint64_t failures,
                  const char* first, const char* last) {
  Logons::Row row;
  row.account = account, row.source = source, row.type = "network", row.package = "NTLM";
  row.host = "MAIL01.campus.example", row.successes = successes, row.failures = failures;
  row.first = at(first), row.last = at(last);
  if (failures > 0) row.reasons = {{"wrong password", failures}};
  return row;
}

Logons summed() {
  Logons out;
  out.reading = reading();
  out.rows = {logon("CAMPUS\\k.osei", "203.0.113.66 (PC1)", 0, 15, "2021-07-19T20:00:00Z", "2021-07-19T20:01:00Z"),
              logon("CAMPUS\\k.osei", "203.0.113.66", 1, 0, "2021-07-19T20:05:30Z", "2021-07-19T20:05:30Z"),
              logon("evil\x1b[2J", "10.0.0.9", 3, 0, "2021-07-19T08:00:00Z", "2021-07-19T09:00:00Z"),
              logon("CAMPUS\\MAIL01$", "10.0.0.1", 400, 2, "2021-07-19T00:00:00Z", "2021-07-19T23:00:00Z")};
  out.rows[0].reasons = {{"the account is locked out", 1}, {"wrong password", 14}};
  out.rows[2].privileged = 2, out.rows[2].ended = 1, out.rows[2].longest = kHour;
  out.rows[3].system = true;
  Logons::Row other = logon("CAMPUS\\admin", "", 2, 0, "2021-07-19T10:00:00Z", "2021-07-19T11:00:00Z");
  other.kind = Logons::Kind::other_credentials, other.by = "CAMPUS\\anna", other.to = "FILES01";
  other.type = other.package = "";
  Logons::Row ticket = logon("CAMPUS\\anna", "10.0.0.7", 5, 1, "2021-07-19T10:00:00Z", "2021-07-19T11:00:00Z");
  ticket.kind = Logons::Kind::kerberos, ticket.type = "service ticket", ticket.to = "sql", ticket.package = "";
  out.rows.push_back(std::move(other));
  out.rows.push_back(std::move(ticket));
  out.repeated = 3;
  return out;
}

Write logons_writer(const Logons& logons, bool all = false) {
  return [&logons, all](const ReportOptions& options, ByteSink& sink) {
    return write_logons(logons, {std::nullopt, all}, options, sink);
  };
}

TEST(LogonsWriter, TextIsAsReviewedAndJsonAgrees) {
  const Logons logons = summed();
  expect_golden("logons_100.txt", text_of(logons_writer(logons)));
  expect_golden("logons_160.txt", text_of(logons_writer(logons, true), 160));
  expect_sound(logons_writer(logons), "tocsin.logons");
}

TEST(LogonsWriter, JsonRowsHaveTheirKeysAndSystemRowsOnlyWithAll) {
  const Logons logons = summed();
  const auto some = lines_of(logons_writer(logons)), all = lines_of(logons_writer(logons, true));
  EXPECT_EQ(some.size() + 1, all.size());
  EXPECT_EQ(some.back()["rows_hidden"], 1);
  EXPECT_EQ(all.back()["rows_hidden"], 0);
  EXPECT_EQ(all.back()["repeated"], 3);
  EXPECT_THAT(keys(some[1]), ElementsAre("type", "kind", "account", "logon_type", "source", "package", "by", "to",
                                         "host", "successes", "failures", "reasons", "privileged", "ended",
                                         "longest_seconds", "first_time", "last_time", "system"));
  EXPECT_EQ(some[1]["reasons"]["wrong password"], 14);
  EXPECT_EQ(some[3]["longest_seconds"], 3600);
  EXPECT_TRUE(some[1]["longest_seconds"].is_null());
}

std::string guessed_in(Logons::Row failures, Logons::Row successes) {
  Logons logons;
  logons.reading = reading();
  logons.rows = {std::move(failures), std::move(successes)};
  const std::string text = text_of(logons_writer(logons), 160);
  const std::size_t begin = text.find("FAILED, THEN LOGGED ON");
  return begin == std::string::npos ? "" : text.substr(begin, text.find("\n\n", begin) - begin);
}

const Logons::Row kBad = logon("A\\k", "203.0.113.6 (PC1)", 0, 10, "2021-07-19T20:00:00Z", "2021-07-19T20:01:00Z");
const Logons::Row kGood = logon("A\\k", "203.0.113.6", 9, 0, "2021-07-19T18:00:00Z", "2021-07-19T20:00:30Z");

TEST(LogonsWriter, FailedThenLoggedOnIsToldOfTheSameAccountFromTheSamePlace) {
  EXPECT_EQ(guessed_in(kBad, kGood),
            "FAILED, THEN LOGGED ON  the same account from the same place\n"
            "  A\\k from 203.0.113.6 (PC1) at MAIL01: 10 failed from 2021-07-19 20:00:00 on, last logged on 2021-07-19 "
            "20:00:30");
  Logons::Row remote = kGood;
  remote.type = "remote desktop", remote.package = "Kerberos";
  EXPECT_NE(guessed_in(kBad, remote), "") << "how does not matter";
}

TEST(LogonsWriter, FailedThenLoggedOnIsNotToldOfNearMisses) {
  const auto told = [](auto change) {
    Logons::Row bad = kBad, good = kGood;
    change(bad, good);
    return guessed_in(bad, good);
  };
  EXPECT_EQ(told([](auto& bad, auto&) { bad.failures = 9; }), "");
  EXPECT_EQ(told([](auto&, auto& good) { good.successes = 10; }), "");
  EXPECT_EQ(told([](auto&, auto& good) { good.successes = 0; }), "");
  EXPECT_EQ(told([](auto&, auto& good) { good.account = "A\\l"; }), "");
  EXPECT_EQ(told([](auto&, auto& good) { good.source = "203.0.113.60"; }), "");
  EXPECT_EQ(told([](auto&, auto& good) { good.host = "DC01"; }), "");
  EXPECT_EQ(told([](auto&, auto& good) { good.kind = Logons::Kind::ntlm; }), "");
  EXPECT_EQ(told([](auto&, auto& good) { good.last = at("2021-07-19T19:59:59Z"); }), "");
  EXPECT_EQ(told([](auto& bad, auto& good) { bad.source = good.source = ""; }), "");
  EXPECT_EQ(told([](auto& bad, auto& good) { bad.first = bad.last = good.last = std::nullopt; }), "");
}

}  // namespace
}  // namespace tocsin::report
