// What `tocsin doctor` found out (docs/formats/doctor.md).
#include <algorithm>
#include <array>
#include <utility>

#include "base/json_writer.hpp"
#include "report/page.hpp"
#include "report/writers.hpp"

namespace tocsin {
namespace {

using report::Ink;
using report::Output;
using report::Page;

struct StatusLook {
  std::string_view json, text;
  Ink ink;
};
const StatusLook& look(Check::Status status) {
  static constexpr std::array<StatusLook, 3> kLooks{
      {{"ok", "ok", Ink::green}, {"warning", "warn", Ink::yellow}, {"failed", "FAIL", Ink::bright_red}}};
  return kLooks.at(static_cast<std::size_t>(status));
}

std::uint64_t number_of(const std::vector<Check>& checks, Check::Status status) {
  return static_cast<std::uint64_t>(std::ranges::count(checks, status, &Check::status));
}

Result<void> write_json_checks(const std::vector<Check>& checks, bool one_document, ByteSink& sink) {
  Output out(sink);
  if (one_document) out.text() += "[\n";
  for (std::size_t i = 0; i < checks.size(); ++i) {
    base::JsonWriter json(out.text());
    json.begin_object();
    json.member("type", "check");
    json.member("group", checks[i].group);
    json.member("name", checks[i].name);
    json.member("status", look(checks[i].status).json);
    json.member("says", checks[i].says);
    json.member("remedy", checks[i].remedy);
    json.end_object();
    out.text() += one_document && i + 1 < checks.size() ? ",\n" : "\n";
    TOCSIN_CHECK(out.spill());
  }
  if (one_document) out.text() += "]\n";
  return out.finish();
}

Result<void> write_text_checks(const std::vector<Check>& checks, const ReportOptions& options, ByteSink& sink) {
  static constexpr std::size_t kStatus = 6, kName = 16;
  Output out(sink);
  Page page(options, out);
  std::string group;
  for (const Check& check : checks) {
    if (check.group != group) page.heading(check.group);
    group = check.group;
    const StatusLook& status = look(check.status);
    const std::string lead = "  " + page.paint(status.ink, report::pad_right(std::string(status.text), kStatus)) +
                             report::pad_right(page.visible(check.name), kName);
    // Colours change no width: the paragraph's own lead is measured, this one is put in front of its first line.
    bool first = true;
    for (const std::string& line : report::wrap(page.visible(check.says), page.width() - kStatus - kName - 2)) {
      page.line(std::exchange(first, false) ? lead + line : std::string(kStatus + kName + 2, ' ') + line);
    }
    if (!check.remedy.empty()) page.paragraph(kStatus + kName + 2, page.visible(check.remedy), Ink::cyan);
  }
  page.line();
  page.line(report::counted(number_of(checks, Check::Status::warning), "warning", "warnings") + ", " +
            report::counted(number_of(checks, Check::Status::failed), "failure", "failures"));
  return out.finish();
}

}  // namespace

Result<void> write_checks(const std::vector<Check>& checks, const ReportOptions& options, ByteSink& out) {
  switch (options.format) {
    case ReportFormat::text:
    case ReportFormat::table:
      return write_text_checks(checks, options, out);
    case ReportFormat::jsonl:
      return write_json_checks(checks, false, out);
    case ReportFormat::json:
      return write_json_checks(checks, true, out);
    case ReportFormat::csv:
    case ReportFormat::sarif:
      break;
  }
  return fail(ErrorCode::invalid_argument, "checks are written as text, table, json or jsonl");
}

}  // namespace tocsin
