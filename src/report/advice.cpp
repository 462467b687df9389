#include "report/advice.hpp"

#include <array>

#include <fmt/format.h>

namespace tocsin::report {
namespace {

struct Hint {
  std::string_view found;  // anywhere in the detail
  std::string_view words;
};

// First hit wins: the more special stands first. File names are those below C:\Windows\System32\winevt\Logs.
constexpr std::array<Hint, 12> kLogs{{
    {"Microsoft-Windows-Sysmon/Operational", "copy Microsoft-Windows-Sysmon%4Operational.evtx; none? install Sysmon"},
    {"Microsoft-Windows-PowerShell/Operational",
     "copy Microsoft-Windows-PowerShell%4Operational.evtx; switch on script block logging"},
    {"PowerShellCore/Operational", "copy PowerShellCore%4Operational.evtx; switch on script block logging"},
    {"Windows PowerShell", "copy Windows PowerShell.evtx"},
    {"Microsoft-Windows-Windows Defender/Operational", "copy Microsoft-Windows-Windows Defender%4Operational.evtx"},
    {"Microsoft-Windows-TaskScheduler/Operational",
     "copy Microsoft-Windows-TaskScheduler%4Operational.evtx; it is off by default: switch it on"},
    {"Microsoft-Windows-DNS-Client/Operational",
     "copy Microsoft-Windows-DNS-Client%4Operational.evtx; it is off by default: switch it on"},
    {"Microsoft-Windows-WMI-Activity/Operational", "copy Microsoft-Windows-WMI-Activity%4Operational.evtx"},
    {"Security", "copy Security.evtx"},
    {"System", "copy System.evtx"},
    {"Application", "copy Application.evtx"},
    {"Directory Service", "copy Directory Service.evtx from a domain controller"},
}};

constexpr std::array<Hint, 12> kAuditing{{
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
    {"CommandLine", "switch on command lines in process creation events"},
    {"Hashes", "Sysmon: set HashAlgorithms"},
    {"ParentCommandLine", "only Sysmon records it: install Sysmon"},
    {"OriginalFileName", "only Sysmon records it: install Sysmon"},
    {"ParentImage", "only Windows 10 and later, or Sysmon, record it"},
}};

template <std::size_t N>
std::string_view first_hit(const std::array<Hint, N>& hints, std::string_view detail) {
  for (const Hint& hint : hints) {
    if (detail.find(hint.found) != std::string_view::npos) return hint.words;
  }
  return {};
}

// Windows' own file name for a channel: '/' becomes "%4".
std::string copy_channel(std::string_view channel) {
  std::string file;
  for (const char c : channel) file += c == '/' ? std::string("%4") : std::string(1, c);
  return fmt::format("copy {}.evtx", file);
}

std::string absent_channel(std::string_view detail) {
  if (const std::string_view words = first_hit(kLogs, detail); !words.empty()) return std::string(words);
  const bool one_channel = detail.starts_with("Microsoft-") && detail.find_first_of(",;|") == std::string_view::npos &&
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
      return "they have placeholders without values";
    case CoverageReason::unsupported:
      return "they ask for what this version does not do";
    case CoverageReason::out_of_reach:
      return "their events lie outside --from, --to or --channel";
  }
  return "";
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
      return "give the values with --expand NAME=FILE";
    case CoverageReason::out_of_reach:
      return "widen the filter";
    case CoverageReason::none:
    case CoverageReason::no_reader:
    case CoverageReason::unsupported:
      break;
  }
  return {};
}

}  // namespace tocsin::report
