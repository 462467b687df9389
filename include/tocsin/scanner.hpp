// The work itself: scan evidence with rules, dump events, explain a judgement.
//
// Nothing here prints, exits or aborts. After a scan has started no path is opened for writing, no library is loaded
// and no program is started.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/bytes.hpp"
#include "tocsin/finding.hpp"
#include "tocsin/result.hpp"
#include "tocsin/ruleset.hpp"
#include "tocsin/sink.hpp"

namespace tocsin {

// What is handed in and how it is read.
struct EvidenceOptions {
  std::vector<std::string> paths;  // files, folders, "-" for standard input; the order does not matter
  bool follow_symlinks = false;
  bool carve = false;
  std::vector<std::string> archive_passwords;  // for encrypted zips, each is tried; never part of results
  std::vector<std::string> mapping_files;      // the user's own JSON shapes (docs/formats/json.md)
  std::optional<Timestamp> from, to;           // events in [from, to); events without a time are always kept
  std::vector<std::string> channels;           // only these channels, case-insensitive; empty: all
  bool hash = true;                            // false: sources get no SHA-256, and say so (SourceInfo::no_hash)
  unsigned threads = 0;                        // 0: from the affinity mask and the cgroup's quota
  std::uint64_t unit_bytes = 0;                // 0: default; tests make it tiny
};

struct ScanOptions {
  EvidenceOptions evidence;
  bool full_events = false;                 // keep each finding's whole event (--profile full)
  bool log_hygiene = false;                 // findings of our own on holes, clocks and silences of logs (decision 0013)
  bool measure_rules = false;               // fill ScanStats::slow_rules (--stats)
  const std::atomic<bool>* stop = nullptr;  // set from a signal handler: end cleanly with what was found so far
};

// Where the time went; never part of the results.
struct ScanStats {
  struct Stage {
    std::string name;
    double seconds = 0;
    std::uint64_t count = 0;
  };
  std::vector<Stage> stages;
  struct SlowRule {
    std::uint32_t rule = 0;
    std::uint64_t evaluations = 0;
    double seconds = 0;
  };
  std::vector<SlowRule> slow_rules;  // slowest first, only where measuring was asked for
};

class ScanResult : public ResultView {
 public:
  // Paths that the user named and that could not be opened (exit code 2), with the reason.
  [[nodiscard]] virtual const std::vector<Error>& failed_paths() const = 0;
  [[nodiscard]] virtual const ScanStats& stats() const = 0;
};

[[nodiscard]] Result<std::unique_ptr<ScanResult>> scan(const ScanOptions& options, const RuleSet& rules,
                                                       ProgressSink* progress);

// Told of findings as they are made. One call at a time, not always on the same thread; an error ends the run. The view
// has rules, settings, the rule set's hash and the sources met so far (Finding::source counts in it); it lives for the
// call.
class FindingSink {
 public:
  virtual ~FindingSink() = default;
  [[nodiscard]] virtual Result<void> on_begin(const ResultView& view) = 0;  // before the first finding
  [[nodiscard]] virtual Result<void> on_finding(const ResultView& view, const Finding& finding) = 0;
};
// A scan of files that are still written to: reads what is there, then what is appended, until `options.stop` is set.
// The result is as of a scan, with everything found. Errors: what cannot be followed (standard input, pipes, archives).
[[nodiscard]] Result<std::unique_ptr<ScanResult>> follow(const ScanOptions& options, const RuleSet& rules,
                                                         FindingSink& sink, ProgressSink* progress);

// What was read on the way to an answer; every command that needs no rules ends with it.
struct Reading {
  std::uint64_t events = 0;  // inside the time and channel filters
  std::uint64_t sources_read = 0;
  std::optional<Timestamp> first_time, last_time;  // of everything read
  std::vector<SourceInfo> sources;                 // canonical order
  std::vector<Anomaly> anomalies;
  std::vector<UnmetFilter> unmet_filters;
  std::vector<Error> failed_paths;
  bool interrupted = false;
};

enum class DumpFormat : std::uint8_t { json, xml };
struct DumpOptions {
  EvidenceOptions evidence;
  DumpFormat format = DumpFormat::json;
  const std::atomic<bool>* stop = nullptr;
};
struct DumpResult : Reading {
  std::uint64_t without_xml = 0;  // events not written: XML was asked for and their source has none (JSON)
};
// Every event, one a line (evtx_dump's JSON shape with a `_tocsin` object naming its place; or Windows event XML).
[[nodiscard]] Result<DumpResult> dump(const DumpOptions& options, ByteSink& out, ProgressSink* progress);

// Which events hold something. A pattern is text that any value may contain, or `Field=value` for a whole value; `*`
// and
// `?` stand for any text and any character, as in Sigma, and case is ignored (docs/formats/results.md, "Search").
struct SearchOptions {
  EvidenceOptions evidence;
  std::vector<std::string> patterns;   // at least one
  std::vector<std::string> unwanted;   // an event that meets one of these is no hit
  bool any = false;                    // one of `patterns` is enough; else an event must meet them all
  bool regex = false;                  // patterns are regular expressions, found anywhere in a value
  bool cased = false;                  // case counts
  bool plain = false;                  // `a=b` is text, not a field and its value
  std::optional<std::int64_t> around;  // also the events of the same host this near to a hit, in ticks
  std::uint64_t most = 0;              // keep the earliest so many hits; 0: all
  bool full_events = false;
  const std::atomic<bool>* stop = nullptr;
};
class SearchResult {
 public:
  virtual ~SearchResult() = default;
  [[nodiscard]] virtual const Reading& reading() const = 0;
  [[nodiscard]] virtual std::uint64_t hits() const = 0;  // met, whether or not they were kept
  // By time, then place; with `around` by host first. A hit is a Finding without id and rule: each match has the
  // pattern that was met (Match::pattern) and where. An event without matches is there because it is near a hit.
  // `notes` are the event's first values, "Name: value".
  [[nodiscard]] virtual Result<void> each_hit(const ResultView::Visitor<Finding>& visit) const = 0;
};
[[nodiscard]] Result<std::unique_ptr<SearchResult>> search(const SearchOptions& options, ProgressSink* progress);

// What is in the evidence, counted; and what a Windows host should have and has not.
struct AnswerOptions {
  EvidenceOptions evidence;
  const std::atomic<bool>* stop = nullptr;
};
struct Metrics {
  struct Row {  // what its events have in common; the rest is empty
    std::string host, channel, provider, name;
    std::optional<std::int64_t> event_id;
    std::optional<Timestamp> first, last;  // a day: `first` is its midnight
    std::uint64_t events = 0;
  };
  struct Missing {
    std::string what, means, channel;
    std::vector<std::int64_t> event_ids;                       // one of them would do; empty: any event of the channel
    std::vector<std::string> without_channel, without_events;  // hosts
    std::vector<std::uint32_t> for_channel, for_events;        // what would change it: indexes into Metrics::settings
    std::vector<std::uint32_t> partly_on;                      // of `for_events`: those hosts have other events of it
  };
  Reading reading;
  std::vector<Row> channels, event_ids, hosts;  // most events first
  std::vector<Row> days;                        // in order of time, only days with events
  std::vector<Missing> missing;                 // judged on all that was read, whatever the filters
  std::vector<Setting> settings;                // those that `missing` names
  std::uint64_t not_told_apart = 0;             // events of too many kinds: in no row
};
[[nodiscard]] Result<Metrics> metrics(const AnswerOptions& options, ProgressSink* progress);

// Who logged on, from where, how, how often, and how often not.
struct Logons {
  enum class Kind : std::uint8_t { logon, other_credentials, remote_desktop, kerberos, ntlm };
  struct Row {
    Kind kind = Kind::logon;
    std::string account, type, source, package, host;
    std::string by, to;  // other credentials: whose session, which server; Kerberos: `to` is the service
    std::uint64_t successes = 0, failures = 0;
    std::map<std::string, std::uint64_t> reasons;  // of failures, in words
    std::uint64_t privileged = 0, ended = 0;       // of the successes: with special privileges; whose end was logged
    std::int64_t longest = 0;                      // session, in ticks; 0: not known
    std::optional<Timestamp> first, last;
    bool system = false;   // a computer's account, or one of the system itself
    bool unusual = false;  // such an account where a person would be: not counted as `system`
  };
  Reading reading;
  std::vector<Row> rows;       // by kind, most failures first, then most successes
  std::uint64_t repeated = 0;  // records found in several files, counted once
  std::uint64_t not_told_apart = 0;
};
[[nodiscard]] std::string_view to_string(Logons::Kind kind);
[[nodiscard]] Result<Logons> logons(const AnswerOptions& options, ProgressSink* progress);

// Events over time; with rules their findings, those that a scan counts.
struct TimelineOptions {
  enum class By : std::uint8_t { channel, host, level, event_id };
  EvidenceOptions evidence;
  By by = By::channel;
  std::int64_t bucket = 0;  // ticks; 0: the smallest that gives at most `most_buckets`
  std::int64_t most_buckets = 100;
  bool log_hygiene = false;  // with rules: as ScanOptions::log_hygiene
  const std::atomic<bool>* stop = nullptr;
};
struct Timeline {
  struct Count {
    Timestamp from;
    std::uint64_t events = 0;
  };
  struct Row {
    std::string name;
    std::vector<Count> counts;  // in order of time, only buckets with events
    std::uint64_t total = 0, without_time = 0;
  };
  Reading reading;
  std::vector<Row> rows;  // largest first
  std::int64_t bucket = 0, asked_bucket = 0;
  bool findings = false;
};
// `rules` null: events.
[[nodiscard]] Result<Timeline> timeline(const TimelineOptions& options, const RuleSet* rules, ProgressSink* progress);

// What is read, and what is only recognised.
struct FormatInfo {
  enum class Kind : std::uint8_t { log, shape, container, collection, recognised };
  Kind kind = Kind::log;
  std::string name, title, instead;  // instead: what to do with what is not read
};
[[nodiscard]] Result<std::vector<FormatInfo>> formats(const std::vector<std::string>& mapping_files);
// One readable thing, and why it is read as it is, or not.
struct FileVerdict {
  std::string path, container, format, shape, sha256, head;  // format empty: not read; head: first bytes in hex
  std::string remedy;
  std::vector<std::string> reasons, examples;  // examples: the first anomalies
  std::uint64_t size = 0, records = 0, anomalies = 0;
  std::optional<Timestamp> first_time, last_time;
  bool is_container = false;
};
struct FormatAnswer {
  std::vector<FileVerdict> files;  // in the order of the walk; a container after what is in it
  std::vector<Error> failed_paths;
  std::uint64_t not_told = 0;
  bool interrupted = false;
};
[[nodiscard]] Result<FormatAnswer> why_read(const AnswerOptions& options);

// Why a rule did or did not match one event, from the condition tree down to the bytes.
struct Explanation {
  // The condition tree in pre-order. A leaf is one field comparison of one selection.
  struct Node {
    std::uint32_t depth = 0;
    std::string kind;  // "condition", "and", "or", "not", "1 of", "selection", "field", "keyword"
    std::string text;  // as the rule has it
    std::optional<bool> truth;
    std::string detail;  // for leaves: the event's field and value, or that it is absent
    std::optional<Match> match;
  };
  RuleInfo rule;
  SourceInfo source;
  Place place;
  std::optional<std::string> finding_id;
  bool log_source_fits = false;
  std::string log_source_detail;  // which variant fits, or what each would have needed
  bool matched = false;
  std::vector<Node> nodes;
  std::vector<Match> matches;
  std::vector<Finding::Part> parts;
  std::vector<std::string> part_sources;  // beside `parts`: "a.zip!/b.evtx"
  std::vector<std::string> notes;         // as Finding::notes
  std::optional<Timestamp> time;
  std::string computer, channel, provider;
  std::optional<std::int64_t> event_id;
  std::string event_json;
  std::string raw;  // the record's own bytes
};
struct ExplainOptions {
  EvidenceOptions evidence;
  std::string finding_id;  // either this,
  std::string rule_id;     // or both of these
  std::string event;       // "SOURCE:RECORD[@OFFSET]", SOURCE a path or its end, RECORD the place's record number
  const std::atomic<bool>* stop = nullptr;
};
[[nodiscard]] Result<Explanation> explain(const ExplainOptions& options, const RuleSet& rules, ProgressSink* progress);

// How many threads a scan uses where EvidenceOptions::threads is 0: at least 1.
[[nodiscard]] unsigned usual_threads();

// What this binary is made of, for --version: lines of "name: value".
[[nodiscard]] std::string version_text();

}  // namespace tocsin
