#include "flags.hpp"

#include <array>

#include "flag_values.hpp"

namespace tocsin::cli {
namespace {

constexpr unsigned kScan = static_cast<unsigned>(Command::scan);
constexpr unsigned kDump = static_cast<unsigned>(Command::dump);
constexpr unsigned kExplain = static_cast<unsigned>(Command::explain);
constexpr unsigned kList = static_cast<unsigned>(Command::rules_list);
constexpr unsigned kRules = static_cast<unsigned>(Command::rules_check) | kList |
                            static_cast<unsigned>(Command::rules_show) | static_cast<unsigned>(Command::rules_explain) |
                            static_cast<unsigned>(Command::rules_compile);
constexpr unsigned kSearch = static_cast<unsigned>(Command::search);
constexpr unsigned kMetrics = static_cast<unsigned>(Command::metrics);
constexpr unsigned kLogons = static_cast<unsigned>(Command::logons);
constexpr unsigned kTimeline = static_cast<unsigned>(Command::timeline);
constexpr unsigned kFormats = static_cast<unsigned>(Command::formats);
constexpr unsigned kWords = static_cast<unsigned>(Command::rules_explain);
constexpr unsigned kAnswers = kSearch | kMetrics | kLogons | kTimeline;  // what reads evidence and needs no rule
constexpr unsigned kEvidence = kScan | kDump | kExplain | kAnswers;
constexpr unsigned kJudging = kScan | kExplain | kRules | kTimeline;
constexpr unsigned kDoctor = static_cast<unsigned>(Command::doctor);
constexpr unsigned kAll = kDoctor | kEvidence | kRules | kFormats;

constexpr std::string_view kLookFor = "What to look for";
constexpr std::string_view kWhich = "Which rules";
constexpr std::string_view kWhat = "Which evidence";
constexpr std::string_view kOut = "Output";
constexpr std::string_view kRun = "How it runs";

using Selection = RuleSelection;
template <auto Member>
Result<void> add_evidence(Options& options, std::string_view value) {
  if (value.empty()) return fail(ErrorCode::invalid_argument, "expected a value, found an empty one");
  (options.evidence.*Member).emplace_back(value);
  return {};
}
Result<void> add_password_file(Options& options, std::string_view value) {
  options.password_files.emplace_back(value);
  return {};
}
template <auto Member>
Result<void> add_rules(Options& options, std::string_view value) {
  (options.rules.*Member).emplace_back(value);
  return {};
}
template <auto Member>
Result<void> add_selection(Options& options, std::string_view value) {
  (options.rules.selection.*Member).emplace_back(value);
  return {};
}
template <auto Member>
Result<void> set_selection(Options& options, std::string_view) {
  options.rules.selection.*Member = true;
  return {};
}
template <auto Member>
Result<void> set_evidence(Options& options, std::string_view) {
  options.evidence.*Member = true;
  return {};
}
template <auto Member>
Result<void> clear_evidence(Options& options, std::string_view) {
  options.evidence.*Member = false;
  return {};
}
template <auto Member>
Result<void> set_switch(Options& options, std::string_view) {
  options.*Member = true;
  return {};
}
template <auto Member>
Result<void> clear_switch(Options& options, std::string_view) {
  options.*Member = false;
  return {};
}
template <auto Member>
Result<void> set_text(Options& options, std::string_view value) {
  if (value.empty()) return fail(ErrorCode::invalid_argument, "expected a value, found an empty one");
  options.*Member = value;
  return {};
}

Result<void> set_all(Options& options, std::string_view) {
  options.view.all = true;
  return {};
}
template <auto Member>
Result<void> add_search(Options& options, std::string_view value) {
  (options.search.*Member).emplace_back(value);
  return {};
}
template <auto Member>
Result<void> set_search(Options& options, std::string_view) {
  options.search.*Member = true;
  return {};
}

constexpr std::array kFlags{
    Flag{"--pattern", "-e", "PATTERN", kLookFor, kSearch, true,
         "one of several patterns: text, or Field=value; all that stands alone is then a path",
         add_search<&SearchOptions::patterns>},
    Flag{"--any", "", "", kLookFor, kSearch, false, "one of the patterns is enough; without it all must be met",
         set_search<&SearchOptions::any>},
    Flag{"--not", "", "PATTERN", kLookFor, kSearch, true, "leave out events that meet this one",
         add_search<&SearchOptions::unwanted>},
    Flag{"--regex", "-E", "", kLookFor, kSearch, false, "patterns are regular expressions, found anywhere in a value",
         set_search<&SearchOptions::regex>},
    Flag{"--plain", "-F", "", kLookFor, kSearch, false, "a=b is text, not a field and its value",
         set_search<&SearchOptions::plain>},
    Flag{"--cased", "", "", kLookFor, kSearch, false, "case counts", set_search<&SearchOptions::cased>},
    Flag{"--context", "-C", "TIME", kLookFor, kSearch, false,
         "also what the same host logged so long before and after a hit: 30s, 5m, 2h", take_context},
    Flag{"--by", "", "WHAT", kLookFor, kMetrics | kTimeline, false,
         "metrics: only channel, event-id, host, day or missing; timeline: rows by channel, host, level or event-id",
         take_by, "channel event-id host day level missing"},
    Flag{"--bucket", "", "TIME", kLookFor, kTimeline, false,
         "how long a column is: 1m, 1h, 1d; without it as short as the width allows", take_bucket},
    Flag{"--all", "", "", kLookFor, kMetrics | kLogons, false,
         "every row; logons: also those of computers and of the system itself", set_all},
    Flag{"--why", "", "", kLookFor, kFormats, false, "say what was seen in each file, and why it is or is not read",
         set_switch<&Options::why>},
    Flag{"--max", "", "N", kLookFor, kSearch, false, "show only the first N hits; all are counted", take_most},

    Flag{
        "--rules", "-r", "DIR|FILE", kWhich, kJudging | kDoctor, true,
        "Sigma rules: a file, or a folder with all below it. Without it the built-in rules are used; timeline: without "
        "any flag that chooses rules events are counted, not findings",
        add_rules<&RuleSetOptions::paths>},
    Flag{"--level", "-l", "LEVEL", kWhich, kJudging, false,
         "only rules of this level or above: informational, low, medium, high, critical", take_level,
         "informational low medium high critical"},
    Flag{"--status", "", "STATUS", kWhich, kJudging, true,
         "only rules of this status: stable, test, experimental, deprecated, unsupported", take_status,
         "stable test experimental deprecated unsupported"},
    Flag{"--tag", "-t", "TAG", kWhich, kJudging, true,
         "only rules with this tag; attack.t1059 takes its sub-techniques too", add_selection<&Selection::tags>},
    Flag{"--include", "", "ID", kWhich, kJudging, true, "only the rules with these ids or names",
         add_selection<&Selection::include>},
    Flag{"--exclude", "", "ID", kWhich, kJudging, true, "not the rules with these ids or names",
         add_selection<&Selection::exclude>},
    Flag{"--deprecated", "", "", kWhich, kJudging, false, "also take rules that are deprecated",
         set_selection<&Selection::deprecated>},
    Flag{"--unsupported", "", "", kWhich, kJudging, false, "also take rules that are marked as unsupported",
         set_selection<&Selection::unsupported>},
    Flag{"--expand", "", "NAME=FILE", kWhich, kJudging, true, "values for the placeholder %NAME%, one a line",
         take_placeholder},
    Flag{"--logsources", "", "FILE", kWhich, kJudging, true, "your own log sources, over the built-in ones",
         add_rules<&RuleSetOptions::log_source_files>},
    Flag{"--no-hygiene", "", "", kWhich, kScan | kList | kTimeline, false,
         "no findings on the logs themselves (missing records, a clock that went back, a log that stops); none either "
         "where rules are chosen by level, status, tag or id",
         clear_switch<&Options::log_hygiene>},

    Flag{"--from", "", "TIME", kWhat, kEvidence, false, "only events at or after this time (ISO 8601, UTC)", take_from},
    Flag{"--to", "", "TIME", kWhat, kEvidence, false, "only events before this time", take_to},
    Flag{"--channel", "-c", "CHANNEL", kWhat, kEvidence, true, "only events of this channel, such as Security",
         add_evidence<&EvidenceOptions::channels>},
    Flag{"--mapping", "", "FILE", kWhat, kEvidence | kFormats, true,
         "where your own JSON logs keep time, channel and fields", add_evidence<&EvidenceOptions::mapping_files>},
    Flag{"--carve", "", "", kWhat, kEvidence | kFormats, false,
         "also read records that lie in the slack space of EVTX files", set_evidence<&EvidenceOptions::carve>},
    Flag{"--archive-password", "", "FILE", kWhat, kEvidence | kFormats, true,
         "passwords of encrypted zips, one a line; - asks at the terminal. Never the password itself",
         add_password_file},
    Flag{"--follow-symlinks", "", "", kWhat, kEvidence | kFormats, false, "follow symbolic links in folders",
         set_evidence<&EvidenceOptions::follow_symlinks>},
    Flag{
        "--follow", "", "", kWhat, kScan, false,
        "go on with what is appended to the files, and with new files in folders, until Ctrl-C, which then ends with 0 "
        "(1 where --fail-on asks for it); each finding is told at once, as jsonl or text",
        set_switch<&Options::follow>},
    Flag{"--rule", "", "ID", kWhat, kExplain, false, "with --event: say why this rule did or did not match it",
         set_text<&Options::rule_id>},
    Flag{"--event", "", "SOURCE:RECORD", kWhat, kExplain, false,
         "the event: a source's path or its end, the record's number, and @OFFSET where a number comes twice",
         set_text<&Options::event>},
    Flag{"--results", "", "FILE", kWhat, kExplain, false, "take the finding from a results file (jsonl or json)",
         set_text<&Options::results>},

    Flag{"--format", "-f", "FORMAT", kOut, kScan | kList | kAnswers | kDoctor | kFormats | kWords, false,
         "text, table, jsonl or json; scan: csv and sarif too; search, metrics, logons, timeline: csv too", take_format,
         "text table jsonl json csv sarif"},
    Flag{"--as", "", "json|xml", kOut, kDump, false, "one JSON object a line, or Windows event XML", take_dump_format,
         "json xml"},
    Flag{"--output", "-o", "FILE", kOut, kScan | kDump | kExplain | kList | kAnswers | kFormats | kWords, false,
         "write there, and only when complete; refused inside the evidence", set_text<&Options::output>},
    Flag{
        "--profile", "", "PROFILE", kOut, kScan | kExplain | kSearch, false,
        "scan: how much a finding says: minimal, standard, full (with the whole event), or a flat table for csv, jsonl "
        "and json: timesketch, hayabusa, verbose, all-fields, or one of the config file; explain: full shows all bytes "
        "of a record; search: full adds the whole event to jsonl and json",
        take_profile, "minimal standard full timesketch hayabusa verbose all-fields"},
    Flag{"--width", "", "COLUMNS", kOut, kAll & ~kDump, false, "columns of text; default: the terminal's, else 100",
         take_width},
    Flag{"--color", "", "WHEN", kOut, kAll, false, "auto, always, never; NO_COLOR is respected", take_colour,
         "auto always never"},
    Flag{"--quiet", "-q", "", kOut, kAll, false,
         "no progress, and no summary where results go elsewhere or are not text", set_switch<&Options::quiet>},

    Flag{"--fail-on", "", "LEVEL", kRun, kScan, false, "end with 1 if there is a finding of this level or above",
         take_fail_on, "informational low medium high critical"},
    Flag{"--threads", "-j", "N", kRun, kEvidence, false, "default: what the machine and its limits allow",
         take_threads},
    Flag{"--no-hash", "", "", kRun, kScan | kSearch, false,
         "no SHA-256 of sources: faster by what hashing takes, and findings say that their proof has no anchor: nobody "
         "can tell later that this was the file",
         clear_evidence<&EvidenceOptions::hash>},
    Flag{"--progress", "", "WHEN", kRun, kEvidence, false,
         "auto (on a terminal), plain (lines, for logs), none; always on standard error", take_progress,
         "auto plain none"},
    Flag{"--no-cache", "", "", kRun, kJudging | kDoctor, false,
         "compile the rules anew, and keep nothing (without it: $XDG_CACHE_HOME/tocsin or ~/.cache/tocsin)",
         clear_switch<&Options::cache>},
    Flag{"--stats", "", "", kRun, kScan, false, "say where the time went", set_switch<&Options::stats>},
    Flag{"--config", "", "FILE", kRun, kAll, false,
         "defaults for flags; without it tocsin/tocsin.toml in the places of XDG (~/.config)",
         set_text<&Options::config_file>},
    Flag{"--no-config", "", "", kRun, kAll, false, "no config file", set_switch<&Options::no_config>},
    Flag{
        "--no-sandbox", "", "", kRun, kAll, false,
        "read evidence without the fence that keeps an exploited reader from writing, networking and starting programs",
        clear_switch<&Options::sandbox>},
    Flag{"--debug", "", "", kRun, kAll, false, "say why each file was or was not read, and more",
         set_switch<&Options::debug>},
};

}  // namespace

std::span<const Flag> flags() {
  return kFlags;
}

}  // namespace tocsin::cli
