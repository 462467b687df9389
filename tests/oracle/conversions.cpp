#include "tests/oracle/conversions.hpp"

#include <cstdint>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <re2/re2.h>

#include "base/text.hpp"
#include "tests/oracle/mutation.hpp"

namespace tocsin::oracle {
namespace {

using sigma::Conversion;
using Table = std::map<std::string, std::string>;  // keys in lower case

std::string lower(std::string_view text) {
  std::string out;
  for (const char c : text) out.push_back(base::fold_ascii(c));
  return out;
}

std::string look_up(const Table& table, const std::string& value) {
  const auto found = table.find(lower(value));
  return found == table.end() ? value : found->second;
}

const Table& integrity_levels() {
  static const Table kTable{{"s-1-16-0", "Untrusted"},    {"s-1-16-4096", "Low"},   {"s-1-16-8192", "Medium"},
                            {"s-1-16-8448", "Medium"},    {"s-1-16-12288", "High"}, {"s-1-16-16384", "System"},
                            {"s-1-16-20480", "Protected"}};
  return kTable;
}

std::string direction(const std::string& value) {
  static const Table kTable{{"%%14592", "false"}, {"inbound", "false"}, {"%%14593", "true"}, {"outbound", "true"}};
  std::string out = look_up(kTable, value);
  if (!active(Mutant::direction_swapped)) return out;
  return out == "true" ? "false" : (out == "false" ? "true" : out);
}

std::string registry_path(std::string path) {
  const bool machine = RE2::Replace(&path, R"((?i)^(?:\\REGISTRY\\MACHINE|HKEY_LOCAL_MACHINE)(\\|$))", R"(HKLM\1)");
  if (!machine && !RE2::Replace(&path, R"((?i)^(?:\\REGISTRY\\USER|HKEY_USERS)(\\|$))", R"(HKU\1)")) {
    RE2::Replace(&path, R"((?i)^HKEY_CLASSES_ROOT(\\|$))", R"(HKCR\1)");
  }
  if (machine && !active(Mutant::control_set_kept)) {
    RE2::Replace(&path, R"((?i)^(HKLM\\SYSTEM\\)ControlSet[0-9]+(\\|$))", R"(\1CurrentControlSet\2)");
  }
  if (path.ends_with('\\') && !active(Mutant::default_value_kept)) path += "(Default)";
  return path;
}

std::string file_in_folder(const std::string& folder, const std::string& file) {
  const std::string path = lower(folder), name = lower(file);
  if (active(Mutant::argument_dropped) || file.empty() || path == name || path.ends_with("\\" + name)) return folder;
  return folder.ends_with('\\') ? folder + file : folder + "\\" + file;
}

std::string pipe_name(std::string path) {
  RE2::Replace(&path, R"((?i)^\\Device\\NamedPipe\\)", R"(\\)");
  return path;
}

std::string device_path(std::string path) {
  if (!active(Mutant::volume_kept)) RE2::Replace(&path, R"((?i)^\\device\\harddiskvolume[0-9]+\\)", R"(C:\\)");
  if (!active(Mutant::share_kept)) RE2::Replace(&path, R"((?i)^\\device\\mup\\)", R"(\\\\)");
  return path;
}

std::optional<std::uint64_t> number(const std::string& text, bool only_hexadecimal) {
  std::uint64_t value = 0;
  std::string digits;
  if (RE2::FullMatch(text, R"((?i)0x([0-9a-f]+))", &digits)) {
    return RE2::FullMatch(digits, "(.*)", RE2::Hex(&value)) ? std::optional(value) : std::nullopt;
  }
  if (only_hexadecimal || !RE2::FullMatch(text, "([0-9]+)", &value)) return std::nullopt;
  return value;
}

std::string registry_value(const std::string& value, const std::string& type) {
  static const Table kTypes{{"%%1872", "binary"},
                            {"reg_none", "binary"},
                            {"%%1873", "text"},
                            {"reg_sz", "text"},
                            {"%%1874", "text"},
                            {"reg_expand_sz", "text"},
                            {"%%1875", "binary"},
                            {"reg_binary", "binary"},
                            {"%%1876", "dword"},
                            {"reg_dword", "dword"},
                            {"%%1877", "dword"},
                            {"reg_dword_big_endian", "dword"},
                            {"%%1878", "text"},
                            {"reg_link", "text"},
                            {"%%1879", "text"},
                            {"reg_multi_sz", "text"},
                            {"%%1880", "binary"},
                            {"%%1881", "binary"},
                            {"%%1882", "binary"},
                            {"reg_resource_list", "binary"},
                            {"%%1883", "qword"},
                            {"reg_qword", "qword"},
                            {"reg_full_resource_descriptor", "binary"},
                            {"reg_resource_requirements_list", "binary"},
                            {"binary", "binary"},
                            {"string", "text"},
                            {"expandstring", "text"},
                            {"multistring", "text"},
                            {"dword", "dword"},
                            {"qword", "qword"}};
  const std::string kind = look_up(kTypes, type);
  if (kind == "binary") return "Binary Data";
  if (kind == "text") return value.empty() ? "(Empty)" : value;
  const auto parsed = number(value, false);
  if (parsed && kind == "dword") return fmt::format("DWORD (0x{:08x})", *parsed);
  if (parsed && kind == "qword") return fmt::format("QWORD (0x{:08x}-0x{:08x})", *parsed >> 32, *parsed & 0xFFFFFFFF);
  return value;
}

std::string code(const sigma::FieldSource& source, const std::string& value) {
  for (const auto& [from, to] : source.codes) {
    if (active(Mutant::codes_case_matters) ? from == value : lower(from) == lower(value)) return to;
  }
  return value;
}

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

std::string step(const sigma::FieldSource& source, Conversion conversion, const std::string& value,
                 const std::string& argument) {
  static const Table kProtocols{{"1", "icmp"}, {"6", "tcp"}, {"17", "udp"}, {"58", "ipv6-icmp"}};
  switch (conversion) {
    case Conversion::none:
      return value;
    case Conversion::hex_to_decimal: {
      const auto parsed = number(value, true);
      return parsed && !active(Mutant::hexadecimal_kept) ? std::to_string(*parsed) : value;
    }
    case Conversion::code:
      return code(source, value);
    case Conversion::integrity_sid:
      return active(Mutant::integrity_kept) ? value : look_up(integrity_levels(), value);
    case Conversion::registry_path:
      return registry_path(value);
    case Conversion::device_path:
      return device_path(value);
    case Conversion::protocol_number:
      return active(Mutant::protocol_kept) ? value : look_up(kProtocols, value);
    case Conversion::registry_value:
      return registry_value(value, active(Mutant::argument_dropped) ? std::string() : argument);
    case Conversion::boolean_direction:
      return direction(value);
    case Conversion::file_in_folder:
      return file_in_folder(value, argument);
    case Conversion::pipe_name:
      return pipe_name(value);
    case Conversion::upper_case:
      return upper(value);
    case Conversion::lower_case:
      return lower(value);
  }
  return value;
}

}  // namespace

std::string converted(const sigma::FieldSource& source, std::string_view value, std::string_view argument) {
  std::string out(value);
  if (active(Mutant::conversions_dropped)) return out;
  for (const Conversion conversion : source.conversions) out = step(source, conversion, out, std::string(argument));
  return out;
}

}  // namespace tocsin::oracle
