// The conversions that log-source files name. What each does is listed in docs/formats/logsources.md.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "detect/sigma/log_source.hpp"

namespace tocsin::sigma {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

constexpr std::array<std::pair<Conversion, std::string_view>, 13> kNames{{
    {Conversion::none, "none"},
    {Conversion::hex_to_decimal, "hex_to_decimal"},
    {Conversion::code, "code"},
    {Conversion::integrity_sid, "integrity_sid"},
    {Conversion::registry_path, "registry_path"},
    {Conversion::device_path, "device_path"},
    {Conversion::protocol_number, "protocol_number"},
    {Conversion::registry_value, "registry_value"},
    {Conversion::boolean_direction, "boolean_direction"},
    {Conversion::upper_case, "upper_case"},
    {Conversion::lower_case, "lower_case"},
    {Conversion::file_in_folder, "file_in_folder"},
    {Conversion::pipe_name, "pipe_name"},
}};

// Mandatory labels, [MS-DTYP] 2.4.2.4, in Sysmon's words.
constexpr std::array<Row, 7> kIntegrity{{
    {"S-1-16-0", "Untrusted"},
    {"S-1-16-4096", "Low"},
    {"S-1-16-8192", "Medium"},
    {"S-1-16-8448", "Medium"},  // medium plus: Sysmon knows no name of its own for it
    {"S-1-16-12288", "High"},
    {"S-1-16-16384", "System"},
    {"S-1-16-20480", "Protected"},
}};

// Assigned internet protocol numbers. Sysmon itself logs tcp and udp only.
constexpr std::array<Row, 4> kProtocols{{{"1", "icmp"}, {"6", "tcp"}, {"17", "udp"}, {"58", "ipv6-icmp"}}};

// Message codes of the security log, and what exports that render messages have instead.
constexpr std::array<Row, 4> kDirections{
    {{"%%14592", "false"}, {"Inbound", "false"}, {"%%14593", "true"}, {"Outbound", "true"}}};

enum class RegistryType : std::uint8_t { none, text, binary, dword, qword };
// Registry types as 4657 codes them, and rendered; and Defender's.
constexpr std::array<std::pair<std::string_view, RegistryType>, 30> kRegistryTypes{{
    {"%%1872", RegistryType::binary}, {"REG_NONE", RegistryType::binary},
    {"%%1873", RegistryType::text},   {"REG_SZ", RegistryType::text},
    {"%%1874", RegistryType::text},   {"REG_EXPAND_SZ", RegistryType::text},
    {"%%1875", RegistryType::binary}, {"REG_BINARY", RegistryType::binary},
    {"%%1876", RegistryType::dword},  {"REG_DWORD", RegistryType::dword},
    {"%%1877", RegistryType::dword},  {"REG_DWORD_BIG_ENDIAN", RegistryType::dword},
    {"%%1878", RegistryType::text},   {"REG_LINK", RegistryType::text},
    {"%%1879", RegistryType::text},   {"REG_MULTI_SZ", RegistryType::text},
    {"%%1880", RegistryType::binary}, {"REG_RESOURCE_LIST", RegistryType::binary},
    {"%%1881", RegistryType::binary}, {"REG_FULL_RESOURCE_DESCRIPTOR", RegistryType::binary},
    {"%%1882", RegistryType::binary}, {"REG_RESOURCE_REQUIREMENTS_LIST", RegistryType::binary},
    {"%%1883", RegistryType::qword},  {"REG_QWORD", RegistryType::qword},
    {"Binary", RegistryType::binary}, {"String", RegistryType::text},  // as Defender names them
    {"Dword", RegistryType::dword},   {"ExpandString", RegistryType::text},
    {"Qword", RegistryType::qword},   {"MultiString", RegistryType::text},
}};

bool begins(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && base::equal_ascii(text.substr(0, prefix.size()), prefix);
}

template <class Table>
std::string look_up(const Table& table, std::string_view value) {
  const auto row = std::ranges::find_if(table, [&](const auto& r) { return base::equal_ascii(r.first, value); });
  return std::string(row == table.end() ? value : std::string_view(row->second));
}

// The whole of `text` as a number: decimal, or hexadecimal behind 0x.
std::optional<std::uint64_t> number(std::string_view text, bool hex_only) {
  const bool hex = begins(text, "0x");
  if (hex) text.remove_prefix(2);
  if (hex_only && !hex) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string hex_to_decimal(std::string_view value) {
  const auto parsed = number(value, true);
  return parsed ? fmt::format("{}", *parsed) : std::string(value);
}

// Behind "HKLM\SYSTEM\": ControlSet001 and the like are what CurrentControlSet points to; Sysmon writes the latter.
std::string current_control_set(std::string_view path) {
  constexpr std::string_view kBefore = "HKLM\\SYSTEM\\";
  constexpr std::string_view kSet = "ControlSet";
  std::string out(path);
  if (!begins(path, kBefore) || !begins(path.substr(kBefore.size()), kSet)) return out;
  std::size_t end = kBefore.size() + kSet.size();
  const std::size_t digits = end;
  while (end < path.size() && path[end] >= '0' && path[end] <= '9') ++end;
  if (end == digits || (end < path.size() && path[end] != '\\')) return out;
  return out.replace(kBefore.size(), end - kBefore.size(), "CurrentControlSet");
}

std::string registry_path(std::string_view value) {
  constexpr std::array<Row, 5> kHives{{{"\\REGISTRY\\MACHINE", "HKLM"},
                                       {"\\REGISTRY\\USER", "HKU"},
                                       {"HKEY_LOCAL_MACHINE", "HKLM"},
                                       {"HKEY_USERS", "HKU"},
                                       {"HKEY_CLASSES_ROOT", "HKCR"}}};
  std::string out(value);
  for (const auto& [kernel, sysmon] : kHives) {
    if (!begins(value, kernel) || (value.size() > kernel.size() && value[kernel.size()] != '\\')) continue;
    out = current_control_set(std::string(sysmon) + std::string(value.substr(kernel.size())));
    break;
  }
  if (out.ends_with('\\')) out += "(Default)";  // a value without a name, as Sysmon writes it
  return out;
}

std::string device_path(std::string_view value) {
  constexpr std::string_view kVolume = "\\device\\harddiskvolume";
  constexpr std::string_view kNetwork = "\\device\\mup\\";
  if (begins(value, kNetwork)) return "\\\\" + std::string(value.substr(kNetwork.size()));
  if (!begins(value, kVolume)) return std::string(value);
  std::size_t end = kVolume.size();
  while (end < value.size() && value[end] >= '0' && value[end] <= '9') ++end;
  if (end == kVolume.size() || end == value.size() || value[end] != '\\') return std::string(value);
  return "C:" + std::string(value.substr(end));
}

std::string registry_value(std::string_view value, std::string_view type) {
  const auto row =
      std::ranges::find_if(kRegistryTypes, [&](const auto& r) { return base::equal_ascii(r.first, type); });
  const RegistryType kind = row == kRegistryTypes.end() ? RegistryType::none : row->second;
  if (kind == RegistryType::binary) return "Binary Data";
  if (kind == RegistryType::text) return value.empty() ? "(Empty)" : std::string(value);
  const auto parsed = number(value, false);
  if (kind == RegistryType::none || !parsed) return std::string(value);
  if (kind == RegistryType::dword) return fmt::format("DWORD (0x{:08x})", *parsed);
  return fmt::format("QWORD (0x{:08x}-0x{:08x})", *parsed >> 32U, *parsed & 0xFFFFFFFFU);
}

std::string file_in_folder(std::string_view folder, std::string_view file) {
  if (file.empty() || base::equal_ascii(folder, file)) return std::string(folder);
  if (folder.size() > file.size() && folder[folder.size() - file.size() - 1] == '\\' &&
      base::equal_ascii(folder.substr(folder.size() - file.size()), file)) {
    return std::string(folder);
  }
  std::string whole(folder);
  if (!whole.ends_with('\\')) whole += '\\';
  return whole.append(file);
}

std::string pipe_name(std::string_view value) {
  constexpr std::string_view kPipes = "\\Device\\NamedPipe\\";
  return std::string(begins(value, kPipes) ? value.substr(kPipes.size() - 1) : value);
}

std::string ascii_case(std::string_view value, char first, char last, int shift) {
  std::string out(value);
  for (char& c : out) {
    if (c >= first && c <= last) c = static_cast<char>(c + shift);
  }
  return out;
}

}  // namespace

std::string_view to_string(Conversion conversion) {
  const auto row = std::ranges::find_if(kNames, [&](const auto& r) { return r.first == conversion; });
  return row == kNames.end() ? std::string_view("none") : row->second;
}

std::optional<Conversion> parse_conversion(std::string_view name) {
  const auto row = std::ranges::find_if(kNames, [&](const auto& r) { return r.second == name; });
  if (row == kNames.end() || row->first == Conversion::none) return std::nullopt;
  return row->first;
}

std::string convert(Conversion conversion, std::string_view value, std::string_view argument) {
  switch (conversion) {
    case Conversion::none:
    case Conversion::code:
      return std::string(value);
    case Conversion::hex_to_decimal:
      return hex_to_decimal(value);
    case Conversion::integrity_sid:
      return look_up(kIntegrity, value);
    case Conversion::registry_path:
      return registry_path(value);
    case Conversion::device_path:
      return device_path(value);
    case Conversion::protocol_number:
      return look_up(kProtocols, value);
    case Conversion::registry_value:
      return registry_value(value, argument);
    case Conversion::boolean_direction:
      return look_up(kDirections, value);
    case Conversion::upper_case:
      return ascii_case(value, 'a', 'z', 'A' - 'a');
    case Conversion::lower_case:
      return ascii_case(value, 'A', 'Z', 'a' - 'A');
    case Conversion::file_in_folder:
      return file_in_folder(value, argument);
    case Conversion::pipe_name:
      return pipe_name(value);
  }
  return std::string(value);
}

std::string apply_conversions(const FieldSource& source, std::string_view value, std::string_view argument) {
  std::string out(value);
  for (const Conversion conversion : source.conversions) {
    out = conversion == Conversion::code ? look_up(source.codes, out) : convert(conversion, out, argument);
  }
  return out;
}

}  // namespace tocsin::sigma
