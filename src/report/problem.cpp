// A rule problem as rustc shows one: code and message, place, the line with the text underlined, help.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "report/display.hpp"
#include "report/output.hpp"
#include "report/page.hpp"

namespace tocsin {
namespace {

using report::Ink;

// The source line in three parts around [column, column_end), which count code points from 1.
struct Parts {
  std::string before, marked, after;
};

Parts split(const RuleProblem& problem) {
  static constexpr std::size_t kLongest = 400;  // code points shown of a line; more helps nobody
  Parts parts;
  std::size_t column = 1;
  const std::string_view line = problem.source_line;
  const std::size_t end = std::max(problem.column + 1, problem.column_end);
  for (std::size_t at = 0; at < line.size() && column < kLongest; ++column) {
    const std::size_t from = at;
    static_cast<void>(base::next_code_point(line, at));
    std::string& part = column < problem.column ? parts.before : column < end ? parts.marked : parts.after;
    const std::string_view text = line.substr(from, at - from);
    // A tab keeps its place by standing for one blank above and below.
    part += text == "\t" ? std::string(" ") : report::visible(text, report::Charset::unicode);
  }
  return parts;
}

// A page for its paint and glyphs only; nothing is written.
struct Nowhere : ByteSink {
  explicit Nowhere(bool colour) { options.colour = colour; }
  Result<void> write(std::string_view) override { return {}; }
  Result<void> flush() override { return {}; }
  ReportOptions options;
  report::Output unused{*this};
  report::Page page{options, unused};
};

// Help may have several lines (a rule to write instead); those behind the first are indented below it.
void append_help(std::string& out, const report::Page& page, const std::string& gutter, std::string_view help) {
  std::string lead = fmt::format("{} {} help: ", gutter, page.paint(Ink::cyan, "="));
  while (!help.empty()) {
    const std::size_t end = std::min(help.find('\n'), help.size());
    out += lead + page.visible(help.substr(0, end)) + "\n";
    lead = gutter + "         ";
    help.remove_prefix(std::min(end + 1, help.size()));
  }
}

}  // namespace

std::string format_error(const Error& error, bool colour) {
  const Nowhere nowhere(colour);
  const report::Page& page = nowhere.page;
  std::string out =
      page.paint(Ink::bright_red, "error") + page.paint(Ink::bold, ": " + page.visible(error.message)) + "\n";
  if (!error.place.empty()) out += fmt::format("  {} {}\n", page.paint(Ink::cyan, "-->"), page.visible(error.place));
  if (!error.hint.empty()) out += fmt::format("   {} help: {}\n", page.paint(Ink::cyan, "="), page.visible(error.hint));
  return out;
}

std::string visible_text(std::string_view text) {
  return report::visible(text, report::Charset::unicode);
}

std::string format_problem(const RuleProblem& problem, bool colour) {
  const bool error = problem.severity == RuleProblem::Severity::error;
  const Nowhere nowhere(colour);
  const report::Page& page = nowhere.page;
  const Ink ink = error ? Ink::bright_red : Ink::yellow;
  std::string out = page.paint(ink, fmt::format("{}[{}]", error ? "error" : "warning", page.visible(problem.code)));
  out += page.paint(Ink::bold, ": " + page.visible(problem.message)) + "\n";
  const std::string number = problem.line == 0 ? std::string() : std::to_string(problem.line);
  const std::string gutter(number.size(), ' ');
  out += fmt::format("{}{} {}", gutter, page.paint(Ink::cyan, "-->"), page.visible(problem.file));
  if (problem.line > 0) out += fmt::format(":{}:{}", problem.line, std::max(problem.column, 1U));
  out += '\n';
  if (problem.line > 0 && !problem.source_line.empty()) {
    const Parts parts = split(problem);
    const std::string bar = page.paint(Ink::cyan, "|");
    out += fmt::format("{} {}\n{} {} {}{}{}\n", gutter, bar, page.paint(Ink::cyan, number), bar, parts.before,
                       parts.marked, parts.after);
    const std::string marks(std::max<std::size_t>(1, report::columns(parts.marked)), '^');
    out += fmt::format("{} {} {}{}", gutter, bar, std::string(report::columns(parts.before), ' '),
                       page.paint(ink, marks + (problem.label.empty() ? "" : " " + page.visible(problem.label))));
    out += '\n';
  }
  append_help(out, page, gutter, problem.help);
  return out;
}

}  // namespace tocsin
