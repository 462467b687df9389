// The sections of the text summary, in the order in which they are read. Each appends to the page.
#pragma once

#include "report/page.hpp"
#include "report/rollup.hpp"
#include "report/tally.hpp"

namespace tocsin::report {

void text_headline(Page& page, const ResultView& view);
void text_sources(Page& page, const ResultView& view);
void text_findings(Page& page, const ResultView& view, const Tally& tally);
void text_techniques(Page& page, const Tally& tally);
void text_telling(Page& page, const ResultView& view, const Tally& tally);
void text_not_checked(Page& page, const ResultView& view, const Tally& tally);
void text_settings(Page& page, const ResultView& view, const Rollup& rollup);
void text_anomalies(Page& page, const ResultView& view, const Tally& tally);
void text_next_steps(Page& page, const ResultView& view, const Tally& tally);

// One match as a line of at most `width` columns: `CommandLine contains "x" in "…«x»…"`.
[[nodiscard]] std::string match_line(const Page& page, const Match& match, std::size_t width);
// "record 3002, 1,234 bytes at byte 107184": where a record lies.
[[nodiscard]] std::string place_text(const Place& place);
// The digits of a finding's id that people type.
[[nodiscard]] inline std::string_view short_id(std::string_view id) {
  return id.substr(0, 8);
}
// Where a collected source lay before: "C:\Windows\… of SRV-WEB1 (kape)"; empty for sources of no collection.
[[nodiscard]] std::string collected_text(const Page& page, const SourceInfo& source);
[[nodiscard]] std::string source_name(const Page& page, const SourceInfo& source);  // path, or path!/container

}  // namespace tocsin::report
