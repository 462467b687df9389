// The work itself: scan evidence with rules, dump events, explain a judgement.
//
// Nothing here prints, exits or aborts. After a scan has started no path is opened for writing, no library is loaded
// and no program is started.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
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
  std::vector<std::string> mapping_files;  // the user's own JSON shapes (docs/formats/json.md)
  std::optional<Timestamp> from, to;       // events in [from, to); events without a time are always kept
  std::vector<std::string> channels;       // only these channels, case-insensitive; empty: all
  unsigned threads = 0;                    // 0: from the affinity mask and the cgroup's quota
  std::uint64_t unit_bytes = 0;            // 0: default; tests make it tiny
};

struct ScanOptions {
  EvidenceOptions evidence;
  bool full_events = false;                 // keep each finding's whole event (--profile full)
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

// What was read on the way to an answer; every command that needs no rules ends with it.
struct Reading {
  std::uint64_t events = 0;  // inside the time and channel filters
  std::uint64_t sources_read = 0;
  std::optional<Timestamp> first_time, last_time;  // of everything read
  std::vector<SourceInfo> sources;                 // canonical order
  std::vector<Anomaly> anomalies;
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
