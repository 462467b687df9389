#include "evidence/known_formats.hpp"

#include <array>
#include <cstddef>

namespace tocsin::evidence {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view bytes;
  std::size_t at = 0;
};

constexpr std::size_t kFormats = 29;
constexpr std::array<KnownFormat, kFormats> kKnown{{
    {"pcap", "network capture", "it holds packets, no log records: look at it with Wireshark or Zeek"},
    {"pcapng", "network capture", "it holds packets, no log records: look at it with Wireshark or Zeek"},
    {"registry", "registry hive",
     "look at it with RegRipper or Registry Explorer; who changed keys is told by Sysmon 12 to 14 and Security 4657"},
    {"sqlite", "SQLite database",
     "export the table that holds events: sqlite3 -json FILE 'SELECT * FROM TABLE'; --mapping says what its fields "
     "mean"},
    {"ese", "ESE database (NTDS, SRUM, mail)",
     "look at it with esedbexport or SrumECmd; hand in the event logs of the same machine"},
    {"evt", "event log of Windows XP and 2003", "convert it on Windows: wevtutil epl FILE.evt FILE.evtx /lf:true"},
    {"etl", "event trace (ETW)", "convert it on Windows: tracerpt FILE.etl -o FILE.evtx -of EVTX"},
    {"prefetch", "prefetch file", "look at it with PECmd; program starts are also told by Sysmon 1 and Security 4688"},
    {"prefetch", "prefetch file, compressed",
     "look at it with PECmd; program starts are also told by Sysmon 1 and Security 4688"},
    {"lnk", "shortcut", "look at it with LECmd; hand in the event logs of the same machine"},
    {"pdf", "PDF document", "it is a document, not a log: hand in what it was made from"},
    {"ole", "OLE document (Office, MSI)", "it is a document or an installer, not a log: hand in the logs themselves"},
    {"pe", "Windows program or library",
     "programs are not read, and never run; hand in the logs of the machine where it lay"},
    {"elf", "Linux program or library",
     "programs are not read, and never run; hand in the logs of the machine where it lay"},
    {"macho", "macOS program", "programs are not read, and never run; hand in the logs of the machine where it lay"},
    {"minidump", "memory dump of a process",
     "look at it with a debugger or pypykatz; hand in the event logs of the same machine"},
    {"crashdump", "memory dump of Windows", "look at it with Volatility; hand in the event logs of the same machine"},
    {"journal", "systemd journal", "export it: journalctl --file FILE -o json > FILE.json"},
    {"plist", "binary property list", "it holds settings, no log records"},
    {"rar", "RAR archive", "unpack it, then hand in the folder; zip, tar and 7z are opened as they are"},
    {"cab", "cabinet archive", "unpack it (cabextract, 7z x), then hand in the folder"},
    {"wim", "Windows image", "unpack it (wimapply, 7z x), then hand in Windows/System32/winevt/Logs"},
    {"ewf", "disk image (EnCase)",
     "mount it read-only (ewfmount, then mount -o ro), then hand in Windows/System32/winevt/Logs"},
    {"vhdx", "virtual disk (VHDX)",
     "extract it (7zz x FILE) or mount it read-only (guestmount --ro), then hand in the folder"},
    {"vhd", "virtual disk (VHD)",
     "extract it (7zz x FILE) or mount it read-only (guestmount --ro), then hand in the folder"},
    {"lz4", "LZ4 stream", "unpack it first: lz4 -d FILE"},
    {"png", "image", "it is a picture, not a log: hand in the logs themselves"},
    {"jpeg", "image", "it is a picture, not a log: hand in the logs themselves"},
    {"ntfs", "disk image with NTFS",
     "mount it read-only (mount -o ro,loop), then hand in Windows/System32/winevt/Logs"},
}};
constexpr std::array<Magic, kFormats> kMagics{{
    {"\xd4\xc3\xb2\xa1"sv},
    {"\x0a\x0d\x0d\x0a"sv},
    {"regf"sv},
    {"SQLite format 3\0"sv},
    {"\xef\xcd\xab\x89"sv, 4},
    {"\x30\0\0\0LfLe"sv},
    {"\0\0\0\0\0\0\0\0\0\0\0\0"sv, 0xFFFF},  // told by is_etl
    {"SCCA"sv, 4},
    {"MAM\x04"sv},
    {"L\0\0\0\x01\x14\x02\0"sv},
    {"%PDF-"sv},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv},
    {"MZ"sv},
    {"\x7f"
     "ELF"sv},
    {"\xcf\xfa\xed\xfe"sv},
    {"MDMP"sv},
    {"PAGEDU"sv},
    {"LPKSHHRH"sv},
    {"bplist00"sv},
    {"Rar!\x1a\x07"sv},
    {"MSCF\0\0\0\0"sv},
    {"MSWIM\0\0\0"sv},
    {"EVF\x09\x0d\x0a\xff\0"sv},
    {"vhdxfile"sv},
    {"conectix"sv},
    {"\x04\x22\x4d\x18"sv},
    {"\x89PNG\r\n\x1a\n"sv},
    {"\xff\xd8\xff"sv},
    {"NTFS    "sv, 3},
}};

// WMI_BUFFER_HEADER of a trace's first buffer: its size twice, and the type of a header behind the buffer's own 72
// bytes.
bool is_etl(std::string_view head) {
  constexpr std::size_t kHeader = 72;
  if (head.size() < kHeader + 4) return false;
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(head[i]); };
  const std::size_t size = at(0) | at(1) << 8U | at(2) << 16U | static_cast<std::size_t>(at(3)) << 24U;
  const std::size_t used = at(48) | at(49) << 8U | at(50) << 16U | static_cast<std::size_t>(at(51)) << 24U;
  return size >= 1024 && size <= (std::size_t{1} << 20) && size % 512 == 0 && used >= kHeader && used <= size &&
         at(kHeader + 3) == 0xC0 && (at(kHeader + 2) == 1 || at(kHeader + 2) == 2);
}

}  // namespace

std::span<const KnownFormat> known_formats() {
  return kKnown;
}

const KnownFormat* known_format(ByteView head) {
  const std::string_view text = as_text(head);
  for (std::size_t i = 0; i < kFormats; ++i) {
    if (kKnown.at(i).name == "etl"sv) {
      if (is_etl(text)) return &kKnown.at(i);
      continue;
    }
    const Magic& magic = kMagics.at(i);
    if (text.size() >= magic.at + magic.bytes.size() && text.substr(magic.at, magic.bytes.size()) == magic.bytes) {
      return &kKnown.at(i);
    }
  }
  return nullptr;
}

}  // namespace tocsin::evidence
