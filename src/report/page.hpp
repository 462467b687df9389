// What the text formats share: colours (only if asked), glyphs, and lines of a fixed width.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/report.hpp"

#include "report/display.hpp"
#include "report/output.hpp"

namespace tocsin::report {

enum class Ink : std::uint8_t { plain, bold, dim, red, bright_red, yellow, cyan, green };
[[nodiscard]] Ink ink_of(Level level);

// Appends lines to an Output. Everything given to it must be visible() already.
class Page {
 public:
  static constexpr unsigned kLeastWidth = 60;
  static constexpr unsigned kWide = 120;  // from here on, what takes two lines at 80 columns stands on one

  Page(const ReportOptions& options, Output& out)
      : options_(options), width_(options.width < kLeastWidth ? kLeastWidth : options.width), out_(out) {}

  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] bool wide() const { return width_ >= kWide; }
  [[nodiscard]] Charset charset() const { return options_.unicode ? Charset::unicode : Charset::ascii; }
  // Glyphs with their ASCII stand-ins.
  [[nodiscard]] std::string_view dot() const { return options_.unicode ? " · " : " - "; }
  [[nodiscard]] std::string_view times() const { return options_.unicode ? "×" : "x"; }
  [[nodiscard]] std::string_view open_mark() const { return options_.unicode ? "«" : ">>"; }
  [[nodiscard]] std::string_view close_mark() const { return options_.unicode ? "»" : "<<"; }

  [[nodiscard]] std::string visible(std::string_view text) const { return report::visible(text, charset()); }
  [[nodiscard]] std::string cut(std::string_view text, std::size_t width) const {
    return cut_end(text, width, charset());
  }
  // Colour changes no width: measure before painting.
  [[nodiscard]] std::string paint(Ink ink, std::string_view text) const;

  void line(std::string_view text = {});  // as it is, without trailing blanks
  // "SOURCES AND REACH  12 sources": `heading` bold, behind a blank line.
  void heading(std::string_view heading, std::string_view behind = {});
  // Wrapped to the width, each line behind `indent` blanks, the first behind `lead` (of at most `indent` columns).
  void paragraph(std::size_t indent, std::string_view text, Ink ink = Ink::plain, std::string_view lead = {});
  // Words side by side, two blanks between them, none of them broken.
  void flow(std::size_t indent, const std::vector<std::string>& words);
  // `left` and, at the right edge, `right`; `left` loses its beginning where both do not fit.
  void two_sides(std::size_t indent, std::string_view left, std::string_view right, Ink ink = Ink::plain);

 private:
  const ReportOptions& options_;
  unsigned width_;
  Output& out_;
};

[[nodiscard]] std::string_view short_host(std::string_view computer);    // without domain; addresses stay whole
[[nodiscard]] std::string_view short_channel(std::string_view channel);  // without "Microsoft-Windows-", "/Operational"
// Without domains, sorted, each once; visible.
template <class Names>
[[nodiscard]] std::vector<std::string> short_hosts(const Page& page, const Names& computers) {
  std::set<std::string> hosts;
  for (const std::string& computer : computers) hosts.insert(page.visible(short_host(computer)));
  return {hosts.begin(), hosts.end()};
}
// A host's and a channel's name; short on a narrow page.
[[nodiscard]] std::string host_name(const Page& page, std::string_view computer);
[[nodiscard]] std::string channel_name(const Page& page, std::string_view channel);
// "by A. Author" for a rule's author, visible; "" where the rule names none.
[[nodiscard]] std::string by_author(const Page& page, const RuleInfo& rule);
// "C and B", "A, B and 3 more" of visible names.
[[nodiscard]] std::string short_list(const std::vector<std::string>& names, std::size_t most);

}  // namespace tocsin::report
