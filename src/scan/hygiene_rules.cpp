// The words of the hygiene findings.
#include <utility>

#include "scan/hygiene.hpp"

namespace tocsin::scanning {
namespace {

RuleInfo rule(const char* id, const char* name, const char* title, Level level, const char* description,
              const char* technique, std::vector<std::string> causes, std::vector<std::string> next) {
  RuleInfo info;
  info.id = id, info.name = name, info.title = title, info.description = description;
  info.author = "Tocsin", info.license = "Apache-2.0", info.date = "2026-11-24";
  info.file = kLogHygieneFile;
  info.sha256 = base::sha256_hex(info.description);
  info.level = level, info.status = RuleStatus::test, info.evidence_class = EvidenceClass::e7;
  info.logsource.product = "windows";
  info.techniques = {technique};
  info.tags = {"attack.defense-evasion", "attack.t" + std::string(technique + 1)};
  info.false_positives = std::move(causes), info.next = std::move(next);
  return info;
}

std::array<RuleInfo, kHygieneKinds> make_rules() {
  return {
      rule("ffff8d92-fdc0-4cc8-9a90-f560e2016bb3", "log_records_missing", "Records are missing inside a log",
           Level::medium,
           "Windows numbers the records of a log without holes. In this log, which is as Windows wrote it and not an "
           "export, numbers are missing between two records, and no damage of the file lies between them.",
           "T1070.001",
           {"A file that was put together from parts, or copied while the log was in use and then repaired."},
           {"What other logs, other machines and a log server have of that time.",
            "Who was logged on then, and which programs ran that write into files below winevt\\Logs."}),
      rule("ffff9454-1c22-41d6-8710-359829826428", "log_clock_back", "The clock went back inside a log", Level::low,
           "A record is earlier than the one before it by more than five minutes. From there on times in this log, and "
           "in all others of the machine, must be read with care.",
           "T1070.006",
           {"The first synchronisation after a start with a wrong clock, and a virtual machine that was set back."},
           {"Who set the clock (4616 in the security log, Kernel-General 1 in the system log), and when it was right "
            "again.",
            "The order of record numbers, which tells more than the times."}),
      rule("fffffbf9-617e-4ab3-8017-2cd7d464420f", "log_stops", "A log stops while others go on", Level::low,
           "This log had events on every day up to its last, and has none for two days and more, while other logs of "
           "the same machine go on.",
           "T1562.002",
           {"The log was copied earlier than the others, the product that writes it was removed, or its policy "
            "changed."},
           {"What happened on the machine on the last day.",
            "Whether the channel is switched off (wevtutil gl NAME), and whether audit policy or service changed."}),
      rule("fffffd27-3c1e-4f0a-9b64-1d8e52a7c09b", "clock_set", "The clock was set by a person or a program",
           Level::low,
           "The System log says that the clock was set by more than five minutes, and neither the time service nor the "
           "hardware's clock nor the tools of a virtual machine did it. The times of what was recorded until it was "
           "right "
           "again are wrong by that much.",
           "T1070.006",
           {"Somebody corrects the clock of a machine without a time server, or a battery was replaced.",
            "Time programs of other makers."},
           {"The program and the account of the record, and who was logged on (4616 in the security log tells the "
            "same).",
            "What was recorded between this and the next setting of the clock, whose times must be corrected."}),
  };
}

}  // namespace

const std::array<RuleInfo, kHygieneKinds>& hygiene_rules() {
  static const std::array<RuleInfo, kHygieneKinds> kRules = make_rules();
  return kRules;
}

std::string hygiene_needs(HygieneKind kind) {
  switch (kind) {
    case HygieneKind::numbers_missing:
      return "record numbers as Windows wrote them: EVTX files copied as they are, not exported";
    case HygieneKind::clock_back:
      return "record numbers: EVTX files";
    case HygieneKind::clock_set:
      return "the System log";
    case HygieneKind::log_stops:
      break;
  }
  return "three logs of one computer with events on five days";
}

// Never a field: whole logs are asked for, as Windows wrote them.
CoverageReason hygiene_lack(std::uint64_t events, std::uint64_t wanted) {
  return events > 0 && wanted == 0 ? CoverageReason::out_of_reach : CoverageReason::channel_absent;
}

}  // namespace tocsin::scanning
