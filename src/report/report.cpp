#include "tocsin/report.hpp"

#include <array>
#include <utility>

#include "report/writers.hpp"

namespace tocsin {

std::optional<ReportFormat> parse_report_format(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, ReportFormat>, 6> kFormats{{
      {"text", ReportFormat::text},
      {"table", ReportFormat::table},
      {"jsonl", ReportFormat::jsonl},
      {"json", ReportFormat::json},
      {"csv", ReportFormat::csv},
      {"sarif", ReportFormat::sarif},
  }};
  for (const auto& [name, format] : kFormats) {
    if (name == text) return format;
  }
  return std::nullopt;
}

std::optional<Profile> parse_profile(std::string_view text) {
  if (text == "minimal") return Profile::minimal;
  if (text == "standard") return Profile::standard;
  if (text == "full") return Profile::full;
  return std::nullopt;
}

Result<void> write_report(const ResultView& view, const ReportOptions& options, ByteSink& out) {
  const bool json = options.format == ReportFormat::jsonl || options.format == ReportFormat::json;
  if (!options.columns.empty() && json) return report::write_flat_json(view, options, out);
  switch (options.format) {
    case ReportFormat::text:
      return report::write_text(view, options, out);
    case ReportFormat::table:
      return report::write_table(view, options, out);
    case ReportFormat::jsonl:
      return report::write_jsonl(view, options, out);
    case ReportFormat::json:
      return report::write_json(view, options, out);
    case ReportFormat::csv:
      return report::write_csv(view, options, out);
    case ReportFormat::sarif:
      return report::write_sarif(view, options, out);
  }
  return fail(ErrorCode::invalid_argument, "no such report format");
}

}  // namespace tocsin
