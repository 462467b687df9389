#include "report/page.hpp"

#include <fmt/format.h>

namespace tocsin::report {
namespace {

std::string_view sgr(Ink ink) {
  switch (ink) {
    case Ink::plain:
      return "";
    case Ink::bold:
      return "\x1b[1m";
    case Ink::dim:
      return "\x1b[2m";
    case Ink::red:
      return "\x1b[31m";
    case Ink::bright_red:
      return "\x1b[1;31m";
    case Ink::yellow:
      return "\x1b[33m";
    case Ink::cyan:
      return "\x1b[36m";
    case Ink::green:
      return "\x1b[32m";
  }
  return "";
}

}  // namespace

Ink ink_of(Level level) {
  switch (level) {
    case Level::critical:
      return Ink::bright_red;
    case Level::high:
      return Ink::red;
    case Level::medium:
      return Ink::yellow;
    case Level::low:
      return Ink::cyan;
    case Level::informational:
      return Ink::dim;
  }
  return Ink::plain;
}

std::string Page::paint(Ink ink, std::string_view text) const {
  if (!options_.colour || ink == Ink::plain || text.empty()) return std::string(text);
  return fmt::format("{}{}\x1b[0m", sgr(ink), text);
}

void Page::line(std::string_view text) {
  text = text.substr(0, text.find_last_not_of(' ') + 1);
  out_.text() += text;
  out_.text() += '\n';
}

void Page::heading(std::string_view heading, std::string_view behind) {
  line();
  if (columns(heading) + 2 + columns(behind) <= width_) {
    line(fmt::format("{}  {}", paint(Ink::bold, heading), behind));
    return;
  }
  line(paint(Ink::bold, heading));
  paragraph(2, behind);
}

void Page::paragraph(std::size_t indent, std::string_view text, Ink ink, std::string_view lead) {
  std::string before = pad_right(std::string(lead), indent);
  for (const std::string& part : wrap(text, width_ > indent + 20 ? width_ - indent : 20)) {
    line(before + paint(ink, part));
    before.assign(indent, ' ');
  }
}

void Page::flow(std::size_t indent, const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty() && indent + columns(text) + 2 + columns(word) > width_) {
      line(std::string(indent, ' ') + text);
      text.clear();
    }
    text += (text.empty() ? "" : "  ") + word;
  }
  if (!text.empty()) line(std::string(indent, ' ') + text);
}

void Page::two_sides(std::size_t indent, std::string_view left, std::string_view right, Ink ink) {
  const std::size_t room = width_ - indent;
  const std::size_t right_width = columns(right);
  const std::size_t left_width = room > right_width + 2 ? room - right_width - 2 : room;
  std::string text(indent, ' ');
  text += paint(ink, pad_right(cut_begin(left, left_width, charset()), left_width));
  line(right.empty() ? text : fmt::format("{}  {}", text, right));
}

std::string_view short_host(std::string_view computer) {
  const bool is_address = computer.find_first_not_of("0123456789.:") == std::string_view::npos;
  return is_address ? computer : computer.substr(0, computer.find('.'));
}

std::string_view short_channel(std::string_view channel) {
  static constexpr std::string_view kPrefix = "Microsoft-Windows-", kSuffix = "/Operational";
  if (channel.starts_with(kPrefix)) channel.remove_prefix(kPrefix.size());
  if (channel.ends_with(kSuffix)) channel.remove_suffix(kSuffix.size());
  return channel;
}

std::string host_name(const Page& page, std::string_view computer) {
  return page.visible(page.wide() ? computer : short_host(computer));
}

std::string channel_name(const Page& page, std::string_view channel) {
  return page.visible(page.wide() ? channel : short_channel(channel));
}

std::string by_author(const Page& page, const RuleInfo& rule) {
  return rule.author.empty() ? std::string() : "by " + page.visible(rule.author);
}

std::string short_list(const std::vector<std::string>& names, std::size_t most) {
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < most; ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  if (names.size() > most) out += fmt::format(" and {} more", names.size() - most);
  return out;
}

}  // namespace tocsin::report
