// What is read, what is only recognised; and why a file is read as it is, or not.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "report/answer.hpp"

namespace tocsin {
namespace {

using report::AnswerJson;
using report::Ink;
using report::JsonWriter;
using report::Output;
using report::Page;
using Kind = FormatInfo::Kind;

std::string_view to_string(Kind kind) {
  static constexpr std::array<std::string_view, 5> kNames{"log", "shape", "container", "collection", "recognised"};
  return kNames.at(static_cast<std::size_t>(kind));
}

void section(Page& page, const std::vector<FormatInfo>& formats, Kind kind, std::string_view heading,
             std::string_view behind) {
  page.heading(heading, behind);
  std::size_t names = 0;
  for (const FormatInfo& format : formats) {
    if (format.kind == kind) names = std::max(names, report::columns(page.visible(format.name)));
  }
  names = std::min(names, page.width() / 3);
  for (const FormatInfo& format : formats) {
    if (format.kind != kind) continue;
    std::string text = page.visible(format.title);
    if (!format.instead.empty()) text += ": " + page.visible(format.instead);
    page.paragraph(names + 4, text, Ink::plain, "  " + page.cut(page.visible(format.name), names));
  }
}

Result<void> write_text_formats(const std::vector<FormatInfo>& formats, const ReportOptions& options, ByteSink& sink) {
  Output out(sink);
  Page page(options, out);
  page.paragraph(0, "Formats are told by content, never by name; `tocsin formats --why FILE` says what one file is.");
  section(page, formats, Kind::log, "READ", "logs");
  section(page, formats, Kind::shape, "SHAPES OF JSON", "which program wrote the events; --mapping adds your own");
  section(page, formats, Kind::container, "OPENED", "and what is in them is read, nested too");
  section(page, formats, Kind::collection, "COLLECTIONS", "as they are: the folder or the archive");
  section(page, formats, Kind::recognised, "RECOGNISED, NOT READ", "what it is, and what to do with it");
  return out.finish();
}

void format_members(JsonWriter& json, const FormatInfo& format) {
  json.member("kind", to_string(format.kind));
  json.member("name", format.name);
  json.member("title", format.title);
  json.member("read", format.kind != Kind::recognised);
  report::text_or_null(json, "instead", format.instead);
}

// As a scan counts it: what damage left no event of was not read.
bool is_read(const FileVerdict& file) {
  return !file.format.empty() && (file.is_container || file.records > 0 || file.anomalies == 0);
}

std::string verdict_of(const FileVerdict& file) {
  if (file.is_container) return "opened as " + file.format;
  if (file.format.empty()) return "not read";
  if (file.records == 0 && file.anomalies > 0)
    return fmt::format("begins as {}: nothing of it could be read", file.format);
  return fmt::format("read as {}: {}", file.format, report::counted(file.records, "event", "events"));
}

void file_text(Page& page, const FileVerdict& file) {
  std::string name = page.visible(file.path);
  if (!file.container.empty()) name += "!/" + page.visible(file.container);
  page.line();
  page.paragraph(0, name, Ink::bold);
  page.paragraph(2, page.visible(verdict_of(file)), is_read(file) ? Ink::green : Ink::yellow);
  for (const std::string& reason : file.reasons) page.paragraph(4, page.visible(reason), Ink::plain, "  -");
  if (!file.shape.empty()) page.paragraph(4, "shape: " + page.visible(file.shape), Ink::plain, "  -");
  if (file.first_time && file.last_time) {
    page.paragraph(4, "times: " + report::time_range(*file.first_time, *file.last_time) + " UTC", Ink::plain, "  -");
  }
  for (const std::string& example : file.examples) page.paragraph(4, page.visible(example), Ink::yellow, "  -");
  if (file.anomalies > file.examples.size()) {
    page.paragraph(
        4,
        fmt::format("and {}", report::counted(file.anomalies - file.examples.size(), "more anomaly", "more anomalies")),
        Ink::yellow, "  -");
  }
  if (!file.head.empty()) page.paragraph(4, "first bytes: " + file.head, Ink::dim, "  -");
  if (!file.remedy.empty()) page.paragraph(2, "what to do: " + page.visible(file.remedy));
}

void file_members(JsonWriter& json, const FileVerdict& file) {
  json.member("path", file.path);
  report::text_or_null(json, "container", file.container);
  json.member("read", is_read(file));
  report::text_or_null(json, "format", file.format);
  report::text_or_null(json, "shape", file.shape);
  json.member_uint("size", file.size);
  report::text_or_null(json, "sha256", file.sha256);
  json.member("head", file.head);
  json.member_uint("records", file.records);
  report::time_or_null(json, "first_time", file.first_time);
  report::time_or_null(json, "last_time", file.last_time);
  json.member_uint("anomalies", file.anomalies);
  report::strings(json, "reasons", file.reasons);
  report::strings(json, "examples", file.examples);
  report::text_or_null(json, "remedy", file.remedy);
}

}  // namespace

Result<void> write_formats(const std::vector<FormatInfo>& formats, const ReportOptions& options, ByteSink& sink) {
  if (options.format == ReportFormat::text || options.format == ReportFormat::table) {
    return write_text_formats(formats, options, sink);
  }
  if (options.format == ReportFormat::csv || options.format == ReportFormat::sarif) {
    return fail(ErrorCode::invalid_argument, "formats are listed as text, table, jsonl or json");
  }
  Output out(sink);
  AnswerJson answer(out, options);
  answer.header("tocsin.formats", [](JsonWriter&) {});
  for (const FormatInfo& format : formats) {
    TOCSIN_CHECK(answer.row("format", [&](JsonWriter& json) { format_members(json, format); }));
  }
  return answer.finish([&](JsonWriter& json) { json.member_uint("formats", formats.size()); });
}

Result<void> write_format_answer(const FormatAnswer& told, const ReportOptions& options, ByteSink& sink) {
  Output out(sink);
  if (options.format == ReportFormat::text || options.format == ReportFormat::table) {
    Page page(options, out);
    for (const FileVerdict& file : told.files) {
      file_text(page, file);
      TOCSIN_CHECK(out.spill());
    }
    if (told.not_told > 0) page.paragraph(0, fmt::format("and {} more files", told.not_told), Ink::dim);
    return out.finish();
  }
  if (options.format == ReportFormat::csv || options.format == ReportFormat::sarif) {
    return fail(ErrorCode::invalid_argument, "formats are told of as text, table, jsonl or json");
  }
  AnswerJson answer(out, options);
  answer.header("tocsin.formats", [](JsonWriter&) {});
  for (const FileVerdict& file : told.files) {
    TOCSIN_CHECK(answer.row("file", [&](JsonWriter& json) { file_members(json, file); }));
  }
  return answer.finish([&](JsonWriter& json) {
    json.member_uint("files", told.files.size() + told.not_told);
    json.member("interrupted", told.interrupted);
  });
}

}  // namespace tocsin
