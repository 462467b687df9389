// A rule in sentences, for `rules explain`.
#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "knowledge/attack.hpp"
#include "report/answer.hpp"
#include "report/chain.hpp"
#include "report/techniques.hpp"

namespace tocsin {
namespace {

using report::Ink;
using report::JsonWriter;
using report::Output;
using report::Page;

std::string_view level_meaning(Level level) {
  switch (level) {
    case Level::critical:
      return "hardly ever benign: look at once";
    case Level::high:
      return "seldom benign: look the same day";
    case Level::medium:
      return "often worth a look, benign now and then";
    case Level::low:
      return "notable, mostly benign: for context";
    case Level::informational:
      return "no alarm: tells what happened";
  }
  return {};
}

// Lines that a rule's author broke are filled again.
std::string filled(const Page& page, std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  std::ranges::replace(text, '\n', ' ');
  return page.visible(text);
}

void looks_for(Page& page, const RuleWords& words) {
  page.heading("LOOKS FOR");
  if (!words.not_evaluated.empty()) {
    page.paragraph(2, "This rule is loaded but not judged: " + page.visible(words.not_evaluated), Ink::yellow);
  }
  if (words.condition.empty()) return;
  const bool whole_logs = words.rule.file == kLogHygieneFile;
  page.paragraph(2, whole_logs                ? std::string("Not one event but whole logs, in which:")
                    : words.parts.size() == 1 ? std::string("One event in which:")
                                              : "One event for which this is true: " + page.visible(words.condition));
  for (const RuleWords::Part& part : words.parts) {
    if (words.parts.size() > 1) page.line("  " + page.paint(Ink::bold, page.visible(part.name)));
    bool first = true;
    for (const std::vector<std::string>& way : part.ways) {
      if (!std::exchange(first, false)) page.line("    or");
      for (std::size_t i = 0; i < way.size(); ++i) {
        page.paragraph(8, page.visible(way[i]), Ink::plain, i == 0 ? "    -" : "    and");
      }
    }
  }
}

std::string quoted_list(const Page& page, const std::vector<std::string>& names) {
  std::vector<std::string> visible;
  for (const std::string& name : names) visible.push_back(page.visible(name));
  return fmt::format("{}", fmt::join(visible, ", "));
}

void in_logs(Page& page, const RuleWords& words) {
  page.heading("IN THESE LOGS", words.logs.empty() ? "none that Tocsin reads" : "each that is there is judged");
  for (const RuleWords::Log& log : words.logs) {
    std::string text = log.channels.empty() ? std::string("any channel") : quoted_list(page, log.channels);
    if (log.channels.empty() && !log.providers.empty()) text = "provider " + quoted_list(page, log.providers);
    page.line("  " + page.paint(Ink::bold, page.visible(log.name)));
    page.paragraph(4, text);
    for (std::size_t i = 0; i < log.event_ids.size(); ++i) {
      const std::string name = i < log.event_names.size() ? log.event_names[i] : std::string();
      page.paragraph(4, fmt::format("event {}{}{}", log.event_ids[i], name.empty() ? "" : ": ", name));
    }
    for (const std::string& note : log.notes) page.paragraph(4, page.visible(note), Ink::dim);
  }
}

void switch_on(Page& page, const RuleWords& words) {
  if (words.settings.empty()) return;
  page.heading("WHAT MUST BE SWITCHED ON", "each gives events that the rule can see");
  for (const Setting& setting : words.settings) {
    page.paragraph(2, page.visible(setting.title) + (setting.on_by_default ? " (on by default)" : ""), Ink::bold);
    if (!setting.fetch.empty()) page.paragraph(4, "hand in: " + page.visible(setting.fetch));
    if (!setting.command.empty()) page.paragraph(4, "switch on: " + page.visible(setting.command));
    if (!setting.cost.empty()) page.paragraph(4, "costs: " + page.visible(setting.cost), Ink::dim);
  }
}

void list(Page& page, std::string_view heading, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  page.heading(heading);
  for (const std::string& line : lines) page.paragraph(4, filled(page, line), Ink::plain, "  -");
}

// As the rule names them, and what they are called today.
void techniques(Page& page, const RuleInfo& rule) {
  if (rule.techniques.empty()) return;
  page.heading("TECHNIQUES", fmt::format("of ATT&CK, release {}", knowledge::Attack::built_in().release_text()));
  for (const std::string& id : rule.techniques) {
    std::string text = report::technique_label(id);
    const std::string_view now = knowledge::Attack::built_in().current(id);
    if (now != id) text += ", now " + report::technique_label(now);
    page.paragraph(2, page.visible(text));
  }
}

Result<void> write_text_words(const RuleWords& words, const ReportOptions& options, ByteSink& sink) {
  Output out(sink);
  Page page(options, out);
  const RuleInfo& rule = words.rule;
  page.paragraph(0, page.visible(rule.title), Ink::bold);
  page.line(fmt::format("{}{}{}", page.visible(rule.id), page.dot(), report::by_author(page, rule)));
  page.paragraph(0, "file " + report::file_text(page, rule), Ink::dim);
  page.paragraph(0, fmt::format("Level {}: {}.", page.paint(report::ink_of(rule.level), to_string(rule.level)),
                                level_meaning(rule.level)));
  page.paragraph(0, fmt::format("A finding is of class {}: {}.", to_string(rule.evidence_class),
                                report::class_meaning(rule.evidence_class)));
  if (!rule.description.empty()) {
    page.line();
    page.paragraph(0, filled(page, rule.description));
  }
  looks_for(page, words);
  in_logs(page, words);
  switch_on(page, words);
  list(page, "MAY BE BENIGN", rule.false_positives);
  list(page, "LOOK AT NEXT", rule.next);
  techniques(page, rule);
  list(page, "READ MORE", rule.references);
  return out.finish();
}

void log_object(JsonWriter& json, const RuleWords::Log& log) {
  json.begin_object();
  json.member("name", log.name);
  report::strings(json, "channels", log.channels);
  report::strings(json, "providers", log.providers);
  json.key("event_ids");
  json.begin_array();
  for (const std::int64_t id : log.event_ids) json.integer(id);
  json.end_array();
  report::strings(json, "event_names", log.event_names);
  report::strings(json, "notes", log.notes);
  json.end_object();
}

void part_object(JsonWriter& json, const RuleWords::Part& part) {
  json.begin_object();
  json.member("name", part.name);
  json.key("ways");
  json.begin_array();
  for (const std::vector<std::string>& way : part.ways) {
    json.begin_array();
    for (const std::string& line : way) json.string(line);
    json.end_array();
  }
  json.end_array();
  json.end_object();
}

Result<void> write_json_words(const RuleWords& words, ByteSink& sink) {
  Output out(sink);
  JsonWriter json(out.text());
  json.begin_object();
  json.member("type", "rule");
  json.member("id", words.rule.id);
  json.member("title", words.rule.title);
  json.member("level", to_string(words.rule.level));
  report::text_or_null(json, "condition", words.condition);
  report::text_or_null(json, "not_evaluated", words.not_evaluated);
  json.key("parts");
  json.begin_array();
  for (const RuleWords::Part& part : words.parts) part_object(json, part);
  json.end_array();
  json.key("logs");
  json.begin_array();
  for (const RuleWords::Log& log : words.logs) log_object(json, log);
  json.end_array();
  json.key("settings");
  json.begin_array();
  for (const Setting& setting : words.settings) json.string(setting.title);
  json.end_array();
  json.end_object();
  out.text() += '\n';
  return out.finish();
}

}  // namespace

Result<void> write_rule_words(const RuleWords& words, const ReportOptions& options, ByteSink& out) {
  switch (options.format) {
    case ReportFormat::text:
    case ReportFormat::table:
      return write_text_words(words, options, out);
    case ReportFormat::jsonl:
    case ReportFormat::json:
      return write_json_words(words, out);
    case ReportFormat::csv:
    case ReportFormat::sarif:
      break;
  }
  return fail(ErrorCode::invalid_argument, "a rule is explained as text or json");
}

}  // namespace tocsin
