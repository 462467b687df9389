// The text summary as a golden at 80 and 160 columns, and what hostile text may not do to a terminal.
#include "base/text.hpp"

#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/advice.hpp"
#include "report/display.hpp"
#include "report/fake_view.hpp"
#include "report/golden_testing.hpp"
#include "report/rollup.hpp"

namespace tocsin::report {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Text, SummaryIsAsReviewed) {
  expect_golden("summary_80.txt", rendered(intrusion(), {ReportFormat::text, Profile::standard, 80}));
  expect_golden("summary_160.txt", rendered(intrusion(), {ReportFormat::text, Profile::standard, 160}));
  expect_golden("summary_80_ascii.txt",
                rendered(intrusion(), {ReportFormat::text, Profile::standard, 80, false, false}));
  expect_golden("summary_nothing_80.txt", rendered(FakeView{}, {ReportFormat::text, Profile::standard, 80}));
}

TEST(Text, NoLineIsWiderThanAsked) {
  for (const unsigned width : {60U, 72U, 80U, 100U, 120U, 160U, 250U}) {
    for (const ReportFormat format : {ReportFormat::text, ReportFormat::table}) {
      std::istringstream lines(rendered(intrusion(), {format, Profile::standard, width}));
      for (std::string line; std::getline(lines, line);) EXPECT_LE(columns(line), width) << line;
    }
  }
}

TEST(Text, FiveThousandEqualFindingsAreOneLine) {
  const std::string text = rendered(intrusion(), {ReportFormat::text, Profile::standard, 160});
  EXPECT_THAT(text, HasSubstr("5,000 ×  Who Am I"));
  EXPECT_LT(std::ranges::count(text, '\n'), 80);
}

TEST(Text, ManyTechniquesAreCutToTheGravest) {
  FakeView view = intrusion();
  for (int i = 0; i < 60; ++i) view.rules_[1].techniques.push_back("T2" + std::to_string(100 + i));
  const std::string text = rendered(view, {ReportFormat::text, Profile::standard, 160});
  EXPECT_THAT(text, HasSubstr("64 ATT&CK techniques"));
  EXPECT_THAT(text,
              HasSubstr("T1003.001 LSASS Memory  T1033 System Owner/User Discovery ×5,000  T1059.001 PowerShell"));
  EXPECT_THAT(text, HasSubstr("and 24 more, of lower level"));
}

TEST(Text, OneTechniqueUnderTwoIdsIsOne) {
  FakeView view = intrusion();
  view.rules_[0].techniques = {"T1562.001", "T1562.006"};  // both became T1685
  view.rules_[1].techniques = {"T1685"};
  const std::string text = rendered(view, {ReportFormat::text, Profile::standard, 160});
  EXPECT_THAT(text, HasSubstr("T1685 Disable or Modify Tools"));
  EXPECT_THAT(text, Not(HasSubstr("T1562")));
}

TEST(Text, NoRulesIsNotNothingFound) {
  EXPECT_THAT(rendered(FakeView{}, {ReportFormat::text, Profile::standard, 80}), HasSubstr("nothing was judged"));
}

TEST(Advice, IsWhatTheLogSourcesKnow) {
  const FakeView view = intrusion();
  EXPECT_EQ(advice(view, CoverageReason::channel_absent, "microsoft-windows-sysmon/operational", {0}),
            "fetch Sysmon%4Operational.evtx; without one, Sysmon was not installed");
  EXPECT_EQ(advice(view, CoverageReason::event_id_absent, "security: event id 5145", {1}),
            "switch on Audit Detailed File Share (success)");
}

// A log that tells of the same elsewhere is no setting of the log that is here; and where nothing helps, that is said.
TEST(Advice, IsNeverSilent) {
  FakeView view = intrusion();
  Setting fetch;
  fetch.title = "the Security log", fetch.fetch = "Security.evtx";
  view.settings_.push_back(fetch);
  const auto last = static_cast<std::uint32_t>(view.settings_.size() - 1);
  EXPECT_EQ(advice(view, CoverageReason::event_id_absent, "sysmon: event id 13", {last}),
            "fetch Security.evtx, which tells of the same in its own events");
  EXPECT_EQ(advice(view, CoverageReason::event_id_absent, "sysmon: event id 13", {1, last}),
            "switch on Audit Detailed File Share (success)");
  EXPECT_EQ(advice(view, CoverageReason::event_id_absent, "sysmon: event id 4, 16", {}),
            "nothing to switch on is known: perhaps it never happened");
  EXPECT_EQ(advice(view, CoverageReason::field_absent, "sysmon: Hashes", {}),
            "nothing is known that would give these fields");
  for (const auto reason : {CoverageReason::no_reader, CoverageReason::unsupported, CoverageReason::out_of_reach,
                            CoverageReason::placeholder}) {
    EXPECT_THAT(reason_text(reason), HasSubstr(": ")) << to_string(reason);
  }
}

TEST(Advice, NamesTheFileOfAnyWindowsChannel) {
  const auto fetch = [](std::string_view detail) {
    return advice(FakeView{}, CoverageReason::channel_absent, detail, {});
  };
  const char* const kHandIn = "hand in such a log, if there is one; nothing to switch on is known";
  EXPECT_EQ(fetch("microsoft-windows-smbclient/security"), "fetch Microsoft-Windows-Smbclient%4Security.evtx");
  EXPECT_EQ(fetch("Security log of another product"), kHandIn);
  EXPECT_EQ(fetch("microsoft-windows-a, microsoft-windows-b"), kHandIn);
  EXPECT_EQ(fetch(""), kHandIn);
}

TEST(Rollup, CountsRulesByTechniqueAndSetting) {
  const Result<Rollup> rollup = roll_up(intrusion());
  ASSERT_TRUE(rollup);
  const auto technique = std::ranges::find(rollup->techniques, "T1055", &TechniqueCoverage::technique);
  ASSERT_NE(technique, rollup->techniques.end());
  EXPECT_EQ(technique->not_evaluable, 1U);
  EXPECT_EQ(technique->matched + technique->not_seen, 0U);
  EXPECT_THAT(technique->settings, ElementsAre(0));
  ASSERT_EQ(rollup->settings.size(), 3U);
  EXPECT_EQ(rollup->settings[0].setting, 0U);
  EXPECT_EQ(rollup->settings[0].rules, 1U);
  EXPECT_THAT(rollup->settings[0].techniques, ElementsAre("T1055"));
}

TEST(Rollup, AShortReachAsksForALargerLog) {
  FakeView view = intrusion();
  Rollup rollup = roll_up(view).value();
  EXPECT_EQ(rollup.settings.back().setting, 2U);
  EXPECT_FALSE(rollup.settings.back().short_sources.empty());  // 14 days of the 30 wanted
  const std::size_t before = rollup.settings.back().short_sources.size();
  view.sources_[0].size = kLeastRolledBytes - 1;  // an export of a few events is no log that rolled over
  rollup = roll_up(view).value();
  EXPECT_EQ(rollup.settings.back().short_sources.size(), before - 1);
  for (SourceInfo& one : view.sources_) {
    if (one.last_time) one.first_time = Timestamp{one.last_time->ticks - std::int64_t{31} * 24 * 3600 * 10'000'000};
  }
  rollup = roll_up(view).value();
  for (const SettingUse& use : rollup.settings) EXPECT_NE(use.setting, 2U);
}

TEST(Text, AuthorsAreNeverCut) {
  for (const ReportFormat format : {ReportFormat::text, ReportFormat::table}) {
    std::string text = rendered(intrusion(), {format, Profile::standard, 60});
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos;) {
      text.replace(at, std::min(text.find_first_not_of("\n ", at), text.size()) - at, " ");
    }
    EXPECT_THAT(text, HasSubstr("by A Very Long List (Of Authors), Who All Want (To Be Named), And Must Be Named (By "
                                "Licence)"));
  }
}

TEST(Text, ColourOnlyIfAskedAndHostileTextIsVisible) {
  for (const ReportFormat format : {ReportFormat::text, ReportFormat::table, ReportFormat::csv}) {
    const std::string plain = rendered(intrusion(), {format, Profile::standard, 160});
    EXPECT_THAT(plain, Not(HasSubstr("\x1b")));
    EXPECT_THAT(plain, Not(HasSubstr("\u202E")));
    EXPECT_TRUE(base::is_utf8(plain));
  }
  const std::string ascii = rendered(intrusion(), {ReportFormat::text, Profile::standard, 80, false, false});
  EXPECT_TRUE(base::is_ascii(ascii));
  EXPECT_THAT(rendered(intrusion(), {ReportFormat::text, Profile::standard, 80, true}), HasSubstr("\x1b[1;31m"));
}

TEST(Display, MakesVisibleWhatDeceives) {
  const auto shown = [](std::string_view text) { return visible(text, Charset::unicode); };
  EXPECT_EQ(shown("a\nb\tc\rd"), "a\\nb\\tc\\rd");
  EXPECT_EQ(shown("\x1b]0;title\a\x7f"), "\\x1B]0;title\\x07\\x7F");
  EXPECT_EQ(shown("\u202Eexe.txt\u2066\u200B\uFEFF"), "\\u{202E}exe.txt\\u{2066}\\u{200B}\\u{FEFF}");
  EXPECT_EQ(shown("\u0085\u2028"), "\\u{0085}\\u{2028}");
  EXPECT_EQ(shown("\xC3\x28\xFF"), "\\xC3(\\xFF");
  EXPECT_EQ(shown("Müller 東京 \\x"), "Müller 東京 \\x");
  EXPECT_EQ(visible("Müller", Charset::ascii), "M\\u{00FC}ller");
}

TEST(Display, MeasuresAndCutsInColumns) {
  EXPECT_EQ(columns("東京"), 4U);
  EXPECT_EQ(columns("e\u0301"), 1U);
  EXPECT_EQ(cut_end("東京都", 5, Charset::unicode), "東京…");
  EXPECT_EQ(cut_end("東京都", 6, Charset::unicode), "東京都");
  EXPECT_EQ(cut_begin("abcdef", 4, Charset::unicode), "…def");
  EXPECT_EQ(cut_end("abcdef", 4, Charset::ascii), "ab..");
  EXPECT_THAT(wrap("one two three", 7), ::testing::ElementsAre("one two", "three"));
  EXPECT_THAT(wrap("abcdefgh", 3), ::testing::ElementsAre("abc", "def", "gh"));
  EXPECT_THAT(wrap("", 3), ::testing::ElementsAre(""));
  EXPECT_EQ(wrap(std::string(4'000'000, 'x'), 100).size(), 40'000U);
}

TEST(Display, ExcerptKeepsTheMatchInSight) {
  const std::string value = std::string(5000, 'a') + "needle" + std::string(5000, 'b');
  const Excerpt part = excerpt(value, {5000, 5006}, 20, Charset::unicode);
  EXPECT_EQ(part.before + part.matched + part.after, "…aaaaaaneedlebbbbbb…");
  const Excerpt whole = excerpt("abc", {0, 3}, 20, Charset::unicode);
  EXPECT_EQ(whole.before + "|" + whole.matched + "|" + whole.after, "|abc|");
  // A span that does not fit its value (an old or edited results file) is clamped.
  const Excerpt wrong = excerpt("abc", {7, 2}, 20, Charset::unicode);
  EXPECT_EQ(wrong.before + "|" + wrong.matched + "|" + wrong.after, "abc||");
}

TEST(Display, NumbersAndTimes) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(1234567), "1,234,567");
  EXPECT_EQ(time_range(at("2024-03-11T02:14:07Z"), at("2024-03-11T02:16:33Z")), "2024-03-11 02:14:07 to 02:16:33");
  EXPECT_EQ(duration(at("2024-03-01"), at("2024-03-03T05:00:00Z")), "2 d 5 h");
  EXPECT_EQ(duration(at("2024-03-01"), at("2024-03-01T00:00:30Z")), "30 s");
}

}  // namespace
}  // namespace tocsin::report
