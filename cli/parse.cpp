#include "parse.hpp"

#include <algorithm>
#include <deque>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "completions.hpp"
#include "flags.hpp"
#include "help.hpp"
#include "positionals.hpp"
#include "suggest.hpp"

namespace tocsin::cli {
namespace {

using Parsed = std::variant<Options, TextWanted>;

// What a flag was given, before it is read.
struct Given {
  const Flag* flag;
  std::vector<std::string> values;
  std::size_t times = 0;
  std::string place;  // in the config file; empty: given on the command line
};

std::unexpected<Error> unknown_flag(const std::string& text, Command command) {
  const std::string name = text.substr(0, text.find('='));
  std::vector<std::string_view> own, others;
  for (const Flag& flag : flags()) (has(flag, command) ? own : others).push_back(flag.name);
  if (std::ranges::find(others, name) != others.end()) {
    return usage(fmt::format("`tocsin {}` has no flag {}", find_command(command)->name, name), command);
  }
  const std::string_view near = nearest(name, own);
  return usage(fmt::format("unknown flag {}", visible_text(name)), command,
               near.empty() ? std::string() : fmt::format("did you mean {}?", near));
}

// Registers each flag of the command with CLI11, which splits the arguments; values are read afterwards, in the table's
// order, so that messages are ours.
void register_flags(CLI::App& app, Command command, std::deque<Given>& given) {
  for (const Flag& flag : flags()) {
    if (!has(flag, command)) continue;
    Given& one = given.emplace_back(Given{.flag = &flag, .values = {}, .times = 0, .place = {}});
    const std::string names = flag.brief.empty() ? std::string(flag.name) : fmt::format("{},{}", flag.brief, flag.name);
    if (flag.value.empty()) {
      app.add_flag(names, one.times)->disable_flag_override();
    } else {
      // A callback takes the texts as they are; CLI11's own vectors read "[a,b]" and "{}" in a way of their own.
      app.add_option(names, CLI::callback_t([&one](const CLI::results_t& values) {
                       one.values = values;
                       return true;
                     }))
          ->allow_extra_args(false)
          ->take_all();
    }
  }
}

Result<void> apply_flags(std::deque<Given>& given, Options& options) {
  for (Given& one : given) {
    if (one.times > 0) one.values.assign(1, std::string());
    if (one.values.size() > 1 && !one.flag->repeatable) {
      return usage(fmt::format("{} was given {} times, it takes one value", one.flag->name, one.values.size()),
                   options.command);
    }
    for (const std::string& value : one.values) {
      if (auto taken = one.flag->apply(options, value); !taken) {
        Error error = std::move(taken).error();
        error.place = one.place;
        error.message = fmt::format("{}: {}", one.flag->name, error.message);
        if (error.hint.empty()) error.hint = see_help(options.command);
        return std::unexpected(std::move(error));
      }
    }
  }
  return {};
}

// Rules that were named as positionals (`rules check FILE`) are given as well as those behind --rules.
bool names_rules(const Options& options) {
  if (options.command == Command::rules_show) return options.positionals.size() > 1;
  return (options.command == Command::rules_check || options.command == Command::rules_list ||
          options.command == Command::rules_compile) &&
         !options.positionals.empty();
}

// Flags that were not given take what stands in the config file.
Result<void> take_config(const ConfigLoader& loader, std::deque<Given>& given, Options& options) {
  if (!loader) return {};
  ConfigChoice choice;
  for (const Given& one : given) {
    if (one.flag->name == "--config" && !one.values.empty()) choice.file = one.values.back();
    if (one.flag->name == "--no-config") choice.none = one.times > 0;
  }
  if (choice.none && !choice.file.empty()) return usage("--config and --no-config exclude each other", options.command);
  const auto loaded = loader(choice);
  if (!loaded && options.command == Command::doctor) {  // which shows it among the rest
    options.config_error = loaded.error();
    return {};
  }
  if (!loaded) return std::unexpected(loaded.error());
  const Config& config = *loaded;
  options.config = config.file;
  options.user_profiles = config.profiles;
  for (Given& one : given) {
    if (one.times > 0 || !one.values.empty()) continue;
    if (one.flag->name == "--rules" && names_rules(options)) continue;
    const ConfigValue* const found = config.find(options.command, one.flag->name);
    if (found == nullptr) continue;
    one.values = found->values;
    one.place = found->place;
  }
  return {};
}

// "follow was given a disallowed flag override": CLI11 leaves the dashes out.
std::unexpected<Error> no_switch_value(std::string_view said, Command command) {
  return usage(fmt::format("--{} takes no value", visible_text(said.substr(0, said.find(' ')))), command,
               see_help(command));
}

// What CLI11 says begins with the flag ("--rules: 1 required DIR missing").
std::unexpected<Error> no_value(std::string_view said, Command command) {
  const std::string_view name = said.substr(0, said.find(':'));
  const auto flag = std::ranges::find_if(
      flags(), [&](const Flag& one) { return has(one, command) && (one.name == name || one.brief == name); });
  if (flag == flags().end() || flag->value.empty()) return usage(visible_text(said), command);
  return usage(fmt::format("{}: expected {} behind it, found nothing", name, flag->value), command,
               fmt::format("{}; {}", help_of(*flag, command), see_help(command)));
}

// Splits the arguments by means of CLI11; fills `given` and the positionals. False: --help was asked for.
Result<bool> split(CLI::App& app, std::vector<std::string> arguments, Options& options) {
  std::size_t help = 0;
  app.add_flag("-h,--help", help);
  // What stands behind "--" is no flag, whatever it looks like.
  const auto marker = std::ranges::find(arguments, "--");
  const std::vector<std::string> paths(marker == arguments.end() ? marker : marker + 1, arguments.end());
  arguments.erase(marker, arguments.end());
  std::ranges::reverse(arguments);  // what CLI11 takes
  try {
    app.parse(arguments);
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string_view said = error.what();
    const bool is_switch = said.ends_with("disallowed flag override");
    return is_switch ? no_switch_value(said, options.command) : no_value(said, options.command);
  } catch (const CLI::ParseError& error) {
    return usage(visible_text(error.what()), options.command);
  }
  if (help > 0) return false;
  for (const std::string& extra : app.remaining()) {
    if (extra.size() > 1 && extra.front() == '-') return unknown_flag(extra, options.command);
    options.positionals.push_back(extra);
  }
  options.positionals.insert(options.positionals.end(), paths.begin(), paths.end());
  return true;
}

Result<Parsed> parse_flags(Command command, std::vector<std::string> arguments, const ConfigLoader& loader) {
  Options options;
  options.command = command;
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  std::deque<Given> given;
  register_flags(app, command, given);
  TOCSIN_TRY(const bool go_on, split(app, std::move(arguments), options));
  if (!go_on) return TextWanted{help_text(command)};
  TOCSIN_CHECK(take_config(loader, given, options));
  TOCSIN_CHECK(apply_flags(given, options));
  TOCSIN_CHECK(place_positionals(options));
  TOCSIN_CHECK(check_together(options));
  return options;
}

// The first words of all commands, in the table's order, each once.
std::vector<std::string_view> first_words() {
  std::vector<std::string_view> words;
  for (const CommandInfo& info : commands()) {
    const std::string_view word = info.name.substr(0, info.name.find(' '));
    if (std::ranges::find(words, word) == words.end()) words.push_back(word);
  }
  return words;
}

const CommandInfo* find_command(std::string_view name) {
  const auto found = std::ranges::find(commands(), name, &CommandInfo::name);
  return found == commands().end() ? nullptr : &*found;
}

bool is_group(std::string_view word) {
  return std::ranges::any_of(commands(),
                             [&](const CommandInfo& info) { return info.name.starts_with(fmt::format("{} ", word)); });
}

Result<Parsed> unknown_command(const std::string& word) {
  const std::string_view near = nearest(word, first_words());
  return usage(fmt::format("unknown command '{}'", visible_text(word)), Command::none,
               near.empty() ? std::string() : fmt::format("did you mean '{}'?", near));
}

// "rules check, rules list or rules show": the commands whose name has two words, the first of them `group`.
std::string names_of_group(const std::vector<std::string_view>& words, std::string_view group) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    out += fmt::format("{}{} {}", i == 0 ? "" : i + 1 == words.size() ? " or " : ", ", group, words[i]);
  }
  return out;
}

Result<Parsed> parse_group(const std::string& group, std::vector<std::string> arguments, const ConfigLoader& loader) {
  std::vector<std::string_view> words;
  for (const CommandInfo& info : commands()) {
    if (info.name.starts_with(group + " ")) words.push_back(info.name.substr(group.size() + 1));
  }
  if (!arguments.empty() && (arguments[0] == "--help" || arguments[0] == "-h")) return TextWanted{help_text()};
  if (arguments.empty()) return usage(fmt::format("expected {}", names_of_group(words, group)), Command::none);
  if (const CommandInfo* info = find_command(fmt::format("{} {}", group, arguments[0]))) {
    arguments.erase(arguments.begin());
    return parse_flags(info->command, std::move(arguments), loader);
  }
  const std::string_view near = nearest(arguments[0], words);
  return usage(
      fmt::format("expected {}, found '{} {}'", names_of_group(words, group), group, visible_text(arguments[0])),
      Command::none, near.empty() ? std::string() : fmt::format("did you mean '{} {}'?", group, near));
}

}  // namespace

Result<Parsed> parse_command_line(const std::vector<std::string>& arguments, const ConfigLoader& loader) {
  if (arguments.empty()) return usage("expected a command, found nothing", Command::none);
  std::string word = arguments[0];
  std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (word == "--version" || word == "-V") return TextWanted{version_text()};
  if (word == "help" && !rest.empty()) {
    word = rest.front();
    rest.erase(rest.begin());
    rest.emplace_back("--help");
  }
  if (word == "--help" || word == "-h" || word == "help") return TextWanted{help_text()};
  if (const CommandInfo* info = find_command(word)) return parse_flags(info->command, std::move(rest), loader);
  if (is_group(word)) return parse_group(word, std::move(rest), loader);
  if (word.size() > 1 && word.front() == '-') {
    return usage(fmt::format("expected a command first, found the flag {}", visible_text(word)), Command::none,
                 "for example: tocsin scan Logs/ --rules sigma/");
  }
  return unknown_command(word);
}

}  // namespace tocsin::cli
