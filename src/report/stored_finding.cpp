// One finding out of a results file (docs/formats/results.md), shown as its chain. JSON Lines, and JSON as Tocsin lays
// it out, are read line by line; anything else is taken for one JSON document.
#include <fstream>
#include <functional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "report/chain.hpp"
#include "report/json_text.hpp"
#include "report/text_sections.hpp"
#include "report/writers.hpp"

namespace tocsin {
namespace {

using nlohmann::json;

constexpr std::uint64_t kLongestLine = std::uint64_t{256} << 20;  // one finding with its event
constexpr std::uint64_t kLargestJson = std::uint64_t{1} << 30;    // a JSON document is read as a whole
constexpr int kDeepest = 256;                                     // levels; what lies deeper is left out
constexpr std::size_t kShortestPrefix = 8;                        // of an id, in hex digits
constexpr std::size_t kIdLength = 32;

template <class Input>
json parse(Input&& input) {
  const auto not_too_deep = [](int depth, json::parse_event_t, json&) { return depth < kDeepest; };
  return json::parse(std::forward<Input>(input), not_too_deep, false);
}

// Missing and null members read as their type's empty value: other versions may leave some out.
std::string text(const json& object, const char* key) {
  const auto member = object.is_object() ? object.find(key) : object.end();
  return member != object.end() && member->is_string() ? member->get<std::string>() : std::string();
}
std::uint64_t number(const json& object, const char* key, std::uint64_t otherwise = 0) {
  const auto member = object.is_object() ? object.find(key) : object.end();
  return member != object.end() && member->is_number_unsigned() ? member->get<std::uint64_t>() : otherwise;
}
const json& member(const json& object, const char* key) {
  static const json kNothing;
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found != object.end() ? *found : kNothing;
}
std::vector<std::string> texts(const json& object, const char* key) {
  std::vector<std::string> out;
  for (const json& item : member(object, key)) {
    if (item.is_string()) out.push_back(item.get<std::string>());
  }
  return out;
}

RuleInfo rule_of(const json& finding) {
  const json& stored = member(finding, "rule");
  RuleInfo rule;
  rule.id = text(stored, "id"), rule.title = text(stored, "title"), rule.author = text(stored, "author");
  rule.license = text(stored, "license"), rule.file = text(stored, "file"), rule.sha256 = text(stored, "sha256");
  rule.description = text(stored, "description"), rule.condition = text(stored, "condition");
  rule.line = static_cast<std::uint32_t>(number(stored, "line", 1));
  rule.tags = texts(stored, "tags"), rule.references = texts(stored, "references");
  rule.false_positives = texts(stored, "false_positives");
  rule.next = texts(stored, "next");
  const json& logsource = member(stored, "logsource");
  rule.logsource = {text(logsource, "product"), text(logsource, "category"), text(logsource, "service"), {}};
  rule.level = parse_level(text(finding, "level")).value_or(Level::informational);
  rule.status = parse_rule_status(text(stored, "status")).value_or(RuleStatus::unknown);
  const std::string evidence_class = text(finding, "evidence_class");
  if (evidence_class.size() == 2 && evidence_class[1] >= '1' && evidence_class[1] <= '7') {
    rule.evidence_class = static_cast<EvidenceClass>(evidence_class[1] - '0');
  }
  return rule;
}

SourceInfo source_of(const json& holder) {
  const json& stored = member(holder, "source");
  SourceInfo source;
  source.path = text(stored, "path"), source.container = text(stored, "container");
  source.sha256 = text(stored, "sha256");
  source.no_hash = text(stored, "no_hash");
  source.sha256_prefix = text(member(stored, "sha256_prefix"), "sha256");
  source.sha256_prefix_length = number(member(stored, "sha256_prefix"), "length");
  return source;
}

Place place_of(const json& holder) {
  const json& stored = member(holder, "place");
  Place place;
  place.record = number(stored, "record", Place::kNone), place.chunk = number(stored, "chunk", Place::kNone);
  place.line = number(stored, "line", Place::kNone);
  place.offset = number(stored, "offset"), place.length = number(stored, "length");
  place.carved = member(stored, "carved") == true;
  return place;
}

Match match_of(const json& stored) {
  Match match;
  match.selection = text(stored, "selection"), match.field = text(stored, "field");
  match.event_field = text(stored, "event_field"), match.value = text(stored, "value");
  match.pattern = text(stored, "pattern"), match.conversions = texts(stored, "conversions");
  match.value_from = number(stored, "value_from"), match.value_size = number(stored, "value_size");
  match.negated = member(stored, "negated") == true;
  const json& span = member(stored, "span");
  if (span.is_array() && span.size() == 2 && span[0].is_number_unsigned() && span[1].is_number_unsigned()) {
    match.span = {span[0].get<std::uint32_t>(), span[1].get<std::uint32_t>()};
  }
  return match;
}

Finding finding_of(const json& stored) {
  Finding finding;
  finding.id = text(stored, "id"), finding.computer = text(stored, "host");
  finding.channel = text(stored, "channel"), finding.provider = text(stored, "provider");
  finding.log_source_variant = text(stored, "log_source"), finding.notes = texts(stored, "notes");
  finding.time = parse_time(text(stored, "time"));
  if (const json& id = member(stored, "event_id"); id.is_number_integer()) finding.event_id = id.get<std::int64_t>();
  for (const json& match : member(stored, "matches")) finding.matches.push_back(match_of(match));
  for (const json& part : member(stored, "parts")) finding.parts.push_back({0, place_of(part)});
  return finding;
}

// `event` is the event's own JSON text, where it was stored.
Result<void> write_chain(const json& stored, std::string_view event, const ReportOptions& options, ByteSink& sink) {
  report::Output out(sink);
  report::Page page(options, out);
  const Finding finding = finding_of(stored);
  page.line("finding " + page.visible(finding.id));
  report::chain_rule(page, rule_of(stored));
  report::chain_source(page, source_of(stored), place_of(stored));
  report::chain_event_head(page, finding);
  report::chain_matches(page, finding.matches);
  std::vector<std::string> names;
  for (const json& part : member(stored, "parts")) {
    const SourceInfo source = source_of(part);
    names.push_back(source.container.empty() ? source.path : source.path + "!/" + source.container);
  }
  report::chain_parts(page, finding.parts, names);
  if (event != "null") report::chain_event_json(page, event);
  return out.finish();
}

bool is_id_prefix(std::string_view id) {
  return id.size() >= kShortestPrefix && id.size() <= kIdLength &&
         id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// What was found so far: the first finding whose id begins so, and whether there is another.
struct Hit {
  std::string_view prefix;
  json finding;
  std::string event;
  bool ambiguous = false;
  void offer(const json& candidate, std::string_view its_event) {
    const std::string id = text(candidate, "id");
    if (text(candidate, "type") != "finding" || !id.starts_with(prefix)) return;
    if (!finding.is_null()) {
      ambiguous = ambiguous || text(finding, "id") != id;
      return;
    }
    finding = candidate;
    event = its_event;
  }
};

Error not_ours(const std::string& place) {
  return {ErrorCode::malformed, "expected results of tocsin, found something else", place,
          "give a file written by `tocsin scan --format jsonl --output FILE`"};
}

Result<void> read_lines(std::ifstream& in, const std::string& path, Hit& hit) {
  std::string line;
  for (std::uint64_t at = 2; std::getline(in, line); ++at) {
    const std::string place = fmt::format("{}:{}", path, at);
    if (line.size() > kLongestLine) {
      return fail(ErrorCode::limit, "a line of a results file is at most 256 MiB long", place);
    }
    // Only lines in which the id's digits stand at all are parsed.
    if (!line.starts_with(R"({"type":"finding")") || line.find(hit.prefix) == std::string::npos) continue;
    if (line.ends_with(',')) line.pop_back();
    const json object = parse(line);
    if (object.is_discarded()) return std::unexpected(not_ours(place));
    hit.offer(object, report::json_member(line, "event"));
  }
  return {};
}

Result<void> read_document(std::ifstream& in, const std::string& path, Hit& hit) {
  in.clear();
  in.seekg(0, std::ios::end);
  if (!in || static_cast<std::uint64_t>(in.tellg()) > kLargestJson) {
    return fail(ErrorCode::limit, "a results file in JSON is read up to 1 GiB, and not from a pipe", path,
                "write the results with --format jsonl: those are read line by line");
  }
  in.seekg(0);
  const json document = parse(in);
  if (document.is_discarded() || text(member(document, "header"), "schema") != report::kSchemaName) {
    return std::unexpected(not_ours(path));
  }
  for (const json& finding : member(document, "findings")) {
    const json& event = member(finding, "event");
    hit.offer(finding, event.is_null() ? std::string() : event.dump(-1, ' ', false, json::error_handler_t::replace));
  }
  return {};
}

// The first line of either layout: a header alone, or `{"header":{…},` at the beginning of a document.
bool begins_line_by_line(std::string first) {
  if (first.ends_with(',')) first.back() = '}';
  const json object = parse(first);
  const json& header = member(object, "header").is_object() ? member(object, "header") : object;
  return text(header, "type") == "header" && text(header, "schema") == report::kSchemaName;
}

}  // namespace

Result<void> write_stored_finding(std::string_view results_file, std::string_view finding_id,
                                  const ReportOptions& options, ByteSink& out) {
  const std::string path(results_file);
  if (!is_id_prefix(finding_id)) {
    return fail(ErrorCode::invalid_argument,
                fmt::format("expected a finding id (32 hex digits, or at least its first 8), found '{}'",
                            report::visible(finding_id, report::Charset::unicode)));
  }
  std::ifstream in(path, std::ios::binary);
  std::string first;
  if (!in || !std::getline(in, first)) return fail(ErrorCode::not_found, "cannot read the results file", path);
  Hit hit{finding_id, nullptr, {}};
  TOCSIN_CHECK(begins_line_by_line(first) ? read_lines(in, path, hit) : read_document(in, path, hit));
  if (hit.finding.is_null()) {
    return fail(ErrorCode::not_found, fmt::format("no finding {} in this file", finding_id), path);
  }
  if (hit.ambiguous) {
    return fail(ErrorCode::invalid_argument, fmt::format("more than one finding begins with {}", finding_id), path,
                "give more of its digits");
  }
  return write_chain(hit.finding, hit.event, options, out);
}

}  // namespace tocsin
