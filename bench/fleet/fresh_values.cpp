#include "bench/fleet/fresh_values.hpp"

#include <array>
#include <iterator>
#include <span>

#include <fmt/format.h>

#include "tests/makers/expander.hpp"

namespace tocsin::bench {
namespace {

using makers::Random;

struct FieldSource {
  std::string_view field;
  Source source;
};

constexpr FieldSource kSources[] = {
    {"Image", Source::program},
    {"ParentImage", Source::program},
    {"SourceImage", Source::program},
    {"TargetImage", Source::program},
    {"NewProcessName", Source::program},
    {"ParentProcessName", Source::program},
    {"ImageLoaded", Source::library},
    {"CommandLine", Source::command_line},
    {"ParentCommandLine", Source::command_line},
    {"ScriptBlockText", Source::script},
    {"Payload", Source::script},
    {"TargetFilename", Source::new_path},
    {"RelativeTargetName", Source::share_path},
    {"TargetObject", Source::registry_key},
    {"User", Source::user},
    {"TargetUserName", Source::account},
    {"SubjectUserName", Source::account},
    {"TargetUserSid", Source::sid},
    {"SubjectUserSid", Source::sid},
    {"IpAddress", Source::address},
    {"DestinationIp", Source::address},
    {"QueryName", Source::host_name},
    {"WorkstationName", Source::host_name},
    {"Hashes", Source::hashes},
    {"ProcessGuid", Source::guid},
    {"ParentProcessGuid", Source::guid},
    {"SourceProcessGUID", Source::guid},
    {"TargetProcessGUID", Source::guid},
    {"SourceProcessGuid", Source::guid},
    {"TargetProcessGuid", Source::guid},
    {"LogonGuid", Source::guid},
    {"ScriptBlockId", Source::guid},
    {"ProcessId", Source::number},
    {"ParentProcessId", Source::number},
    {"SourceProcessId", Source::number},
    {"SourceThreadId", Source::number},
    {"TargetProcessId", Source::number},
    {"SourcePort", Source::number},
    {"IpPort", Source::number},
    {"NewProcessId", Source::handle},
    {"TargetLogonId", Source::handle},
    {"SubjectLogonId", Source::handle},
    {"LogonId", Source::handle},
    {"HandleId", Source::handle},
    {"UtcTime", Source::utc},
    {"CreationUtcTime", Source::utc},
};

constexpr std::string_view kPrograms[] = {
    R"(C:\Windows\System32\svchost.exe)",
    R"(C:\Windows\System32\backgroundTaskHost.exe)",
    R"(C:\Program Files\Mozilla Firefox\firefox.exe)",
    R"(C:\Windows\explorer.exe)",
    R"(C:\Windows\System32\RuntimeBroker.exe)",
    R"(C:\Windows\System32\SearchProtocolHost.exe)",
    R"(C:\Windows\System32\inetsrv\w3wp.exe)",
    R"(C:\Windows\System32\lsass.exe)",
    R"(C:\Windows\System32\services.exe)",
    R"(C:\Windows\System32\wbem\WmiPrvSE.exe)",
    R"(C:\Program Files\Campus Monitor\agent.exe)",
    R"(C:\Windows\System32\taskhostw.exe)",
    R"(C:\Windows\System32\conhost.exe)",
    R"(C:\Program Files\Microsoft Office\root\Office16\WINWORD.EXE)",
    R"(C:\Program Files\Microsoft Office\root\Office16\OUTLOOK.EXE)",
    R"(C:\Program Files\Windows Defender\MsMpEng.exe)",
    R"(C:\Windows\System32\dllhost.exe)",
    R"(C:\Windows\System32\SearchIndexer.exe)",
    R"(C:\Windows\System32\spoolsv.exe)",
    R"(C:\Program Files\Backup Client\backup.exe)",
    R"(C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe)",
    R"(C:\Windows\System32\cmd.exe)",
    R"(C:\Windows\Microsoft.NET\Framework64\v4.0.30319\csc.exe)",
    R"(C:\Windows\Microsoft.NET\Framework64\v4.0.30319\mscorsvw.exe)",
    R"(C:\Windows\System32\msiexec.exe)",
    R"(C:\Windows\System32\gpupdate.exe)",
    R"(C:\Windows\System32\smartscreen.exe)",
    R"(C:\Windows\System32\audiodg.exe)",
    R"(C:\Program Files\7-Zip\7zG.exe)",
    R"(C:\Program Files\Git\usr\bin\git.exe)",
};

constexpr std::string_view kLibraries[] = {
    R"(C:\Windows\System32\ntdll.dll)",
    R"(C:\Windows\System32\kernel32.dll)",
    R"(C:\Windows\System32\KernelBase.dll)",
    R"(C:\Windows\System32\advapi32.dll)",
    R"(C:\Windows\System32\rpcrt4.dll)",
    R"(C:\Windows\System32\combase.dll)",
    R"(C:\Windows\System32\user32.dll)",
    R"(C:\Windows\System32\wbem\wbemprox.dll)",
    R"(C:\Windows\System32\wbem\fastprox.dll)",
    R"(C:\Windows\System32\crypt32.dll)",
    R"(C:\Windows\System32\bcrypt.dll)",
    R"(C:\Windows\System32\wininet.dll)",
    R"(C:\Windows\System32\winhttp.dll)",
    R"(C:\Windows\System32\mswsock.dll)",
    R"(C:\Windows\System32\shlwapi.dll)",
    R"(C:\Windows\System32\uxtheme.dll)",
    R"(C:\Program Files\Campus Monitor\core.dll)",
    R"(C:\Program Files\Backup Client\chunks.dll)",
};

constexpr std::string_view kFolders[] = {
    R"(C:\Windows\Temp\)",
    R"(C:\Users\a.meier\AppData\Local\Temp\)",
    R"(C:\ProgramData\Backup Client\queue\)",
    R"(C:\inetpub\logs\LogFiles\W3SVC1\)",
    R"(C:\Users\b.okafor\Documents\)",
    R"(C:\Windows\Prefetch\)",
    R"(C:\Windows\SoftwareDistribution\Download\)",
    R"(C:\Users\c.lund\AppData\Roaming\Mozilla\cache\)",
};
constexpr std::string_view kEndings[] = {".tmp", ".log", ".docx", ".pf", ".cab", ".json", ".db", ".xlsx"};
constexpr std::string_view kShares[] = {R"(projects\2021\)", R"(teaching\physics\)", R"(finance\reports\)",
                                        R"(profiles\)", R"(software\)"};
constexpr std::string_view kKeys[] = {
    R"(HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate)",
    R"(HKLM\System\CurrentControlSet\Services\Tcpip\Parameters\Interfaces)",
    R"(HKU\S-1-5-21-1004336348-1177238915-682003330-1113\Software\Microsoft\Office\16.0\Common)",
    R"(HKLM\SOFTWARE\Campus Monitor\State)",
    R"(HKLM\System\CurrentControlSet\Services\W32Time\SecureTimeLimits)",
    R"(HKU\S-1-5-21-1004336348-1177238915-682003330-1120\Software\Mozilla\Firefox\Launcher)",
};
constexpr std::string_view kUsers[] = {"a.meier", "b.okafor", "c.lund",  "d.rossi",
                                       "e.novak", "f.garcia", "g.weber", "h.martin"};

// The lower of two draws, so that the first of a list come often and the last seldom.
std::size_t skewed(std::size_t size, Random& random) {
  const std::uint64_t drawn = random.next();
  const std::size_t first = (drawn & 0xFFFFFFFF) % size;
  const std::size_t second = (drawn >> 32) % size;
  return first * second / size;
}
std::string_view draw(std::span<const std::string_view> pool, Random& random) {
  return pool[skewed(pool.size(), random)];
}

// Digits without leading zeros cut: always `digits` of them.
void append_hex(std::string& out, std::uint64_t number, int digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) out += kDigits[(number >> shift) & 0xF];
}

void append_account(std::string& out, Random& random) {
  const std::size_t number = skewed(200, random);
  out += kUsers[number % std::size(kUsers)];
  if (number >= std::size(kUsers)) out += fmt::format_int(number).c_str();
}

void append_guid(std::string& out, Random& random) {
  const std::uint64_t high = random.next();
  const std::uint64_t low = random.next();
  out += '{';
  append_hex(out, high >> 32, 8);
  out += '-';
  append_hex(out, high >> 16, 4);
  out += "-4";
  append_hex(out, high, 3);
  out += "-a";
  append_hex(out, low >> 48, 3);
  out += '-';
  append_hex(out, low, 12);
  out += '}';
}

void append_command_line(std::string& out, Random& random) {
  out += '"';
  out += draw(kPrograms, random);
  switch (random.next() % 4) {
    case 0:
      out += "\" -k netsvcs -p -s ";
      return append_hex(out, random.next(), 6);
    case 1:
      out += "\" --job ";
      append_guid(out, random);
      out += " --channel=";
      out += fmt::format_int(random.next() % 100000).c_str();
      return;
    case 2:
      out += "\" \"";
      append_fresh(out, Source::new_path, {}, random);
      out += "\" /embedding";
      return;
    default:
      out += "\" /c collect --since ";
      out += fmt::format_int(random.next() % 1'000'000).c_str();
      out += " --host pc";
      out += fmt::format_int(random.next() % 400).c_str();
  }
}

void append_script(std::string& out, Random& random) {
  out += "param([int]$Days = ";
  out += fmt::format_int(random.next() % 90).c_str();
  out += ")\r\n$limit = (Get-Date).AddDays(-$Days)\r\nGet-ChildItem -Path 'C:\\Reports\\";
  append_hex(out, random.next(), 8);
  out += "' | Where-Object { $_.LastWriteTime -lt $limit } | ForEach-Object {\r\n  $size = [math]::Round($_.Length / ";
  out += fmt::format_int(1 + random.next() % 4096).c_str();
  out += ", 1)\r\n  Write-Output \"$($_.Name) $size\"\r\n}\r\n";
}

// One in four is new; the others are those of a program.
void append_hashes(std::string& out, Random& random) {
  const std::uint64_t drawn = random.next();
  Random digits(drawn % 4 == 0 ? drawn : 0x5EED0000 + skewed(600, random), "hashes");
  const auto append = [&](std::string_view name, int length) {
    out += name;
    for (; length > 0; length -= 16) append_hex(out, digits.next(), std::min(length, 16));
  };
  append("SHA1=", 40);
  append(",MD5=", 32);
  append(",SHA256=", 64);
  append(",IMPHASH=", 32);
}

void append_path(std::string& out, std::string_view folder, Random& random) {
  const std::uint64_t drawn = random.next();
  out += folder;
  append_hex(out, drawn, 10);
  out += kEndings[(drawn >> 48) % std::size(kEndings)];
}

void append_address(std::string& out, Random& random) {
  const std::size_t host = skewed(1000, random);
  out += "10.20.";
  out += fmt::format_int(host >> 8).c_str();
  out += '.';
  out += fmt::format_int(host & 0xFF).c_str();
}

}  // namespace

std::optional<Source> source_of(std::string_view field) {
  for (const FieldSource& known : kSources) {
    if (known.field == field) return known.source;
  }
  return std::nullopt;
}

// Long: one case for each source.
void append_fresh(std::string& out, Source source, Timestamp time, Random& random) {
  switch (source) {
    case Source::program:
      out += draw(kPrograms, random);
      break;
    case Source::library:
      out += draw(kLibraries, random);
      break;
    case Source::command_line:
      append_command_line(out, random);
      break;
    case Source::script:
      append_script(out, random);
      break;
    case Source::new_path:
      append_path(out, draw(kFolders, random), random);
      break;
    case Source::share_path:
      append_path(out, draw(kShares, random), random);
      break;
    case Source::registry_key:
      out += draw(kKeys, random);
      if (random.next() % 2 != 0) {
        out += '\\';
        append_hex(out, random.next(), 8);
      }
      break;
    case Source::user:
      out += "CAMPUS\\";
      append_account(out, random);
      break;
    case Source::account:
      append_account(out, random);
      break;
    case Source::sid:
      out += "S-1-5-21-1004336348-1177238915-682003330-";
      out += fmt::format_int(1100 + skewed(200, random)).c_str();
      break;
    case Source::address:
      append_address(out, random);
      break;
    case Source::host_name:
      out += "pc";
      out += fmt::format_int(100 + skewed(400, random)).c_str();
      out += ".campus.example";
      break;
    case Source::hashes:
      append_hashes(out, random);
      break;
    case Source::guid:
      append_guid(out, random);
      break;
    case Source::number:
      out += fmt::format_int(1000 + random.next() % 64000).c_str();
      break;
    case Source::handle:
      out += "0x";
      append_hex(out, 0x10000000 | (random.next() & 0x3FFFFFFF), 8);
      break;
    case Source::utc:
      out += makers::format_utc(time);
      break;
  }
}

}  // namespace tocsin::bench
