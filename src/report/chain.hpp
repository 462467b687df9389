// The chain of one finding, from the rule to the bytes, in blocks that a live explanation and a stored finding share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/page.hpp"

namespace tocsin::report {

// What a class of evidence means: "behaviour that resembles an attack".
[[nodiscard]] std::string_view class_meaning(EvidenceClass evidence_class);
// Where the rule stands: "sigma/a.yml:3", or that it is of no file.
[[nodiscard]] std::string file_text(const Page& page, const RuleInfo& rule);

void chain_rule(Page& page, const RuleInfo& rule);
// Where the event lies: source with hash, place, and what the event says of itself.
void chain_source(Page& page, const SourceInfo& source, const Place& place);
void chain_event_head(Page& page, const Finding& finding);
void chain_matches(Page& page, const std::vector<Match>& matches);
// `sources[i]` is the name of the source of `parts[i]`.
void chain_parts(Page& page, const std::vector<Finding::Part>& parts, const std::vector<std::string>& sources);
// Laid out one member a line.
void chain_event_json(Page& page, std::string_view json);
// A hex dump; `most` bytes of it.
void chain_raw(Page& page, std::string_view raw, std::size_t most);

// "name  value", the value wrapped; nothing where the value is empty. `value` is visible already.
void chain_line(Page& page, std::string_view name, std::string_view value, Ink ink = Ink::plain);

}  // namespace tocsin::report
