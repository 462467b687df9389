#include "evidence/csv/trouble.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "evidence/csv/table.hpp"
#include "evidence/trouble.hpp"

namespace tocsin::evidence::csv {
Anomaly open_quote(std::uint64_t offset, std::uint64_t skipped) {
  return make_anomaly(
      "csv_open_quote",
      "A row has a quoted field without an end: expected a closing quote, found the next row or the end of the "
      "source. It was not read.",
      "Export the log again: rows may be missing here.", offset, skipped);
}

Anomaly row_too_large(std::uint64_t offset, std::uint64_t skipped) {
  return make_anomaly("csv_row_too_large",
                      fmt::format("A row is larger than {} MiB; it was not read.", kMaxRowBytes >> 20),
                      "Look whether a quote has no end here; export the log again.", offset, skipped);
}

Anomaly wrong_columns(std::size_t expected, std::size_t found, std::uint64_t offset, std::uint64_t skipped) {
  return make_anomaly(
      "csv_columns",
      fmt::format("A row has other columns than the header: expected {} fields, found {}. It was not read.", expected,
                  found),
      "Look at this row; export the log again, without changing it in a spreadsheet.", offset, skipped);
}

Anomaly local_time(std::string_view text, std::uint64_t offset) {
  return make_anomaly(
      "csv_local_time",
      fmt::format("The time `{}` does not say which number is the day and which the month, nor its zone; the "
                  "event was read without a time.",
                  base::visible_utf8(text.substr(0, 64))),
      "Export times as ISO 8601 (Select-Object with a property TimeCreated made by .ToUniversalTime()"
      ".ToString('o')), or say their order in a --mapping file (docs/formats/csv.md).",
      offset);
}

Anomaly unknown_log(std::string_view provider, std::uint64_t offset) {
  return make_anomaly(
      "csv_unknown_log",
      fmt::format("The table does not name the log of an event of `{}`, and the provider alone does not tell it: rules "
                  "for one log are not judged on this event.",
                  base::visible_utf8(provider.substr(0, 64))),
      "Save the log as EVTX or XML instead (wevtutil epl, wevtutil qe /f:xml).", offset);
}

Anomaly embedded_text(const json::EmbeddedFault& fault, std::uint64_t offset) {
  return make_anomaly(
      "csv_embedded_text",
      fmt::format("The text in column `{}` cannot be opened: {}; its fields are not known, it stays a text.",
                  fault.path, fault.message),
      "Look at this row; export the log again.", offset);
}

}  // namespace tocsin::evidence::csv
