// The config file: where it is found, what it gives to flags, and what is said of its errors.
#include "config.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "flags.hpp"
#include "parse.hpp"

namespace tocsin::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::optional<std::string> home_only(const char* name) {
  return std::string_view(name) == "HOME" ? std::optional<std::string>("/home/ada") : std::nullopt;
}

Result<Options> with_config(const std::string& text, const std::vector<std::string>& arguments) {
  const auto parsed = parse_command_line(
      arguments, [&](const ConfigChoice&) { return parse_config(text, "/etc/xdg/tocsin/tocsin.toml", home_only); });
  if (!parsed) return std::unexpected(parsed.error());
  return std::get<Options>(*parsed);
}
std::string message(const std::string& text, const std::vector<std::string>& arguments = {"scan", "a"}) {
  const auto options = with_config(text, arguments);
  if (options) return "accepted";
  const Error& error = options.error();
  return error.place + ": " + error.message + " | " + error.hint;
}

TEST(Config, GivesDefaultsToFlags) {
  const std::string text = R"(
rules = ["/srv/sigma", "~/own", "near", "-"]
level = "medium"
threads = 3
quiet = true
carve = false
[scan]
level = "high"
expand = ["admins=admins.txt"]
[rules-list]
format = "json"
)";
  const auto scan = with_config(text, {"scan", "a"});
  ASSERT_TRUE(scan) << scan.error().message;
  EXPECT_THAT(scan->rules.paths, ElementsAre("/srv/sigma", "/home/ada/own", "/etc/xdg/tocsin/near", "-"));
  EXPECT_EQ(scan->rules.selection.minimum_level, Level::high);
  EXPECT_EQ(scan->evidence.threads, 3U);
  EXPECT_TRUE(scan->quiet);
  EXPECT_FALSE(scan->evidence.carve);
  EXPECT_EQ(scan->rules.placeholders.at(0).file, "/etc/xdg/tocsin/admins.txt");
  EXPECT_FALSE(scan->format_given);
  EXPECT_EQ(scan->config, "/etc/xdg/tocsin/tocsin.toml");
  const auto list = with_config(text, {"rules", "list"});
  EXPECT_EQ(list->format, ReportFormat::json);
  EXPECT_EQ(list->rules.selection.minimum_level, Level::medium);
  EXPECT_TRUE(with_config(text, {"dump", "a"}));  // it has no --rules: nothing to say
}

TEST(Config, ProfilesAreKnownToTheFlag) {
  const std::string text = "[profiles.mine]\ncolumns = ['Computer=host', 'event.Image']\n";
  const auto options = with_config(text, {"scan", "a", "--format", "csv", "--profile", "mine"});
  ASSERT_TRUE(options) << options.error().message;
  ASSERT_EQ(options->columns.size(), 2U);
  EXPECT_EQ(options->columns[0].heading, "Computer");
  EXPECT_EQ(options->columns[0].what, "host");
  EXPECT_TRUE(want_event(options->columns));
  EXPECT_FALSE(want_event({options->columns[0]}));
}

TEST(Config, TheCommandLineWins) {
  const std::string text = "rules = ['/srv/sigma']\nlevel = 'medium'\ncolor = 'never'\n";
  const auto options = with_config(text, {"scan", "a", "--rules", "mine", "--level", "low"});
  ASSERT_TRUE(options) << options.error().message;
  EXPECT_THAT(options->rules.paths, ElementsAre("mine"));  // instead, not beside
  EXPECT_EQ(options->rules.selection.minimum_level, Level::low);
  EXPECT_EQ(options->colour, ColourMode::never);
  EXPECT_THAT(with_config(text, {"rules", "check", "mine"})->rules.paths, ElementsAre("mine"));
  EXPECT_THAT(with_config(text, {"rules", "check"})->rules.paths, ElementsAre("/srv/sigma"));
  EXPECT_THAT(with_config(text, {"rules", "show", "id"})->rules.paths, ElementsAre("/srv/sigma"));
  EXPECT_THAT(with_config(text, {"rules", "show", "id", "mine"})->rules.paths, ElementsAre("mine"));
}

TEST(Config, SaysWhatIsWrongAndWhere) {
  const std::string at = "/etc/xdg/tocsin/tocsin.toml:";
  EXPECT_THAT(message("x = 1"), HasSubstr(at + "1:1: unknown key 'x' | keys are the names of flags"));
  EXPECT_THAT(message("levl = 'low'"), HasSubstr(at + "1:1: unknown key 'levl' | did you mean 'level'?"));
  EXPECT_THAT(message("[scna]\nlevel = 'low'"), HasSubstr("unknown key 'scna' | did you mean 'scan'?"));
  EXPECT_THAT(message("[scan]\nlevl = 'low'"), HasSubstr(at + "2:1: unknown key 'levl' in [scan] | did you mean"));
  EXPECT_THAT(message("[dump]\nlevel = 'low'"), HasSubstr(at + "2:1: `tocsin dump` has no flag --level"));
  EXPECT_THAT(message("config = 'x'"), HasSubstr("unknown key 'config'"));
  EXPECT_THAT(message("\nlevel = 'hgih'"), HasSubstr(at + "2:9: level: expected one of informational"));
  EXPECT_THAT(message("level = ['low', 'high']"), HasSubstr("expected a text or a number for level, found a list"));
  EXPECT_THAT(message("rules = [true]"), HasSubstr("for rules, found true or false"));
  EXPECT_THAT(message("rules = [1.5]"), HasSubstr("for rules, found a value of another kind"));
  EXPECT_THAT(message("carve = 'yes'"), HasSubstr(at + "1:9: expected true or false for carve, found a text"));
  EXPECT_THAT(message("level = "), HasSubstr(at + "1:9: this is no TOML: "));
  EXPECT_THAT(message("level = 'low'\nlevel = 'low'"), HasSubstr("this is no TOML: "));
  EXPECT_THAT(message("", {"scan", "a", "--config", "x", "--no-config"}), HasSubstr("exclude each other"));
  const std::string mine = "[profiles.mine]\n";
  EXPECT_THAT(message("profiles = 1"), HasSubstr(at + "1:12: expected sections [profiles.NAME], found a number"));
  EXPECT_THAT(message(mine), HasSubstr("expected a list `columns` in [profiles.mine], and nothing else"));
  EXPECT_THAT(message(mine + "columns = []"), HasSubstr("expected a list `columns` in [profiles.mine]"));
  EXPECT_THAT(message(mine + "columns = ['host']\nrows = 1"), HasSubstr("and nothing else"));
  EXPECT_THAT(message(mine + "columns = [1]"), HasSubstr(at + "2:12: expected a text for a column, found a number"));
  EXPECT_THAT(
      message(mine + "columns = ['hots']"),
      HasSubstr(at + "2:12: expected a column such as host, Computer=host or event.Image, found 'hots' | columns"));
  EXPECT_THAT(message("[profiles.full]\ncolumns = ['host']"), HasSubstr("the profile 'full' is built in"));
  EXPECT_THAT(message("[profiles.hayabusa]\ncolumns = ['host']"), HasSubstr("the profile 'hayabusa' is built in"));
  EXPECT_THAT(message("[scan]\nprofile = 'mine'"), HasSubstr(at + "2:11: profile: expected one of minimal,"));
  // What another command's section says is checked too.
  EXPECT_THAT(message("[dump]\nas = 'pdf'"), HasSubstr(at + "2:6: as: expected one of json, xml, found 'pdf'"));
}

TEST(Config, EveryFlagCanStandInIt) {
  for (const Flag& flag : flags()) {
    const std::string key(flag.name.substr(2));
    if (key == "config" || key == "no-config") continue;
    const auto config =
        parse_config(key + (flag.value.empty() ? " = true" : " = ''"), "/c/tocsin.toml", process_environment);
    // An empty text is a value like another, or refused by the flag itself.
    if (config) {
      EXPECT_EQ(config->all.at(std::string(flag.name)).values.size(), 1U) << flag.name;
    } else {
      EXPECT_THAT(config.error().message, ::testing::StartsWith(key + ": expected ")) << flag.name;
    }
  }
}

class ConfigFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(::testing::TempDir()) /
              ("config_" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::remove_all(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string write(const std::string& name, const std::string& text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }
  [[nodiscard]] Environment environment(std::map<std::string, std::string> values) const {
    return [values = std::move(values)](const char* name) {
      const auto found = values.find(name);
      return found == values.end() ? std::nullopt : std::optional(found->second);
    };
  }
  fs::path folder_;
};

TEST_F(ConfigFiles, FirstOfTheXdgPlacesCounts) {
  const std::string home = folder_ / "home", shared = folder_ / "xdg";
  const auto found = [&](const std::map<std::string, std::string>& values) {
    return load_config({}, environment(values))->file;
  };
  const std::map<std::string, std::string> usual{{"HOME", home}, {"XDG_CONFIG_DIRS", "/nowhere:" + shared}};
  EXPECT_EQ(found(usual), "");
  const std::string third = write("xdg/tocsin/tocsin.toml", "quiet = true");
  EXPECT_EQ(found(usual), third);
  const std::string second = write("home/.config/tocsin/tocsin.toml", "quiet = true");
  EXPECT_EQ(found(usual), second);
  const std::string first = write("own/tocsin/tocsin.toml", "quiet = true");
  auto all = usual;
  all["XDG_CONFIG_HOME"] = folder_ / "own";
  EXPECT_EQ(found(all), first);
  all["XDG_CONFIG_HOME"] = "own";  // relative: does not count
  EXPECT_EQ(found(all), third);
  EXPECT_EQ(load_config({.file = {}, .none = true}, environment(all))->file, "");
  EXPECT_EQ(load_config({.file = second, .none = false}, environment(all))->file, second);
}

TEST_F(ConfigFiles, SaysWhyItCannotBeRead) {
  const Environment none = environment({});
  const auto absent = load_config({.file = folder_ / "absent.toml", .none = false}, none);
  EXPECT_EQ(absent.error().message, "cannot read the config file: No such file or directory");
  EXPECT_EQ(absent.error().code, ErrorCode::not_found);
  const auto folder = load_config({.file = "/tmp", .none = false}, none);
  EXPECT_EQ(folder.error().message, "cannot read the config file: Is a directory");
  const auto endless = load_config({.file = "/dev/zero", .none = false}, none);
  EXPECT_EQ(endless.error().message, "expected a config file of at most 1048576 bytes, found more");
}

}  // namespace
}  // namespace tocsin::cli
