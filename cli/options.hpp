// What the command line asks for, checked. One struct for all commands: a flag that a command does not have is refused
// before it gets here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tocsin/report.hpp"
#include "tocsin/scanner.hpp"

namespace tocsin::cli {

enum class Command : unsigned {
  none = 0,
  scan = 1,
  dump = 2,
  rules_check = 4,
  rules_list = 8,
  rules_show = 16,
  explain = 32,
  search = 64,
  metrics = 128,
  logons = 256,
  timeline = 512,
  formats = 1024,
  rules_explain = 2048,
  rules_compile = 4096,
  doctor = 1U << 24,
  completions = 1U << 25,
  man = 1U << 26,
};
enum class ColourMode : unsigned char { automatic, always, never };
enum class ProgressMode : unsigned char { automatic, plain, none };

struct Options {
  Command command = Command::none;
  std::vector<std::string> positionals;
  EvidenceOptions evidence;
  RuleSetOptions rules;
  ReportFormat format = ReportFormat::text;
  bool format_given = false;
  Profile profile = Profile::standard;
  std::vector<Column> columns;               // of a profile that is a flat table; empty: none
  std::vector<ColumnProfile> user_profiles;  // from the config file
  std::vector<std::string> password_files;   // --archive-password; "-": ask
  std::string output;                        // empty: standard output
  std::string results;                       // explain: a results file
  std::string rule_id, event;
  SearchOptions search;             // without its evidence
  bool pattern_flag_given = false;  // search: patterns are those of --pattern
  AnswerView view;
  std::int64_t bucket = 0;  // timeline: ticks; 0: chosen
  DumpFormat dump_format = DumpFormat::json;
  std::optional<Level> fail_on;
  std::optional<unsigned> width;
  ColourMode colour = ColourMode::automatic;
  ProgressMode progress = ProgressMode::automatic;
  bool why = false;     // formats
  bool follow = false;  // scan
  bool quiet = false, debug = false, stats = false;
  bool sandbox = true;
  bool cache = true;         // take and keep compiled rules
  std::string why_no_cache;  // where nothing can be kept
  bool log_hygiene = true;
  std::string config_file;  // --config
  bool no_config = false;
  std::string config;                 // the config file in force; empty: none
  std::optional<Error> config_error;  // doctor: why there is none
};

}  // namespace tocsin::cli
