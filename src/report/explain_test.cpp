// The chain of a finding: out of a results file, and live; and a rule problem as people read it.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/fake_view.hpp"
#include "report/json_text.hpp"

namespace tocsin::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Stored : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::path(::testing::TempDir()) / ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string file(const std::string& text) {
    const std::string path = (folder_ / "results").string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
  static Result<std::string> chain(const std::string& path, std::string_view id) {
    StringSink sink;
    TOCSIN_CHECK(write_stored_finding(path, id, {}, sink));
    return sink.text;
  }
  std::filesystem::path folder_;
};

TEST_F(Stored, SaysTheSameFromJsonLinesAndJson) {
  const FakeView view = intrusion();
  const std::string id = view.findings_.back().id;
  const auto lines = chain(file(rendered(view, {ReportFormat::jsonl, Profile::full})), id);
  const auto document = chain(file(rendered(view, {ReportFormat::json, Profile::full})), id);
  ASSERT_TRUE(lines && document);
  EXPECT_EQ(*lines, *document);
  EXPECT_THAT(*lines, HasSubstr("B. Author"));
  EXPECT_THAT(*lines, HasSubstr("«calc»"));
  EXPECT_THAT(*lines, HasSubstr("parts 2 and 3 of 5 are missing"));
  EXPECT_THAT(*lines, HasSubstr("record 9001"));
  EXPECT_THAT(*lines, HasSubstr("1,048,576 bytes"));
  EXPECT_THAT(*lines, HasSubstr("12345678901234567890123"));
  EXPECT_THAT(*lines, Not(HasSubstr("\x1b")));
}

TEST_F(Stored, ReadsAReformattedDocumentToo) {
  const std::string text = rendered(intrusion(), {ReportFormat::json, Profile::standard});
  const auto found = chain(file(pretty_json(text)), intrusion().findings_.front().id);
  ASSERT_TRUE(found);
  EXPECT_THAT(*found, HasSubstr("«sekurlsa::»"));
}

TEST_F(Stored, TakesAUniqueBeginningOfAnId) {
  FakeView view = intrusion();
  view.findings_.resize(2);
  view.findings_[0].id = "aaaaaaaa" + std::string(24, '0');
  view.findings_[1].id = "aaaaaaaa" + std::string(24, '1');
  const std::string path = file(rendered(view, {ReportFormat::jsonl}));
  EXPECT_TRUE(chain(path, "aaaaaaaa0"));
  EXPECT_EQ(chain(path, "aaaaaaaa").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(chain(path, "bbbbbbbbb").error().code, ErrorCode::not_found);
  EXPECT_EQ(chain(path, "aaaa").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(chain(path, "AAAAAAAA0").error().code, ErrorCode::invalid_argument);
}

TEST_F(Stored, RefusesWhatIsNotOurs) {
  EXPECT_EQ(chain((folder_ / "absent").string(), "aaaaaaaa").error().code, ErrorCode::not_found);
  EXPECT_EQ(chain(file("hello\n"), "aaaaaaaa").error().code, ErrorCode::malformed);
  EXPECT_EQ(chain(file("{\"a\":1}\n"), "aaaaaaaa").error().code, ErrorCode::malformed);
  const std::string header = rendered(FakeView{}, {ReportFormat::jsonl});
  EXPECT_EQ(chain(file(header + "{\"type\":\"finding\",\"id\":\"aaaaaaaa\n"), "aaaaaaaa").error().code,
            ErrorCode::malformed);
  EXPECT_FALSE(chain(file(std::string(1 << 20, '[')), "aaaaaaaa"));
}

TEST(Explanation, ShowsTheTreeAndTheBytes) {
  Explanation explanation;
  const FakeView view = intrusion();
  explanation.rule = view.rules_[0], explanation.source = view.sources_[0];
  explanation.place = view.findings_[0].place;
  explanation.time = parse_time("2021-07-19T12:00:00.1234567Z");
  explanation.computer = "MAIL01", explanation.channel = "Security", explanation.provider = "A-Provider";
  explanation.event_id = 4688, explanation.notes = {"a note of the proof"};
  explanation.parts = {{0, {PlaceKind::evtx, 9001, 1, Place::kNone, 70000, 100, false}}};
  explanation.part_sources = {"old.zip!/a.evtx"};
  explanation.log_source_fits = true, explanation.log_source_detail = "security-4688";
  explanation.nodes = {{0, "condition", "selection and not filter", false, "", {}},
                       {1, "selection", "selection", true, "", {}},
                       {2, "field", "CommandLine|contains: sekurlsa::", true, "CommandLine is \"x\x1b[0m\"", {}},
                       {1, "not", "not filter", std::nullopt, "", {}}};
  explanation.raw = std::string("**\0\0", 4) + std::string(1000, 'x');
  StringSink sink;
  ASSERT_TRUE(write_explanation(explanation, {}, sink));
  EXPECT_TRUE(sink.text.starts_with("The rule does not match this event\n"));
  const std::string_view where = std::string_view(sink.text).substr(sink.text.find("WHERE IT LIES"));
  for (const char* text :
       {"time          2021-07-19T12:00:00.1234567Z", "host          MAIL01", "channel       Security",
        "provider      A-Provider", "event id      4688", "note          a note of the proof"}) {
    EXPECT_THAT(std::string(where.substr(0, where.find("LOG SOURCE"))), HasSubstr(text));
  }
  EXPECT_THAT(sink.text, HasSubstr("old.zip!/a.evtx, record 9001"));
  EXPECT_THAT(sink.text, HasSubstr("✗ condition: selection and not filter"));
  EXPECT_THAT(sink.text, HasSubstr("    ✓ selection"));
  EXPECT_THAT(sink.text, HasSubstr("00000000  2a 2a 00 00"));
  EXPECT_THAT(sink.text, HasSubstr("and 492 more bytes"));
  EXPECT_THAT(sink.text, Not(HasSubstr("\x1b")));
}

TEST(Problem, IsShownWithTheTextUnderlined) {
  const RuleProblem problem{RuleProblem::Severity::error,
                            "S012",
                            "rules/a.yml",
                            12,
                            9,
                            18,
                            "    Imäge|endwith: '\\cmd.exe'",
                            "`endwith` is no modifier",
                            "not known",
                            "did you mean `endswith`?",
                            "id"};
  EXPECT_EQ(format_problem(problem, false),
            "error[S012]: `endwith` is no modifier\n"
            "  --> rules/a.yml:12:9\n"
            "   |\n"
            "12 |     Imäge|endwith: '\\cmd.exe'\n"
            "   |         ^^^^^^^^^ not known\n"
            "   = help: did you mean `endswith`?\n");
  EXPECT_THAT(format_problem(problem, true), HasSubstr("\x1b[1;31merror[S012]\x1b[0m"));
  const RuleProblem bare{RuleProblem::Severity::warning, "S001", "b\x1b.yml", 0, 0, 0, "", "empty", "", "", ""};
  EXPECT_EQ(format_problem(bare, false), "warning[S001]: empty\n--> b\\x1B.yml\n");
}

TEST(JsonText, LaysOutWithoutChangingATokenAndFindsAMember) {
  EXPECT_EQ(pretty_json(R"({"a":[1,2.50,{}],"b":"x,{\"y\""})"),
            "{\n  \"a\": [\n    1,\n    2.50,\n    {}\n  ],\n  \"b\": \"x,{\\\"y\\\"\"\n}");
  EXPECT_EQ(json_member(R"({"x":{"event":1},"event":{"a":[1,2]},"z":3})", "event"), R"({"a":[1,2]})");
  EXPECT_EQ(json_member(R"({"x":"event","event":7})", "event"), "7");
  EXPECT_EQ(json_member("{", "event"), "");
}

}  // namespace
}  // namespace tocsin::report
