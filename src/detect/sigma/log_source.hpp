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
#include <vector>

#include "tocsin/finding.hpp"
#include "tocsin/result.hpp"
#include "tocsin/ruleset.hpp"

namespace tocsin::sigma {

// What is done to an event's value before it is compared; each has a name that findings show. Stored, do not renumber.
enum class Conversion : std::uint8_t {
  none = 0,
  hex_to_decimal,  // "0x1a4" -> "420"
  audit_code,      // "%%1936" -> its meaning in this table's terms (log_source files: `codes`)
  integrity_sid,   // "S-1-16-12288" -> "High"
  registry_path,   // \REGISTRY\MACHINE\ -> HKLM\, \REGISTRY\USER\<SID> -> HKU\<SID>, ControlSet00N -> CurrentControlSet
  device_path,     // \device\harddiskvolume3\x -> C-less "\x" form that endswith rules meet; see conversions.cpp
  protocol_number,    // "6" -> "tcp", "17" -> "udp"
  registry_value,     // 4657's NewValue with its type -> Sysmon's "DWORD (0x00000001)"
  boolean_direction,  // %%14593 (outbound) -> "true", %%14592 (inbound) -> "false"
  upper_case,
  lower_case,
};
[[nodiscard]] std::string_view to_string(Conversion conversion);
[[nodiscard]] std::optional<Conversion> parse_conversion(std::string_view name);
// Applies one conversion. `argument` is the second input some need (registry_value: the type); may be empty.
[[nodiscard]] std::string convert(Conversion conversion, std::string_view value, std::string_view argument);

// Where a rule's field comes from in the events of a variant.
struct FieldSource {
  std::string rule_field;
  std::vector<std::string> event_fields;  // joined by `join`; a part that is absent makes the whole absent
  std::string join;
  std::string argument_field;           // second input of a conversion, may be empty
  std::vector<Conversion> conversions;  // applied in order, after joining
  std::optional<std::string> constant;  // instead: always this value (a twin's EventID, Channel, Provider_Name)
};

// An event must have, for each constraint, one of the values in the field (compared ignoring ASCII case).
struct Constraint {
  std::string field;
  std::vector<std::string> values;
};

struct Variant {
  std::string name;               // "sysmon", "security-4688"; unique within what a log source resolves to
  std::string product;            // EventHead::product that is meant; empty: any
  std::string category, service;  // for shapes that say so themselves (EventHead::category, ::service)
  // Empty: any. Compared ignoring ASCII case. A channel may end in '*'.
  std::vector<std::string> channels, providers;
  std::vector<std::int64_t> event_ids;
  std::vector<Constraint> constraints;
  std::vector<FieldSource> fields;         // fields that are not here keep their name
  std::vector<std::string> absent_fields;  // fields that this kind of event never has
  bool assemble_script_blocks = false;     // parts are put together before judging (PowerShell 4104)
};

struct Resolution {
  std::vector<Variant> variants;  // empty: nothing in Tocsin reads this kind of log (`no_reader`)
  std::string detail;             // in words, for coverage: what is missing, or what was chosen
};

class LogSources {
 public:
  // The built-in files (see builtin_files.hpp) and then the user's; later entries of the same key replace earlier ones.
  struct File {
    std::string name, text;
  };
  // Problems of the files go to `problems` with line and column; an entry that is wrong is left out.
  [[nodiscard]] static LogSources load(const std::vector<File>& files, std::vector<RuleProblem>& problems);

  // Service and category of one rule are intersected, as Sigma's taxonomy asks.
  [[nodiscard]] Resolution resolve(const LogSource& logsource) const;
  [[nodiscard]] const std::string& hash() const { return hash_; }  // SHA-256 over names and texts
  struct Entry {
    std::string product, category, service;  // one of category, service is empty
    std::vector<Variant> variants;
  };
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
  std::string hash_;
};

}  // namespace tocsin::sigma
