#include "help.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "flags.hpp"

namespace tocsin::cli {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kFlagWidth = 24;

// ASCII and the ellipsis only, so bytes less continuation bytes are columns.
std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

// Lines of kWidth columns; the first follows `indent` columns that stand there already, the others begin with blanks.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string out;
  std::size_t used = indent;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (used > indent && used + 1 + columns(word) > kWidth) {
      out += "\n" + std::string(indent, ' ');
      used = indent;
    }
    if (used > indent) out += ' ', ++used;
    out += word;
    used += columns(word);
  }
  return out + "\n";
}

// Whether a part of a flag's help is about other commands only; `part` loses the names of those that it is about.
bool is_about_others(std::string_view& part, Command command) {
  const std::size_t colon = part.find(": ");
  if (colon == std::string_view::npos) return false;
  bool is_mine = false;
  for (std::string_view names = part.substr(0, colon); !names.empty();) {
    const std::string_view name = names.substr(0, names.find(", "));
    const auto info = std::ranges::find(commands(), name, &CommandInfo::name);
    if (info == commands().end()) return false;  // a colon of the sentence's own
    is_mine = is_mine || info->command == command;
    names.remove_prefix(std::min(names.size(), name.size() + 2));
  }
  part.remove_prefix(colon + 2);
  return !is_mine;
}

std::string flag_lines(const Flag& flag, Command command) {
  std::string left =
      fmt::format("  {} {}", flag.brief.empty() ? std::string("   ") : fmt::format("{},", flag.brief), flag.name);
  if (!flag.value.empty()) left += fmt::format(" {}", flag.value);
  std::string help = help_of(flag, command);
  if (flag.repeatable) help += " (may be repeated)";
  const std::string text = wrapped(help, kFlagWidth + 4);
  if (columns(left) + 2 > kFlagWidth + 4) return fmt::format("{}\n{}{}", left, std::string(kFlagWidth + 4, ' '), text);
  return left + std::string(kFlagWidth + 4 - columns(left), ' ') + text;
}

std::string flag_groups(Command command) {
  std::string out;
  std::vector<std::string_view> groups;
  for (const Flag& flag : flags()) {
    if (has(flag, command) && std::ranges::find(groups, flag.group) == groups.end()) groups.push_back(flag.group);
  }
  for (const std::string_view group : groups) {
    out += fmt::format("\n{}:\n", group);
    for (const Flag& flag : flags()) {
      if (has(flag, command) && flag.group == group) out += flag_lines(flag, command);
    }
  }
  return out;
}

std::string indented(std::string_view lines) {
  std::string out;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    out += fmt::format("  {}\n", line);
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
  }
  return out;
}

}  // namespace

std::string help_of(const Flag& flag, Command command) {
  std::string out;
  for (std::string_view rest = flag.help; !rest.empty();) {
    std::string_view part = rest.substr(0, rest.find("; "));
    rest.remove_prefix(std::min(rest.size(), part.size() + 2));
    if (!is_about_others(part, command)) out += fmt::format("{}{}", out.empty() ? "" : "; ", part);
  }
  return out;
}

std::string exit_code_help() {
  return "Ends with 0 when done, whatever was found; 1 where --fail-on or `rules check` asks\n"
         "for it; 2 where something could not be done; 130 after Ctrl-C.\n";
}

namespace {

std::string exit_code_help(Command command) {
  const std::string_view one = command == Command::scan          ? " 1 where --fail-on asks for it;"
                               : command == Command::rules_check ? " 1 where a rule was rejected;"
                                                                 : "";
  return wrapped(fmt::format("Ends with 0 when done, whatever was found;{} 2 where something could not be done; 130 "
                             "after Ctrl-C.",
                             one),
                 0);
}

}  // namespace

std::string help_text() {
  std::string out =
      "Tocsin reads Windows event logs and exports of logs (JSON, XML, CSV), judges every\n"
      "event with Sigma rules, and says with proof what it found, and what it could not\n"
      "check.\n"
      "\n"
      "usage: tocsin COMMAND …\n"
      "\n"
      "Commands:\n";
  for (const CommandInfo& info : commands()) out += fmt::format("  {:<14}{}\n", info.name, info.summary);
  out += "\nExamples:\n";
  for (const CommandInfo& info : commands()) out += indented(info.examples.substr(0, info.examples.find('\n')));
  out += "\n`tocsin COMMAND --help` shows its flags. `tocsin --version` shows what this is made of.\n";
  return out + exit_code_help();
}

std::string help_text(Command command) {
  const CommandInfo& info = *find_command(command);
  std::string out = fmt::format("tocsin {}: {}\n\nusage: tocsin {} {}\n\n{}", info.name, info.summary, info.name,
                                info.usage, wrapped(info.text, 0));
  out += fmt::format("\nExamples:\n{}", indented(info.examples));
  out += flag_groups(command);
  out +=
      "\n  -h, --help                this text\n  --                        what follows is a path, also if it begins "
      "with "
      "-\n\n";
  return out + exit_code_help(command);
}

}  // namespace tocsin::cli
