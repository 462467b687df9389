#include "evidence/container/kind.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace tocsin::evidence {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view bytes;
  ContainerKind kind;
};
constexpr std::array kMagics{
    Magic{"PK\x03\x04"sv, ContainerKind::zip},
    Magic{"PK\x05\x06"sv, ContainerKind::zip},            // no members
    Magic{"PK\x07\x08PK\x03\x04"sv, ContainerKind::zip},  // was once split
    Magic{"PK00PK\x03\x04"sv, ContainerKind::zip},
    Magic{"7z\xbc\xaf\x27\x1c"sv, ContainerKind::seven_zip},
    Magic{"\xfd"
          "7zXZ\0"sv,
          ContainerKind::xz},
};

struct Unread {
  std::string_view bytes, name;
};
constexpr std::array kUnread{
    Unread{"Rar!\x1a\x07"sv, "rar"},          Unread{"MSCF\0\0\0\0"sv, "cab"}, Unread{"\x04\x22\x4d\x18"sv, "lz4"},
    Unread{"\x1f\x9d"sv, "compress"},         Unread{"LZIP\x01"sv, "lzip"},    Unread{"MSWIM\0\0\0"sv, "wim"},
    Unread{"EVF\x09\x0d\x0a\xff\0"sv, "ewf"}, Unread{"vhdxfile"sv, "vhdx"},    Unread{"conectix"sv, "vhd"},
};

constexpr std::size_t kTarBlock = 512, kTarChecksumAt = 148, kTarChecksumSize = 8, kTarMagicAt = 257;

// The header checksum of every tar dialect: the sum of all bytes, its own field taken as blanks, written in octal.
bool has_tar_checksum(std::string_view head) {
  if (head.size() < kTarBlock || head[0] == '\0') return false;
  std::uint32_t stated = 0;
  bool digits = false;
  for (const char c : head.substr(kTarChecksumAt, kTarChecksumSize)) {
    if (c >= '0' && c <= '7') {
      stated = stated * 8 + static_cast<std::uint32_t>(c - '0');
      digits = true;
    } else if (c != ' ' && c != '\0') {
      return false;
    } else if (digits) {
      break;
    }
  }
  std::uint32_t sum = kTarChecksumSize * ' ';
  for (std::size_t i = 0; i < kTarBlock; ++i) {
    if (i < kTarChecksumAt || i >= kTarChecksumAt + kTarChecksumSize) sum += static_cast<unsigned char>(head[i]);
  }
  return digits && sum == stated;
}

// A damaged first header must not make a tar into nothing that is known: its magic (POSIX, GNU) will do as well.
bool is_tar(std::string_view head) {
  if (head.size() < kTarBlock) return false;
  const std::string_view magic = head.substr(kTarMagicAt, 8);
  return has_tar_checksum(head) ||
         magic ==
             "ustar\x00"
             "00"sv ||
         magic == "ustar  \0"sv;
}

bool is_gzip(std::string_view head) {  // RFC 1952 2.3: deflate, and no reserved flag
  return head.size() >= 10 && head.starts_with("\x1f\x8b\x08"sv) && (static_cast<unsigned char>(head[3]) & 0xe0U) == 0;
}

bool is_bzip2(std::string_view head) {  // a block follows, or the end of an empty stream
  return head.size() >= 10 && head.starts_with("BZh") && head[3] >= '1' && head[3] <= '9' &&
         (head.substr(4, 6) == "1AY&SY"sv || head.substr(4, 6) == "\x17\x72\x45\x38\x50\x90"sv);
}

// A frame of RFC 8878, perhaps behind skippable ones (3.1.2), which parallel compressors put first.
bool is_zstd(std::string_view head) {
  constexpr std::size_t kSkippableHeader = 8;
  while (head.size() >= kSkippableHeader && (static_cast<unsigned char>(head[0]) & 0xf0U) == 0x50 &&
         head.substr(1, 3) == "\x2a\x4d\x18"sv) {
    std::size_t size = 0;
    for (std::size_t i = 4; i-- > 0;) size = size << 8U | static_cast<unsigned char>(head[4 + i]);
    head.remove_prefix(std::min(head.size(), kSkippableHeader + size));
  }
  return head.starts_with("\x28\xb5\x2f\xfd"sv);
}

std::string_view last_component(std::string_view name) {
  const std::size_t slash = name.find_last_of("/\\");
  return slash == std::string_view::npos ? name : name.substr(slash + 1);
}

// FNAME of RFC 1952 2.3.1: after the fixed header and the extra field, up to a NUL.
std::string_view gzip_stored_name(std::string_view head) {
  constexpr unsigned kExtra = 4, kName = 8;
  const unsigned flags = static_cast<unsigned char>(head[3]);
  std::size_t at = 10;
  if ((flags & kExtra) != 0) {
    if (head.size() < at + 2) return {};
    at += 2U + static_cast<unsigned char>(head[at]) +
          (static_cast<std::size_t>(static_cast<unsigned char>(head[at + 1])) << 8U);
  }
  if ((flags & kName) == 0 || at >= head.size()) return {};
  const std::size_t end = head.find('\0', at);
  return end == std::string_view::npos ? std::string_view() : head.substr(at, end - at);
}

struct Ending {
  std::string_view from, to;
};
constexpr std::array kEndings{Ending{".tgz", ".tar"}, Ending{".tbz2", ".tar"}, Ending{".tbz", ".tar"},
                              Ending{".txz", ".tar"}, Ending{".tzst", ".tar"}, Ending{".gz", ""},
                              Ending{".bz2", ""},     Ending{".xz", ""},       Ending{".zst", ""},
                              Ending{".zstd", ""}};

bool ends_with_ignoring_case(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.end() - static_cast<std::ptrdiff_t>(lower.size()),
                    [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b); });
}

bool is_name(std::string_view name) {
  return !name.empty() && name != "." && name != "..";
}

}  // namespace

std::string_view to_string(ContainerKind kind) {
  switch (kind) {
    case ContainerKind::zip:
      return "zip";
    case ContainerKind::tar:
      return "tar";
    case ContainerKind::seven_zip:
      return "7z";
    case ContainerKind::gzip:
      return "gzip";
    case ContainerKind::bzip2:
      return "bzip2";
    case ContainerKind::xz:
      return "xz";
    case ContainerKind::zstd:
      return "zstd";
  }
  return "";
}

bool is_compression(ContainerKind kind) {
  return kind != ContainerKind::zip && kind != ContainerKind::tar && kind != ContainerKind::seven_zip;
}

std::optional<ContainerKind> recognise_container(ByteView head) {
  const std::string_view text = as_text(head);
  for (const Magic& magic : kMagics) {
    if (text.starts_with(magic.bytes)) return magic.kind;
  }
  if (is_gzip(text)) return ContainerKind::gzip;
  if (is_bzip2(text)) return ContainerKind::bzip2;
  if (is_zstd(text)) return ContainerKind::zstd;
  if (is_tar(text)) return ContainerKind::tar;
  return std::nullopt;
}

std::string_view unread_container(ByteView head) {
  for (const Unread& unread : kUnread) {
    if (as_text(head).starts_with(unread.bytes)) return unread.name;
  }
  return {};
}

std::string_view instead_of_reading(std::string_view name) {
  if (name == "vhdx" || name == "vhd") {
    return "extract it (`7zz x FILE`, Debian's package 7zip) or mount it read-only (Windows: `Mount-DiskImage -Access "
           "ReadOnly -ImagePath FILE`), and scan the folder";
  }
  if (name == "ewf") return "mount it read-only and scan the folder";
  return "extract it and scan the folder";
}

std::string name_of_compressed(ContainerKind kind, ByteView head, std::string_view name) {
  if (kind == ContainerKind::gzip) {
    const std::string_view stored = last_component(gzip_stored_name(as_text(head)));
    if (is_name(stored)) return std::string(stored);
  }
  const std::string_view own = last_component(name);
  for (const Ending& ending : kEndings) {
    if (own.size() > ending.from.size() && ends_with_ignoring_case(own, ending.from)) {
      return std::string(own.substr(0, own.size() - ending.from.size())).append(ending.to);
    }
  }
  return is_name(own) && own != "-" ? std::string(own) : "data";
}

}  // namespace tocsin::evidence
