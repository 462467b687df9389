#include "report/advice.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"

namespace tocsin::report {
namespace {

struct Hint {
  std::string_view found;
  std::string_view words;
};

// `found` is a channel's whole name in lower case. File names are those below C:\\Windows\\System32\\winevt\\Logs.
constexpr std::array<Hint, 15> kLogs{{
    {"linux-sysmon/operational", "export the log of Sysmon for Linux as JSON"},
    {"aws/cloudtrail", "hand in the trail's JSON files"},
    {"microsoft-windows-sysmon/operational",
     "copy Microsoft-Windows-Sysmon%4Operational.evtx; without one, Sysmon was not installed"},
    {"microsoft-windows-powershell/operational",
     "copy Microsoft-Windows-PowerShell%4Operational.evtx; for scripts, script block logging must be on"},
    {"powershellcore/operational",
     "copy PowerShellCore%4Operational.evtx; for scripts, script block logging must be on"},
    {"windows powershell", "copy Windows PowerShell.evtx"},
    {"microsoft-windows-windows defender/operational", "copy Microsoft-Windows-Windows Defender%4Operational.evtx"},
    {"microsoft-windows-taskscheduler/operational",
     "copy Microsoft-Windows-TaskScheduler%4Operational.evtx; it is off by default: switch it on"},
    {"microsoft-windows-dns-client/operational",
     "copy Microsoft-Windows-DNS-Client%4Operational.evtx; it is off by default: switch it on"},
    {"microsoft-windows-wmi-activity/operational", "copy Microsoft-Windows-WMI-Activity%4Operational.evtx"},
    {"directory service", "copy Directory Service.evtx from a domain controller"},
    {"dns server", "copy DNS Server.evtx from a DNS server"},
    {"security", "copy Security.evtx"},
    {"system", "copy System.evtx"},
    {"application", "copy Application.evtx"},
}};

// Anywhere in the detail; the first hit wins.
constexpr std::array<Hint, 13> kAuditing{{
    {"microsoft-windows-sysmon/", "none happened, or Sysmon's configuration leaves them out"},
    {"4688", "switch on auditing of process creation, with command lines"},
    {"4689", "switch on auditing of process termination"},
    {"4657", "switch on auditing of the registry, and SACLs on the keys that matter"},
    {"4663", "switch on auditing of object access, and SACLs on what matters"},
    {"4656", "switch on auditing of handle manipulation"},
    {"5145", "switch on auditing of detailed file shares"},
    {"5140", "switch on auditing of file shares"},
    {"5156", "switch on auditing of filtering platform connections"},
    {"4698", "switch on auditing of other object access (scheduled tasks)"},
    {"4662", "switch on auditing of directory service access"},
    {"5136", "switch on auditing of directory service changes"},
    {"4104", "switch on PowerShell script block logging"},
}};

// A field is absent for another reason in every log: what helps in the security log is wrong for Sysmon's.
struct FieldHint {
  std::string_view log;    // the log source's name, as the detail begins with it
  std::string_view field;  // lower case
  std::string_view words;
};
constexpr std::array<FieldHint, 5> kFields{{
    {"security-4688", "commandline", "switch on command lines in process creation events"},
    {"security-4688", "parentcommandline", "only Sysmon records it"},
    {"security-4688", "originalfilename", "only Sysmon records it"},
    {"security-4688", "parentimage", "only Windows 10 and later, or Sysmon, record it"},
    {"sysmon", "hashes", "set HashAlgorithms in Sysmon's configuration"},
}};

std::string lower(std::string_view text) {
  std::string out;
  for (const char c : text) out += base::fold_ascii(c);
  return out;
}

template <std::size_t N>
std::string_view first_hit(const std::array<Hint, N>& hints, std::string_view detail) {
  const std::string folded = lower(detail);
  for (const Hint& hint : hints) {
    if (folded.find(hint.found) != std::string_view::npos) return hint.words;
  }
  return {};
}

// Calls `visit` with each part of a list, until it gives words.
template <class Visit>
std::string_view first_part(std::string_view list, char separator, const Visit& visit) {
  while (!list.empty()) {
    std::string_view part = list.substr(0, list.find(separator));
    list.remove_prefix(std::min(list.size(), part.size() + 1));
    part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
    if (const std::string_view words = visit(part); !words.empty()) return words;
  }
  return {};
}

// The detail is "channel, channel; channel": the channels of one log source, then those of the next.
std::string_view log_words(std::string_view detail) {
  return first_part(detail, ';', [](std::string_view channels) {
    return first_part(channels, ',', [](std::string_view channel) {
      const auto found = std::ranges::find(kLogs, lower(channel), &Hint::found);
      return found == kLogs.end() ? std::string_view() : found->words;
    });
  });
}

// The detail is "log: field, field; log: field".
std::string_view field_words(std::string_view detail) {
  return first_part(detail, ';', [](std::string_view part) {
    const std::string_view log = part.substr(0, part.find(':'));
    return first_part(part.substr(std::min(part.size(), log.size() + 1)), ',', [&](std::string_view field) {
      const std::string folded = lower(field);
      const auto found =
          std::ranges::find_if(kFields, [&](const FieldHint& hint) { return hint.log == log && hint.field == folded; });
      return found == kFields.end() ? std::string_view() : found->words;
    });
  });
}

// Windows' own file name for a channel: '/' becomes "%4". Coverage folds names; words begin with a capital again.
std::string copy_channel(std::string_view channel) {
  std::string file;
  bool begins = true;
  for (const char c : channel) {
    file +=
        c == '/' ? std::string("%4") : std::string(1, begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c);
    begins = c == '-' || c == '/' || c == ' ';
  }
  return fmt::format("copy {}.evtx", file);
}

std::string absent_channel(std::string_view detail) {
  if (const std::string_view words = log_words(detail); !words.empty()) return std::string(words);
  const bool one_channel =
      lower(detail).starts_with("microsoft-") && detail.find_first_of(",;|") == std::string_view::npos;
  return one_channel ? copy_channel(detail) : std::string();
}

}  // namespace

std::string_view reason_text(CoverageReason reason) {
  switch (reason) {
    case CoverageReason::none:
      return "no reason given";
    case CoverageReason::no_reader:
      return "Tocsin reads no such logs yet";
    case CoverageReason::channel_absent:
      return "their log is not in the evidence";
    case CoverageReason::event_id_absent:
      return "their log is there, but without such events";
    case CoverageReason::field_absent:
      return "their events are there, but without the fields that they look at";
    case CoverageReason::placeholder:
      return "they have placeholders without values: give them with --expand NAME=FILE";
    case CoverageReason::unsupported:
      return "they ask for what this version does not do";
    case CoverageReason::out_of_reach:
      return "their events lie outside --from, --to or --channel";
  }
  return "";
}

std::string_view short_detail(std::string_view detail) {
  for (const std::string_view lead : {"no reader gives events of ", "no value for "}) {
    if (detail.starts_with(lead)) detail.remove_prefix(lead.size());
  }
  static constexpr std::string_view kTail = " (--expand NAME=FILE)";
  if (detail.ends_with(kTail)) detail.remove_suffix(kTail.size());
  return detail;
}

std::string advice(CoverageReason reason, std::string_view detail) {
  switch (reason) {
    case CoverageReason::channel_absent:
      return absent_channel(detail);
    case CoverageReason::event_id_absent:
      return std::string(first_hit(kAuditing, detail));
    case CoverageReason::field_absent:
      return std::string(field_words(detail));
    case CoverageReason::placeholder:
    case CoverageReason::out_of_reach:
    case CoverageReason::none:
    case CoverageReason::no_reader:
    case CoverageReason::unsupported:
      break;
  }
  return {};
}

}  // namespace tocsin::report
