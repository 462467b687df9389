// The values that a scan ends with: rules, sources, findings, anomalies, coverage, summary. They own what they hold.
//
// Text in them is evidence: it may be hostile and need not be valid UTF-8. Writers escape it, nobody trusts it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/event.hpp"

namespace tocsin {

// Sigma's levels, weakest first. A rule without a level is informational (Sigma 2.1.0 makes the key optional and gives
// no default; the weakest is the one that cannot alarm by accident).
enum class Level : std::uint8_t { informational, low, medium, high, critical };
enum class RuleStatus : std::uint8_t { unsupported, deprecated, experimental, test, stable, unknown };
// Strongest first: seen executing, persisted on disk, contacted by a known hostile account, hostile link received,
// hostile address visited, behaviour that resembles an attack, weakness or hygiene.
enum class EvidenceClass : std::uint8_t { e1 = 1, e2, e3, e4, e5, e6, e7 };

[[nodiscard]] std::string_view to_string(Level level);
[[nodiscard]] std::string_view to_string(RuleStatus status);
[[nodiscard]] std::string_view to_string(EvidenceClass evidence_class);  // "E1" .. "E7"
[[nodiscard]] std::optional<Level> parse_level(std::string_view text);
[[nodiscard]] std::optional<RuleStatus> parse_rule_status(std::string_view text);

struct LogSource {
  std::string product, category, service, definition;
  bool operator==(const LogSource&) const = default;
};

// What a rule says of itself (Sigma 2.1.0, "Components").
struct RuleInfo {
  std::string id;    // as written in the rule; where it has none, "sha256:" and 32 hex digits of the rule's text
  std::string name;  // may be empty
  std::string title, description, author, license, date, modified;
  std::string file;        // path as loaded, relative to the rule folder's own name
  std::uint32_t line = 1;  // where its document begins in the file
  std::string sha256;      // of the whole file, 64 hex digits
  Level level = Level::informational;
  RuleStatus status = RuleStatus::unknown;
  EvidenceClass evidence_class = EvidenceClass::e6;
  LogSource logsource;
  std::vector<std::string> tags, references, false_positives, fields;
  std::vector<std::string> next;        // what to look at when it matched; Tocsin's own key `next`
  std::vector<std::string> techniques;  // "T1059.001", from the tags attack.tNNNN[.NNN], in order, without repeats
  std::string condition;                // as written; a list is joined by " | "
};

// One readable thing inside the evidence.
struct SourceInfo {
  std::uint32_t index = 0;    // position in canonical order: path bytes, then container path
  std::string path;           // as handed in, from the argument's own name on; never the examiner's absolute path
  std::string container;      // path inside the container ("inner.zip!/a/b.evtx"), empty for a plain file
  std::string format;         // "evtx", "json.ndjson", ...; empty: not recognised
  std::string shape;          // for JSON: the shapes met, most frequent first, joined by ','
  bool is_container = false;  // an archive itself: its members are sources of their own
  std::uint64_t size = 0;     // bytes after decompression
  std::string sha256;         // of all bytes, 64 hex digits; empty where the end was not reached
  std::string sha256_prefix;  // instead, where only a prefix was read (interrupted, over a budget)
  std::uint64_t sha256_prefix_length = 0;
  std::string no_hash;         // why there is neither of them; empty: there is one
  std::uint64_t grown_to = 0;  // still written to while it was followed: bytes before this were read. 0: not followed
  std::uint64_t records = 0;   // events read
  std::uint64_t judged = 0;    // events inside the time and channel filters
  std::optional<Timestamp> first_time, last_time;
  std::vector<std::string> channels;   // sorted, without repeats
  std::vector<std::string> computers;  // sorted, without repeats
  std::uint64_t anomalies = 0;
  // Where it was before a collector took it (docs/formats/collections.md). `kind` empty: no known collection.
  struct Collected {
    std::string kind;           // "velociraptor", "kape", "uac", "cylr", "drives"
    std::string host;           // the machine, where the collection names it
    std::string original_path;  // on the machine ("C:\\Windows\\…"); empty for what the collector made itself
    std::string shadow_copy;    // "HarddiskVolumeShadowCopy1", where it was taken from one
  } collected;
  // Holes: record ids that are missing between neighbours of one channel, and spans without any event. Largest first.
  struct IdGap {
    std::string channel;
    std::uint64_t after_id = 0, before_id = 0;  // the ids on both sides
    std::optional<Timestamp> after_time, before_time;
  };
  struct TimeGap {
    Timestamp from, to;
  };
  std::vector<IdGap> id_gaps;
  std::vector<TimeGap> time_gaps;
  std::uint64_t id_gap_count = 0, time_gap_count = 0;  // all of them; the vectors keep the largest
};

// Bytes [begin, end) of Match::value.
struct Span {
  std::uint32_t begin = 0, end = 0;
  auto operator<=>(const Span&) const = default;
};

// One thing that was true: which field of which selection, with what value, matched by what.
struct Match {
  std::string selection;    // name of the search identifier
  std::string field;        // as the rule names it, with modifiers ("CommandLine|contains|all"); empty for keywords
  std::string event_field;  // as the event names it ("NewProcessName", "winlog.event_data.Image")
  std::string value;        // the event's value, after the conversions
  std::string pattern;      // the rule's value that matched, as written
  Span span;                // the part of `value` that the pattern's fixed text covers
  std::vector<std::string> conversions;  // names of what was done to the event's value, in order
  // A long value is cut to the part around the match (16 KiB): where that part begins in the whole, and the
  // whole's size. Both 0: `value` is the whole.
  std::uint64_t value_from = 0, value_size = 0;
  bool negated = false;  // true: the selection is listed because `not` asked for its absence (value may be empty)
  bool operator==(const Match&) const = default;
};

struct Finding {
  std::string id;  // 32 hex digits: SHA-256 over rule id, each record's bytes, occurrence number; first 128 bits
  std::uint32_t rule = 0;    // index into ResultView::rules()
  std::uint32_t source = 0;  // SourceInfo::index
  Place place;
  std::optional<Timestamp> time;
  std::string computer, channel, provider;
  std::optional<std::int64_t> event_id;
  std::string log_source_variant;  // name of the log-source mapping used ("sysmon", "security-4688", ...)
  std::vector<Match> matches;
  // All records, where several make the finding (script blocks in parts), in their order; empty for a lone one.
  struct Part {
    std::uint32_t source = 0;
    Place place;
  };
  std::vector<Part> parts;
  // Id of the first finding that tells of the same thing: the same record in another file, or the same process in
  // another log. Empty: this is the first, and it alone is counted.
  std::string same_as;
  std::vector<std::string> notes;  // e.g. "parts 2 and 3 of 5 are missing"
  std::string event_json;          // one JSON object in evtx_dump's shape; only with Profile::full
};

// Damaged or odd evidence, as data. Reading went on behind it.
struct Anomaly {
  std::uint32_t source = kNoSource;
  std::string path;     // where there is no source (an unreadable folder)
  std::string code;     // stable, snake_case: "evtx_chunk_checksum", "json_duplicate_key", ...
  std::string message;  // a sentence: what was expected, what was found
  std::string remedy;   // what to do about it; may be empty
  std::uint64_t offset = 0;
  std::uint64_t skipped = 0;  // bytes that were not read because of it
  std::uint64_t count = 1;    // equal ones in the same source are counted, not repeated
  static constexpr std::uint32_t kNoSource = 0xFFFFFFFF;
};

// What would let rules be judged next time: a log to fetch, or a setting of the machine. Written as an `enable` entry
// of a log-source file (docs/formats/logsources.md, "Enable").
struct Setting {
  std::string id, title;
  std::string fetch;           // the log's file and where it lies, where it may only have to be handed in
  std::string command;         // switches it on, run as administrator; may be empty
  std::string cost;            // what it costs to have it on
  bool on_by_default = false;  // on, unless somebody switched it off
  // What it gives: events of the product (and service) in these channels; of these ids; with these fields; for as long
  // as this. What is empty or 0 does not matter.
  std::string product, service;
  std::vector<std::string> channels;
  std::vector<std::int64_t> event_ids;
  std::vector<std::string> fields;
  std::uint32_t reach_days = 0;
};

enum class CoverageStatus : std::uint8_t { matched, not_seen, not_evaluable };
// Why a rule could not be judged. Closed list; stored by name.
enum class CoverageReason : std::uint8_t {
  none,
  no_reader,        // nothing in Tocsin reads that kind of log yet
  channel_absent,   // the log (channel) is not in the evidence
  event_id_absent,  // the channel is there, but none of the event ids
  field_absent,     // the events are there, but never with the fields that the rule must see
  placeholder,      // a %placeholder% has no value (--expand NAME=FILE)
  unsupported,      // the rule asks for something that is not done yet (correlation, filter, a regex feature)
  out_of_reach,     // there were such events, but all outside --from/--to/--channel
};
[[nodiscard]] std::string_view to_string(CoverageStatus status);
[[nodiscard]] std::string_view to_string(CoverageReason reason);

struct RuleCoverage {
  std::uint32_t rule = 0;  // index into ResultView::rules()
  CoverageStatus status = CoverageStatus::not_evaluable;
  CoverageReason reason = CoverageReason::none;
  std::string detail;               // e.g. the channel, the fields, the placeholder
  std::uint64_t events_judged = 0;  // events of the rule's log source
  std::uint64_t findings = 0;
  std::vector<std::uint32_t> settings;  // what would change it, if anything does: indexes into ResultView::settings()
};

// A filter, or a field of a search's pattern, that names what no event has: that nothing was found then says nothing.
struct UnmetFilter {
  std::string flag;               // "--channel", "--from", "--to", "pattern", "--not"
  std::string value;              // as given
  std::string why;                // "no event read is of this channel"
  std::string nearest;            // what there is and was likely meant; may be empty
  std::vector<std::string> seen;  // where nothing is near: some of what there is
  bool operator==(const UnmetFilter&) const = default;
};

struct Summary {
  std::uint64_t sources_read = 0;  // recognised and read, at least in part: not those whose damage left no event
  std::uint64_t sources_unrecognised = 0;
  std::uint64_t paths_failed = 0;  // named by the user and not to be opened
  std::uint64_t bytes = 0, events = 0, events_judged = 0;
  std::uint64_t findings = 0, anomalies = 0;         // findings: without those that are the same as another one
  std::uint64_t same_findings = 0;                   // those
  std::array<std::uint64_t, 5> findings_by_level{};  // index: Level
  std::uint64_t rules_loaded = 0, rules_rejected = 0, rules_selected = 0;
  std::array<std::uint64_t, 3> rules_by_status{};  // index: CoverageStatus
  std::optional<Timestamp> first_time, last_time;
  std::vector<UnmetFilter> unmet_filters;
  std::string rule_set_hash;  // SHA-256 over the rules and log sources in force, 64 hex digits
  bool interrupted = false;   // ended early; what was found so far is here
};

}  // namespace tocsin
