#include "report/advice.hpp"

#include <array>

#include <fmt/format.h>

#include "base/text.hpp"

namespace tocsin::report {
namespace {

struct Hint {
  std::string_view found;  // anywhere in the detail
  std::string_view words;
};

// First hit wins: the more special stands first. `found` is lower case, as coverage names channels. File names are
// those below C:\\Windows\\System32\\winevt\\Logs.
constexpr std::array<Hint, 15> kLogs{{
    {"linux-sysmon", "export the log of Sysmon for Linux as JSON"},
    {"aws/cloudtrail", "hand in the trail's JSON files"},
    {"microsoft-windows-sysmon/operational", "copy Microsoft-Windows-Sysmon%4Operational.evtx; none? install Sysmon"},
    {"microsoft-windows-powershell/operational",
     "copy Microsoft-Windows-PowerShell%4Operational.evtx; switch on script block logging"},
    {"powershellcore/operational", "copy PowerShellCore%4Operational.evtx; switch on script block logging"},
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

constexpr std::array<Hint, 13> kAuditing{{
    {"microsoft-windows-sysmon/", "let Sysmon's configuration record them"},
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

constexpr std::array<Hint, 5> kFields{{
    {"parentcommandline", "only Sysmon records it"},
    {"originalfilename", "only Sysmon records it"},
    {"parentimage", "only Windows 10 and later, or Sysmon, record it"},
    {"commandline", "switch on command lines in process creation events"},
    {"hashes", "Sysmon: set HashAlgorithms"},
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
  if (const std::string_view words = first_hit(kLogs, detail); !words.empty()) return std::string(words);
  const bool one_channel = lower(detail).starts_with("microsoft-") &&
                           detail.find_first_of(",;|") == std::string_view::npos &&
                           detail.find(" or ") == std::string_view::npos;
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
      return "the events are there, but without the fields they look at";
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
      return std::string(first_hit(kFields, detail));
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
