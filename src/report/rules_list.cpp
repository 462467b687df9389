// Rules without findings: for `rules list`.
#include <algorithm>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "report/page.hpp"
#include "report/writers.hpp"

namespace tocsin {
namespace {

using report::Output;
using report::Page;

void rule_json(std::string& out, const RuleInfo& rule) {
  base::JsonWriter json(out);
  json.begin_object();
  json.member("type", "rule");
  json.member("id", rule.id);
  json.member("title", rule.title);
  json.member("author", rule.author);
  json.member("license", rule.license);
  json.member("level", to_string(rule.level));
  json.member("status", to_string(rule.status));
  json.member("evidence_class", to_string(rule.evidence_class));
  json.key("logsource");
  json.begin_object();
  json.member("product", rule.logsource.product);
  json.member("category", rule.logsource.category);
  json.member("service", rule.logsource.service);
  json.end_object();
  json.key("tags");
  json.begin_array();
  for (const std::string& tag : rule.tags) json.string(tag);
  json.end_array();
  json.member("file", rule.file);
  json.member_uint("line", rule.line);
  json.member("sha256", rule.sha256);
  json.end_object();
}

Result<void> write_json_rules(const std::vector<RuleInfo>& rules, bool one_document, ByteSink& sink) {
  Output out(sink);
  if (one_document) out.text() += "[\n";
  for (std::size_t i = 0; i < rules.size(); ++i) {
    rule_json(out.text(), rules[i]);
    out.text() += one_document && i + 1 < rules.size() ? ",\n" : "\n";
    TOCSIN_CHECK(out.spill());
  }
  if (one_document) out.text() += "]\n";
  return out.finish();
}

// Not all are files.
std::string count_line(const std::vector<RuleInfo>& rules) {
  const auto on_logs = static_cast<std::size_t>(std::ranges::count(rules, kLogHygieneFile, &RuleInfo::file));
  std::string out = report::counted(rules.size(), "rule", "rules");
  if (on_logs == 0) return out;
  return out + fmt::format(": {} of Sigma, {} on the logs themselves, which are built in and have no file",
                           report::with_commas(rules.size() - on_logs), on_logs);
}

// Wide enough: title and author beside each other; else the author on a line of its own. Neither is cut.
Result<void> write_text_rules(const std::vector<RuleInfo>& rules, const ReportOptions& options, ByteSink& sink) {
  static constexpr std::size_t kId = 36, kLevel = 13, kStatus = 12;
  Output out(sink);
  Page page(options, out);
  for (const RuleInfo& rule : rules) {
    const std::string level =
        page.paint(report::ink_of(rule.level), report::pad_right(std::string(to_string(rule.level)), kLevel));
    const std::string title = page.visible(rule.title), author = report::by_author(page, rule);
    const std::string head = fmt::format("{}  {}  {}", report::pad_right(page.cut(page.visible(rule.id), kId), kId),
                                         level, report::pad_right(std::string(to_string(rule.status)), kStatus));
    const std::size_t used = kId + kLevel + kStatus + 6;
    if (used + report::columns(title) + 2 + report::columns(author) <= page.width()) {
      page.line(fmt::format("{}  {}  {}", head, title, page.paint(report::Ink::dim, author)));
    } else {
      page.line(head);
      page.paragraph(4, title);
      if (!author.empty()) page.paragraph(4, author, report::Ink::dim);
    }
    TOCSIN_CHECK(out.spill());
  }
  page.paragraph(0, count_line(rules));
  return out.finish();
}

}  // namespace

Result<void> write_rules(const std::vector<RuleInfo>& rules, const ReportOptions& options, ByteSink& out) {
  switch (options.format) {
    case ReportFormat::text:
    case ReportFormat::table:
      return write_text_rules(rules, options, out);
    case ReportFormat::jsonl:
      return write_json_rules(rules, false, out);
    case ReportFormat::json:
      return write_json_rules(rules, true, out);
    case ReportFormat::csv:
    case ReportFormat::sarif:
      break;
  }
  return fail(ErrorCode::invalid_argument, "rules are listed as text, table, json or jsonl");
}

}  // namespace tocsin
