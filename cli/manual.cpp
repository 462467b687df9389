#include "manual.hpp"

#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "flags.hpp"
#include "help.hpp"

namespace tocsin::cli {
namespace {

constexpr std::string_view kChanged = "2026-11-24";  // when the text in this file last did; man pages carry a day
constexpr std::size_t kColumns = 78;

// Nothing in `text` is a request or an escape any more.
std::string plain(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    constexpr std::string_view kEllipsis = "\xE2\x80\xA6";
    if (text.starts_with(kEllipsis)) {
      out += "...";
      text.remove_prefix(kEllipsis.size());
      continue;
    }
    const char c = text.front();
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else if (c == '~')
      out += "\\(ti";
    else if (c == '\'')
      out += "\\(aq";
    else if (c == '`')
      out += "\\(ga";
    else
      out += c;
    text.remove_prefix(1);
  }
  return out;
}

// Source lines of bounded length; a new sentence begins a new line, as the readers of man pages want it.
std::string filled(std::string_view text) {
  std::string out, line;
  const auto flush = [&] {
    if (line.empty()) return;
    if (line.front() == '.' || line.front() == '\'') out += "\\&";
    out += line + "\n";
    line.clear();
  };
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find_first_of(" \n"));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (word.empty()) continue;
    if (!line.empty() && line.size() + 1 + word.size() > kColumns) flush();
    line += (line.empty() ? "" : " ") + std::string(word);
    if (word.ends_with('.') || word.ends_with('?') || word.ends_with(':')) flush();
  }
  flush();
  return out;
}
std::string paragraph(std::string_view text) {
  return filled(plain(text));
}

std::string examples(std::string_view lines) {
  std::string out = ".PP\n.nf\n.RS 4\n";
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    out += plain(line) + "\n";
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
  }
  return out + ".RE\n.fi\n";
}

std::string command_section(const CommandInfo& info) {
  std::vector<std::string> names;
  for (const Flag& flag : flags()) {
    if (has(flag, info.command)) names.push_back(plain(flag.name));
  }
  std::string out =
      fmt::format(".SS {}\n.B {}\n", plain(info.name),
                  plain(fmt::format("tocsin {}{}{}", info.name, info.usage.empty() ? "" : " ", info.usage)));
  out += ".PP\n" + paragraph(info.text);
  if (!names.empty()) out += ".PP\nFlags:\n" + filled(fmt::format("{}.", fmt::join(names, ", ")));
  return out + examples(info.examples);
}

std::string flag_entry(const Flag& flag) {
  std::string name = plain(flag.name);
  if (!flag.brief.empty()) name = fmt::format("{}, {}", plain(flag.brief), name);
  std::string out = fmt::format(".TP\n\\fB{}\\fR", name);
  if (!flag.value.empty()) out += fmt::format(" \\fI{}\\fR", plain(flag.value));
  std::string help(flag.help);
  if (flag.repeatable) help += "; may be repeated";
  return out + "\n" + paragraph(help + ".");
}

std::string entry(std::string_view name, std::string_view text) {
  return fmt::format(".TP\n\\fB{}\\fR\n{}", plain(name), paragraph(text));
}

std::string version() {
  const std::string text = version_text();
  const std::size_t begin = text.find(' ') + 1;  // "version: 0.1.0"
  return text.substr(begin, text.find('\n') - begin);
}

std::string closing_sections() {
  std::string out = ".SH EXIT STATUS\n" + paragraph(exit_code_help());
  out += ".SH ENVIRONMENT\n";
  out += entry("NO_COLOR", "No colours.");
  out += entry("TMPDIR", "Where the private folder for scratch files lies; default /tmp.");
  out += entry("XDG_CONFIG_HOME, XDG_CONFIG_DIRS", "Where tocsin/tocsin.toml is looked for.");
  out += ".SH FILES\n";
  out += entry("~/.config/tocsin/tocsin.toml, /etc/xdg/tocsin/tocsin.toml",
               "Defaults for flags: one key a flag, by its name without the dashes, and a section a command. "
               "The first that is there is read, none in the working folder.");
  out += ".SH SECURITY\n";
  out += paragraph(
      "Evidence is read inside a sandbox of Landlock and seccomp: nothing can be written but the output, and there is "
      "no "
      "network and no other program. `tocsin doctor` says what of it is in force.");
  return out;
}

}  // namespace

std::string manual_page() {
  std::string out = fmt::format(".TH TOCSIN 1 {} \"tocsin {}\" \"User Commands\"\n.nh\n", kChanged, version());
  out += ".SH NAME\ntocsin \\- judge logs with Sigma rules, with proof\n";
  out += ".SH SYNOPSIS\n.B tocsin\n.I COMMAND\n[\\fIFLAGS\\fR] ...\n.PP\n.B tocsin\n\\-\\-help | \\-\\-version\n";
  out += ".SH DESCRIPTION\n" +
         paragraph(
             "Tocsin reads Windows event logs and exports of logs (JSON, XML, CSV), judges every event with Sigma "
             "rules, and says "
             "with proof what it found, and what it could not check. It works offline and never writes evidence.");
  out += ".SH COMMANDS\n";
  for (const CommandInfo& info : commands()) out += command_section(info);
  out += ".SH OPTIONS\n";
  for (const Flag& flag : flags()) out += flag_entry(flag);
  return out + closing_sections();
}

}  // namespace tocsin::cli
