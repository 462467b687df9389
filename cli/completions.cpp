#include "completions.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flags.hpp"
#include "help.hpp"

namespace tocsin::cli {
namespace {

constexpr std::array<std::string_view, 3> kShells{"bash", "zsh", "fish"};

enum class Completes : unsigned char { nothing, choices, files };
Completes values_of(const Flag& flag) {
  if (!flag.choices.empty()) return Completes::choices;
  return takes_path(flag) && flag.value.find('=') == std::string_view::npos ? Completes::files : Completes::nothing;
}

// "rules" for "rules check".
std::string_view group_of(const CommandInfo& info) {
  const std::size_t blank = info.name.find(' ');
  return blank == std::string_view::npos ? std::string_view() : info.name.substr(0, blank);
}

struct Word {
  std::string_view name, summary;
};
// What may stand as the first word; or behind the group, where one is given.
std::vector<Word> words_behind(std::string_view group) {
  std::vector<Word> out;
  for (const CommandInfo& info : commands()) {
    const std::string_view own = group_of(info);
    if (own != group && !group.empty()) continue;
    const Word word = group.empty() && !own.empty()
                          ? Word{own, "more commands"}
                          : Word{info.name.substr(own.empty() ? 0 : own.size() + 1), info.summary};
    if (std::ranges::find(out, word.name, &Word::name) == out.end()) out.push_back(word);
  }
  return out;
}
std::vector<std::string_view> groups() {
  std::vector<std::string_view> out;
  for (const CommandInfo& info : commands()) {
    if (!group_of(info).empty() && std::ranges::find(out, group_of(info)) == out.end()) out.push_back(group_of(info));
  }
  return out;
}
std::string names_of(const std::vector<Word>& words) {
  std::vector<std::string_view> names;
  for (const Word& word : words) names.push_back(word.name);
  return fmt::format("{}", fmt::join(names, " "));
}
// "bash|zsh|fish" as the usage of a command: words to choose from.
std::string positional_choices(const CommandInfo& info) {
  std::string usage(info.usage);
  if (usage.find('|') == std::string::npos || usage.find(' ') != std::string::npos) return {};
  std::ranges::replace(usage, '|', ' ');
  return usage;
}

std::string replaced(std::string_view text, std::string_view which, std::string_view lead) {
  std::string out;
  for (const char c : text) {
    if (which.find(c) != std::string_view::npos) out += lead;
    out += c;
  }
  return out;
}
// Inside single quotes of a shell.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string bash_flags(const CommandInfo& info) {
  std::vector<std::string_view> names;
  for (const Flag& flag : flags()) {
    if (!has(flag, info.command)) continue;
    if (!flag.brief.empty()) names.push_back(flag.brief);
    names.push_back(flag.name);
  }
  return fmt::format("{} -h --help", fmt::join(names, " "));
}

std::string bash_script() {
  std::string out =
      "# bash completion for tocsin; written by `tocsin completions bash`\n"
      "_tocsin() {\n"
      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} flags= words=\n"
      "  COMPREPLY=()\n"
      "  [[ $cur != = ]] || cur=\n"
      "  [[ $prev != = ]] || prev=${COMP_WORDS[COMP_CWORD-2]}\n"
      "  if ((COMP_CWORD == 1)); then\n";
  out +=
      fmt::format("    mapfile -t COMPREPLY < <(compgen -W '{} help --help --version' -- \"$cur\")\n    return\n  fi\n",
                  names_of(words_behind({})));
  out += "  case $command in\n";
  for (const std::string_view group : groups()) {
    out += fmt::format(
        "    {})\n      if ((COMP_CWORD == 2)); then\n        mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$cur\")\n"
        "        return\n      fi\n      command=\"{} ${{COMP_WORDS[2]}}\" ;;\n",
        group, names_of(words_behind(group)), group);
  }
  out += "  esac\n  case $prev in\n";
  for (const Flag& flag : flags()) {
    if (flag.value.empty()) continue;
    const std::string names =
        flag.brief.empty() ? std::string(flag.name) : fmt::format("{} | {}", flag.brief, flag.name);
    switch (values_of(flag)) {
      case Completes::choices:
        out += fmt::format("    {}) words='{}' ;;\n", names, flag.choices);
        break;
      case Completes::files:
        out += fmt::format("    {}) _tocsin_files; return ;;\n", names);
        break;
      case Completes::nothing:
        out += fmt::format("    {}) return ;;\n", names);
    }
  }
  out += "  esac\n  case $command in\n";
  for (const CommandInfo& info : commands()) {
    const std::string choices = positional_choices(info);
    out += fmt::format("    '{}') flags='{}'", info.name, bash_flags(info));
    if (!choices.empty()) out += fmt::format("; [[ -n $words || $cur == -* ]] || words='{}'", choices);
    out += " ;;\n";
  }
  return out +
         "  esac\n"
         "  if [[ -n $words ]]; then\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
         "  elif [[ $cur == -* ]]; then\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$flags\" -- \"$cur\")\n"
         "  else\n"
         "    _tocsin_files\n"
         "  fi\n"
         "}\n"
         "_tocsin_files() {\n"
         "  mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
         "  compopt -o filenames 2>/dev/null\n"
         "}\n"
         "complete -F _tocsin tocsin\n";
}

std::string zsh_words(const std::vector<Word>& words) {
  std::vector<std::string> out;
  for (const Word& word : words)
    out.push_back(quoted(fmt::format("{}:{}", word.name, replaced(word.summary, ":", "\\"))));
  return fmt::format("{}", fmt::join(out, " "));
}

std::string zsh_flag(const Flag& flag, Command command, std::string_view name, bool is_long) {
  std::string spec = flag.repeatable ? "*" : "";
  spec += name;
  if (!flag.value.empty()) spec += is_long ? "=" : "+";
  spec += fmt::format("[{}]", replaced(help_of(flag, command), "[]:\\", "\\"));
  if (!flag.value.empty()) {
    spec += fmt::format(":{}:", replaced(flag.value, ":", "\\"));
    if (values_of(flag) == Completes::choices) spec += fmt::format("({})", flag.choices);
    if (values_of(flag) == Completes::files) spec += "_files";
  }
  return quoted(spec);
}

std::string zsh_script() {
  std::string out =
      "#compdef tocsin\n"
      "# zsh completion for tocsin; written by `tocsin completions zsh`\n"
      "_tocsin() {\n"
      "  local -a names\n"
      "  local command=$words[2]\n"
      "  if (( CURRENT == 2 )); then\n";
  out += fmt::format("    names=({})\n    _describe command names\n    return\n  fi\n", zsh_words(words_behind({})));
  out += "  case $command in\n";
  for (const std::string_view group : groups()) {
    out += fmt::format(
        "    {})\n      if (( CURRENT == 3 )); then\n        names=({})\n        _describe command names\n"
        "        return\n      fi\n      command=\"$words[2] $words[3]\"\n      shift words\n      (( CURRENT-- )) "
        ";;\n",
        group, zsh_words(words_behind(group)));
  }
  out += "  esac\n  shift words\n  (( CURRENT-- ))\n  case $command in\n";
  for (const CommandInfo& info : commands()) {
    out += fmt::format("    {})\n      _arguments", quoted(info.name));
    for (const Flag& flag : flags()) {
      if (!has(flag, info.command)) continue;
      out += " \\\n        " + zsh_flag(flag, info.command, flag.name, true);
      if (!flag.brief.empty()) out += " \\\n        " + zsh_flag(flag, info.command, flag.brief, false);
    }
    const std::string choices = positional_choices(info);
    out += fmt::format(" \\\n        '(-)'{{-h,--help}}'[this text]' \\\n        {} ;;\n",
                       choices.empty() ? std::string("'*:path:_files'") : quoted(fmt::format(":which:({})", choices)));
  }
  return out + "  esac\n}\nif [[ $funcstack[1] == _tocsin ]]; then _tocsin \"$@\"; else compdef _tocsin tocsin; fi\n";
}

std::string fish_script() {
  std::string out =
      "# fish completion for tocsin; written by `tocsin completions fish`\n"
      "function __tocsin_is\n"
      "    set -l words (commandline -opc)[2..-1]\n"
      "    set -l wanted (string split ' ' -- $argv[1])\n"
      "    test (count $words) -ge (count $wanted); and test \"$words[1..$(count $wanted)]\" = \"$argv[1]\"\n"
      "end\n"
      "function __tocsin_behind\n"
      "    set -l words (commandline -opc)[2..-1]\n"
      "    test \"$words\" = \"$argv[1]\"\n"
      "end\n"
      "complete -c tocsin -n '__tocsin_behind \"\"' -f\n";
  const auto add_words = [&](std::string_view group) {
    for (const Word& word : words_behind(group)) {
      out += fmt::format("complete -c tocsin -n '__tocsin_behind \"{}\"' -f -a {} -d {}\n", group, word.name,
                         quoted(word.summary));
    }
  };
  add_words({});
  for (const std::string_view group : groups()) add_words(group);
  for (const CommandInfo& info : commands()) {
    const std::string when = fmt::format("complete -c tocsin -n '__tocsin_is \"{}\"'", info.name);
    for (const Flag& flag : flags()) {
      if (!has(flag, info.command)) continue;
      out += fmt::format("{} -l {}", when, flag.name.substr(2));
      if (!flag.brief.empty()) out += fmt::format(" -s {}", flag.brief.substr(1));
      if (!flag.value.empty()) out += values_of(flag) == Completes::files ? " -r -F" : " -x";
      if (values_of(flag) == Completes::choices) out += fmt::format(" -a {}", quoted(flag.choices));
      out += fmt::format(" -d {}\n", quoted(help_of(flag, info.command)));
    }
    const std::string choices = positional_choices(info);
    if (!choices.empty()) out += fmt::format("{} -f -a {}\n", when, quoted(choices));
    out += fmt::format("{} -s h -l help -d 'this text'\n", when);
  }
  return out;
}

}  // namespace

std::span<const std::string_view> completion_shells() {
  return kShells;
}

std::string completion_script(std::string_view shell) {
  return shell == "bash" ? bash_script() : shell == "zsh" ? zsh_script() : fish_script();
}

}  // namespace tocsin::cli
