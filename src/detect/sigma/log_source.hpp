// Log sources: which events a rule's `logsource` means, and under which names they carry the rule's fields.
//
// Read from data files (rules/logsources/*.yml, format in docs/formats/logsources.md). A rule's log source resolves to
// variants: one for each kind of log that tells the same thing (process creation: Sysmon 1, and Security 4688 with its
// own field names). Each variant gates events by channel, provider, event id and constraints, and may map fields.
//
// Immutable after loading; may be read from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tocsin/finding.hpp"
#include "tocsin/result.hpp"
#include "tocsin/ruleset.hpp"

namespace tocsin::sigma {

// What is done to an event's value before it is compared; each has a name that findings show. Stored, do not renumber.
enum class Conversion : std::uint8_t {
  none = 0,
  hex_to_decimal,  // "0x1a4" -> "420"
  code,            // looked up in FieldSource::codes ("%%1905" -> "SetValue")
  integrity_sid,   // "S-1-16-12288" -> "High"
  registry_path,   // \REGISTRY\MACHINE\ -> HKLM\, \REGISTRY\USER\<SID> -> HKU\<SID>, ControlSet00N -> CurrentControlSet
  device_path,  // \device\harddiskvolume3\x -> C:\x (the log does not tell the letter), \device\mup\ -> two backslashes
  protocol_number,    // "6" -> "tcp", "17" -> "udp"
  registry_value,     // 4657's NewValue with its type (the argument) -> Sysmon's "DWORD (0x00000001)"
  boolean_direction,  // %%14593 (outbound) -> "true", %%14592 (inbound) -> "false"
  upper_case,         // ASCII only
  lower_case,
  file_in_folder,  // the folder with the file's name (the argument) behind it, unless it ends with that already
  pipe_name,       // \Device\NamedPipe\x -> \x
};
[[nodiscard]] std::string_view to_string(Conversion conversion);
[[nodiscard]] std::optional<Conversion> parse_conversion(std::string_view name);
// Applies one conversion (`code` needs a table: see apply_conversions). `argument` is the second input some need
// (registry_value: the type); may be empty. A value that the conversion does not understand is returned unchanged.
[[nodiscard]] std::string convert(Conversion conversion, std::string_view value, std::string_view argument);

// Where a rule's field comes from in the events of a variant.
//
// The values of `rule_field` in an event are:
// - with `constant`: that one string, whatever the event has;
// - with one event field: its values in order, each after the conversions; null stays null, unconverted;
// - with several: one string, the first value of each joined by `join` (null counts as empty text), after the
//   conversions; nothing where one of them is absent.
// A converted value is a string; without conversions a lone field keeps its values' kinds. The argument is the first
// value of `argument_field`, empty text where it is absent. `Match::event_field` is the event's own names of the
// fields, joined by "+"; empty for a constant. `Match::conversions` are the names of the conversions, in order.
struct FieldSource {
  std::string rule_field;
  std::vector<std::string> event_fields;
  std::string join;
  std::string argument_field;
  std::vector<Conversion> conversions;                     // applied in order, after joining
  std::vector<std::pair<std::string, std::string>> codes;  // for Conversion::code: from (ignoring ASCII case), to
  std::optional<std::string> constant;                     // a twin's EventID, Channel, Provider_Name
};
[[nodiscard]] std::string apply_conversions(const FieldSource& source, std::string_view value,
                                            std::string_view argument);

// An event must have, for each constraint, one of the values in the field (compared ignoring ASCII case). The field is
// the event's own, before any mapping.
struct Constraint {
  std::string field;
  std::vector<std::string> values;
};

// An event is of a variant if all of these hold:
// - product: equal ignoring ASCII case, or empty here; an event whose head has no product passes if the variant names
//   channels or providers (they then decide);
// - category, service: equal ignoring ASCII case, or empty here;
// - channels, providers: one of them fits, or none is named. Exports often lose one of the two: where the variant names
//   both, an event that has only one is judged by that one; an event that has neither does not fit;
// - event_ids: the event has one of them, or none is named;
// - constraints hold.
struct Variant {
  std::string name;               // "sysmon", "security-4688"; unique within what a log source resolves to
  std::string product;            // EventHead::product that is meant; empty: any
  std::string category, service;  // for shapes that say so themselves (EventHead::category, ::service)
  // Compared ignoring ASCII case. A channel may end in '*'.
  std::vector<std::string> channels, providers;
  std::vector<std::int64_t> event_ids;
  std::vector<Constraint> constraints;
  std::vector<FieldSource> fields;         // fields that are not here keep their name
  std::vector<std::string> absent_fields;  // never in this kind of event; count as absent
  std::vector<std::string> same_fields;    // rule fields that make one happening, also in other variants' logs
  std::uint32_t same_within = 0;           // seconds between the logs
  bool assemble_script_blocks = false;     // parts are put together before judging (PowerShell 4104)
};

struct Resolution {
  std::vector<Variant> variants;  // empty: nothing in Tocsin reads this kind of log (`no_reader`)
  std::string detail;             // in words, for coverage: what is missing, or what was chosen
};

class LogSources {
 public:
  // The built-in files (builtin_log_source_files()) and then the user's; an entry of a later file replaces that of the
  // same product, category and service in an earlier one.
  struct File {
    std::string name, text;
  };
  // Problems of the files go to `problems` with line and column; an entry that is wrong is left out.
  [[nodiscard]] static LogSources load(const std::vector<File>& files, std::vector<RuleProblem>& problems);

  // Service and category of one rule are intersected, as Sigma's taxonomy asks. Without a product: those of every
  // product. A product alone means all its events.
  [[nodiscard]] Resolution resolve(const LogSource& logsource) const;
  [[nodiscard]] const std::string& hash() const { return hash_; }  // SHA-256 over names and texts
  struct Entry {
    std::string product, category, service;  // at most one of category, service is set
    std::vector<Variant> variants;
    std::string note;  // why there is no variant, or what else should be known
  };
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  // In the order of the files; one of a later file replaces that of the same id.
  [[nodiscard]] const std::vector<Setting>& settings() const { return settings_; }

 private:
  std::vector<Entry> entries_;
  std::vector<Setting> settings_;
  std::string hash_;
};
// The files of rules/logsources/ as compiled into the binary, by name.
[[nodiscard]] std::vector<LogSources::File> builtin_log_source_files();

}  // namespace tocsin::sigma
