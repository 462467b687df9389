// The command line as a function: table, parser, help, suggestions, exit codes; and that outputs cannot hit evidence.
// What the program prints and how it ends is tested by tests/e2e.
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evidence_guard.hpp"
#include "exit_codes.hpp"
#include "flags.hpp"
#include "help.hpp"
#include "output_file.hpp"
#include "parse.hpp"
#include "progress.hpp"
#include "suggest.hpp"
#include "tests/support/paths.hpp"

namespace tocsin::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

Result<Options> parsed(const std::vector<std::string>& arguments) {
  auto result = parse_command_line(arguments);
  if (!result) return std::unexpected(result.error());
  if (const auto* text = std::get_if<TextWanted>(&*result)) return fail(ErrorCode::conflict, text->text);
  return std::get<Options>(*result);
}
std::string message(const std::vector<std::string>& arguments) {
  const auto result = parsed(arguments);
  return result ? std::string("accepted") : result.error().message + " | " + result.error().hint;
}

TEST(Flags, TableIsSound) {
  std::set<std::string_view> names;
  for (const Flag& flag : flags()) {
    EXPECT_TRUE(flag.name.starts_with("--")) << flag.name;
    EXPECT_TRUE(names.insert(flag.name).second) << flag.name;
    if (!flag.brief.empty()) {
      EXPECT_TRUE(names.insert(flag.brief).second) << flag.brief;
    }
    EXPECT_NE(flag.commands, 0U) << flag.name;
    EXPECT_FALSE(flag.help.empty() || flag.help.ends_with('.')) << flag.name;
    EXPECT_FALSE(flag.repeatable && flag.value.empty()) << flag.name;
  }
}

// The list for completions and the parser's own are one.
TEST(Flags, ChoicesAreWhatTheFlagTakes) {
  for (const Flag& flag : flags()) {
    Options options;
    const auto taken = flag.value.empty() ? Result<void>{} : flag.apply(options, "?");
    std::string expected;
    if (!taken && taken.error().message.starts_with("expected one of ")) {
      expected = taken.error().message.substr(16, taken.error().message.find(", found") - 16);
      std::erase(expected, ',');
    }
    EXPECT_EQ(flag.choices, expected) << flag.name;
  }
}

TEST(Flags, HelpShowsEveryFlagOfTheCommandAndNoOther) {
  for (const CommandInfo& info : commands()) {
    const std::string text = help_text(info.command);
    for (const Flag& flag : flags()) {
      const auto in_list = [&](std::string_view lead, std::string_view behind) {
        return text.find(std::string(lead) + std::string(flag.name) + std::string(behind)) != std::string::npos;
      };
      const bool listed = in_list(", ", " ") || in_list("      ", " ") || in_list("      ", "\n");
      EXPECT_EQ(listed, has(flag, info.command)) << info.name << " " << flag.name;
    }
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
      EXPECT_TRUE(line.size() <= 82U || line.find("tocsin ") == 2) << line;  // examples may be long
    EXPECT_THAT(help_text(), HasSubstr(std::string(info.name)));
  }
}

TEST(Help, TellsOfAFlagWhatItIsForTheCommand) {
  Flag flag{"--x", "", "", "G", 0, false, "all: of it; metrics: one; search, logons: two: three; the end", nullptr};
  EXPECT_EQ(help_of(flag, Command::metrics), "all: of it; one; the end");
  EXPECT_EQ(help_of(flag, Command::logons), "all: of it; two: three; the end");
  EXPECT_EQ(help_of(flag, Command::doctor), "all: of it; the end");
  EXPECT_THAT(help_text(Command::scan), HasSubstr("1 where --fail-on asks for it"));
  EXPECT_THAT(help_text(Command::search), Not(HasSubstr("fail-on")));
  EXPECT_THAT(help_text(Command::search), Not(HasSubstr("sarif")));
}

TEST(Parse, TakesEveryFlagOfScan) {
  const auto options = parsed({"scan",
                               "a",
                               "--rules",
                               "r1",
                               "-r",
                               "r2",
                               "--level",
                               "high",
                               "--from",
                               "2021-07-01",
                               "--to",
                               "2021-08-01T00:00:00Z",
                               "--format=jsonl",
                               "-o",
                               "out",
                               "-j",
                               "3",
                               "--tag",
                               "attack.t1059",
                               "--expand",
                               "admins=f",
                               "--quiet",
                               "--fail-on",
                               "critical",
                               "--",
                               "-b"});
  ASSERT_TRUE(options) << options.error().message;
  EXPECT_THAT(options->evidence.paths, ElementsAre("a", "-b"));
  EXPECT_THAT(options->rules.paths, ElementsAre("r1", "r2"));
  EXPECT_EQ(options->rules.selection.minimum_level, Level::high);
  EXPECT_EQ(options->evidence.from, parse_time("2021-07-01"));
  EXPECT_EQ(options->format, ReportFormat::jsonl);
  EXPECT_EQ(options->evidence.threads, 3U);
  EXPECT_EQ(options->rules.placeholders.at(0).name, "admins");
  EXPECT_EQ(options->fail_on, Level::critical);
  EXPECT_TRUE(options->quiet);
  EXPECT_THAT(parsed({"scan", "-"})->evidence.paths, ElementsAre("-"));
  EXPECT_THAT(parsed({"scan", "[a,b]", "{}", "--tag", "{}", "c"})->evidence.paths, ElementsAre("[a,b]", "{}", "c"));
  EXPECT_THAT(parsed({"scan", "a", "--tag", "[x,y]"})->rules.selection.tags, ElementsAre("[x,y]"));
}

TEST(Parse, EveryFlagOfEveryCommandIsKnownToTheParser) {
  for (const CommandInfo& info : commands()) {
    for (const Flag& flag : flags()) {
      std::vector<std::string> arguments;
      std::istringstream words{std::string(info.name)};
      for (std::string word; words >> word;) arguments.push_back(word);
      arguments.insert(arguments.end(), {"x", "y"});
      arguments.push_back(std::string(flag.name) + (flag.value.empty() ? "" : "=?"));
      const std::string said = message(arguments);
      EXPECT_EQ(said.find("has no flag") == std::string::npos, has(flag, info.command)) << info.name << " " << said;
      EXPECT_EQ(said.find("unknown flag"), std::string::npos) << said;
    }
  }
}

TEST(Parse, TimesMayHaveAnOffsetInEitherSpelling) {
  for (const char* text : {"2021-07-01T02:00+02:00", "2021-07-01T02:00:00+0200", "2021-07-01 02:00:00+02"}) {
    const auto options = parsed({"scan", "a", "--from", text});
    ASSERT_TRUE(options) << options.error().message;
    EXPECT_EQ(options->evidence.from, parse_time("2021-07-01")) << text;
  }
}

TEST(Parse, SaysWhatIsWrongAndWhatWasMeant) {
  EXPECT_THAT(message({"scan", "a", "--ruels", "x"}), HasSubstr("unknown flag --ruels | did you mean --rules?"));
  EXPECT_THAT(message({"scna", "a"}), HasSubstr("unknown command 'scna' | did you mean 'scan'?"));
  EXPECT_THAT(message({"rules", "lst"}), HasSubstr("did you mean 'rules list'?"));
  EXPECT_THAT(message({"scan", "a", "--level", "hgih"}), HasSubstr("did you mean 'high'?"));
  EXPECT_THAT(message({"scan", "a", "--from", "yesterday"}),
              HasSubstr("--from: expected a time like 2021-07-19T12:00:00Z, found 'yesterday'"));
  EXPECT_THAT(message({"scan", "a", "--from", "2021-02-30"}), HasSubstr("--from: expected a time"));
  EXPECT_THAT(message({"scan", "a", "--from", "2021-07-02", "--to", "2021-07-01"}), HasSubstr("is not before"));
  EXPECT_THAT(message({"scan", "a", "--threads", "0"}), HasSubstr("expected a number from 1"));
  EXPECT_THAT(message({"scan", "a", "--expand", "admins"}), HasSubstr("expected NAME=FILE"));
  EXPECT_THAT(message({"scan", "a", "--level", "low", "--level", "high"}), HasSubstr("given 2 times"));
  EXPECT_THAT(message({"scan", "a", "--output"}), HasSubstr("--output"));
  EXPECT_THAT(message({"dump", "a", "--rules", "r"}), HasSubstr("`tocsin dump` has no flag --rules"));
  EXPECT_THAT(message({"scan", "a", "--follow=no"}), HasSubstr("--follow takes no value"));
  EXPECT_THAT(message({"scan"}), HasSubstr("expected a file or folder"));
  EXPECT_THAT(message({}), HasSubstr("expected a command"));
  EXPECT_THAT(message({"explain", "abc"}), HasSubstr("expected --results FILE or the evidence"));
  EXPECT_THAT(message({"explain", "a", "--rule", "x"}), HasSubstr("belong together"));
  EXPECT_THAT(message({"rules", "show"}), HasSubstr("expected a rule's id"));
  EXPECT_THAT(message({"--quiet", "scan"}), HasSubstr("expected a command first"));
  EXPECT_THAT(message({"completions"}), HasSubstr("expected one shell of bash, zsh, fish, found nothing"));
  EXPECT_THAT(message({"completions", "tcsh"}), HasSubstr("found 'tcsh'"));
  EXPECT_THAT(message({"doctor", "me"}), HasSubstr("expected nothing more, found 'me'"));
  EXPECT_THAT(message({"man", "scan"}), HasSubstr("expected nothing more, found 'scan'"));
  EXPECT_THAT(message({"scan", "a", "--x\x1b[31m"}), HasSubstr("--x\\x1B[31m"));
}

TEST(Parse, HelpAndVersionAreNoErrors) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{{"--help"},
                                                                     {"-h"},
                                                                     {"help"},
                                                                     {"scan", "--help"},
                                                                     {"help", "dump"},
                                                                     {"rules", "check", "-h"},
                                                                     {"--version"}}) {
    const auto result = parse_command_line(arguments);
    ASSERT_TRUE(result);
    EXPECT_TRUE(std::holds_alternative<TextWanted>(*result));
  }
}

TEST(Suggest, FindsSlipsAndNothingFar) {
  static constexpr std::array<std::string_view, 4> kNames{"--rules", "--level", "--output", "--profile"};
  EXPECT_EQ(nearest("--rule", kNames), "--rules");
  EXPECT_EQ(nearest("--uotput", kNames), "--output");
  EXPECT_EQ(nearest("--prof", kNames), "--profile");
  EXPECT_EQ(nearest("--quack", kNames), "");
  EXPECT_EQ(nearest("", kNames), "");
}

TEST(ExitCodes, StandInTheDocument) {
  std::ifstream in(testing_support::source_dir() / "docs/compatibility.md");
  std::set<int> documented;
  bool table = false;
  for (std::string line; std::getline(in, line);) {
    table = table || line == "| code | when |";
    if (table && line.starts_with("| ") && std::isdigit(static_cast<unsigned char>(line[2])) != 0) {
      documented.insert(std::stoi(line.substr(2)));
    }
  }
  EXPECT_THAT(documented, ElementsAre(static_cast<int>(ExitCode::done), static_cast<int>(ExitCode::found),
                                      static_cast<int>(ExitCode::failed), static_cast<int>(ExitCode::interrupted)));
  EXPECT_EQ(stronger(ExitCode::found, ExitCode::failed), ExitCode::failed);
  EXPECT_EQ(stronger(ExitCode::interrupted, ExitCode::failed), ExitCode::interrupted);
}

TEST(ProgressText, CountsAndSpans) {
  EXPECT_EQ(byte_count(999), "999 B");
  EXPECT_EQ(byte_count(1400000000), "1.4 GB");
  EXPECT_EQ(byte_count(999999), "1.0 MB");
  EXPECT_EQ(span_text(59.4), "59 s");
  EXPECT_EQ(span_text(185), "3 min 05 s");
  EXPECT_EQ(span_text(7800), "2 h 10 min");
}

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) /
              ("cli_" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
    fs::create_directories(folder_ / "evidence/deep");
    std::ofstream(folder_ / "evidence/a.evtx") << "a";
    std::ofstream(folder_ / "rule.yml") << "r";
  }
  void TearDown() override { fs::remove_all(folder_); }
  [[nodiscard]] std::string path(const char* name) const { return (folder_ / name).string(); }
  [[nodiscard]] ErrorCode check(std::vector<std::string> evidence, const std::string& output) const {
    Options options;
    options.evidence.paths = std::move(evidence);
    options.rules.paths = {path("rule.yml")};
    options.output = output;
    const auto result = check_output(options);
    return result ? ErrorCode::not_found : result.error().code;
  }
  fs::path folder_;
};

TEST_F(Files, OutputNeverHitsEvidence) {
  fs::create_symlink(folder_ / "evidence", folder_ / "link");
  fs::create_hard_link(folder_ / "evidence/a.evtx", folder_ / "hard.evtx");
  const auto kRefused = ErrorCode::conflict;
  const auto kFine = ErrorCode::not_found;
  EXPECT_EQ(check({path("evidence")}, path("evidence/out.jsonl")), kRefused);
  EXPECT_EQ(check({path("evidence")}, path("evidence/deep/../out.jsonl")), kRefused);
  EXPECT_EQ(check({path("evidence")}, path("link/deep/out.jsonl")), kRefused);
  EXPECT_EQ(check({path("link")}, path("evidence/out.jsonl")), kRefused);
  EXPECT_EQ(check({path("evidence/a.evtx")}, path("evidence/a.evtx")), kRefused);
  EXPECT_EQ(check({path("evidence/a.evtx")}, path("hard.evtx")), kRefused);
  EXPECT_EQ(check({path("evidence/*.evtx")}, path("hard.evtx")), kRefused);
  EXPECT_EQ(check({path("evidence")}, path("rule.yml")), kRefused);
  EXPECT_EQ(check({path("evidence")}, path("out.jsonl")), kFine);
  EXPECT_EQ(check({path("evidence/a.evtx")}, path("evidence/out.jsonl")), kFine);
  EXPECT_EQ(check({path("evidence")}, path("evidence2")), kFine);
  EXPECT_EQ(check({"-"}, path("out.jsonl")), kFine);
}

TEST_F(Files, OutputAppearsOnlyWhenComplete) {
  const std::string target = path("out.txt");
  {
    auto output = Output::open(target);
    ASSERT_TRUE(output);
    ASSERT_TRUE((*output)->write("half"));
    EXPECT_FALSE(fs::exists(target));
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 2);  // nothing left behind
  std::ofstream(target) << "old";
  auto output = Output::open(target);
  ASSERT_TRUE(output);
  ASSERT_TRUE((*output)->write("whole"));
  ASSERT_TRUE((*output)->commit());
  std::string text;
  std::ifstream(target) >> text;
  EXPECT_EQ(text, "whole");
}

TEST_F(Files, OutputSaysWhyItCannot) {
  EXPECT_THAT(Output::open(path("absent/out")).error().hint, HasSubstr("make the folder first"));
  EXPECT_THAT(Output::open(folder_.string()).error().message, HasSubstr("is a folder"));
  auto full = Output::open("/dev/full");
  ASSERT_TRUE(full);
  const auto written = (*full)->write("x");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr("No space left on device"));
  EXPECT_THAT(written.error().hint, HasSubstr("disk is full"));
}

}  // namespace
}  // namespace tocsin::cli
