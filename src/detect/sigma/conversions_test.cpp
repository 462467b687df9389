#include <vector>

#include <gtest/gtest.h>

#include "detect/sigma/log_source.hpp"

namespace tocsin::sigma {
namespace {

struct Case {
  Conversion conversion;
  std::string_view value, argument, expected;
};

TEST(Conversions, DoWhatTheTableSays) {
  const std::vector<Case> cases{
      {Conversion::hex_to_decimal, "0x1a4", "", "420"},
      {Conversion::hex_to_decimal, "0X1A4", "", "420"},
      {Conversion::hex_to_decimal, "0xffffffffffffffff", "", "18446744073709551615"},
      {Conversion::hex_to_decimal, "0x10000000000000000", "", "0x10000000000000000"},
      {Conversion::hex_to_decimal, "420", "", "420"},
      {Conversion::hex_to_decimal, "0x", "", "0x"},
      {Conversion::hex_to_decimal, "", "", ""},
      {Conversion::integrity_sid, "S-1-16-12288", "", "High"},
      {Conversion::integrity_sid, "s-1-16-16384", "", "System"},
      {Conversion::integrity_sid, "S-1-16-8448", "", "Medium"},
      {Conversion::integrity_sid, "High", "", "High"},
      {Conversion::registry_path, R"(\REGISTRY\MACHINE\SOFTWARE\x)", "", R"(HKLM\SOFTWARE\x)"},
      {Conversion::registry_path, R"(\Registry\User\S-1-5-21-1_Classes\x)", "", R"(HKU\S-1-5-21-1_Classes\x)"},
      {Conversion::registry_path, R"(\REGISTRY\MACHINE\SYSTEM\ControlSet001\Services\x)", "",
       R"(HKLM\SYSTEM\CurrentControlSet\Services\x)"},
      {Conversion::registry_path, R"(\REGISTRY\MACHINE\System\ControlSet002)", "", R"(HKLM\System\CurrentControlSet)"},
      {Conversion::registry_path, R"(\REGISTRY\MACHINE\SYSTEM\ControlSetX\a)", "", R"(HKLM\SYSTEM\ControlSetX\a)"},
      {Conversion::registry_path, R"(\REGISTRY\MACHINE\SYSTEM\ControlSet001x\a)", "",
       R"(HKLM\SYSTEM\ControlSet001x\a)"},
      {Conversion::registry_path, R"(\REGISTRY\MACHINE\SOFTWARE\ControlSet001\a)", "",
       R"(HKLM\SOFTWARE\ControlSet001\a)"},
      {Conversion::registry_path, R"(\REGISTRY\MACHINERY\a)", "", R"(\REGISTRY\MACHINERY\a)"},
      {Conversion::registry_path, R"(\REGISTRY\A\{1}\a)", "", R"(\REGISTRY\A\{1}\a)"},
      {Conversion::registry_path, R"(\REGISTRY\MACHINE\SYSTEM\k\)", "", R"(HKLM\SYSTEM\k\(Default))"},
      {Conversion::device_path, R"(\device\harddiskvolume3\windows\x.exe)", "", R"(C:\windows\x.exe)"},
      {Conversion::device_path, R"(\Device\HarddiskVolume12\x)", "", R"(C:\x)"},
      {Conversion::device_path, R"(\device\harddiskvolume\x)", "", R"(\device\harddiskvolume\x)"},
      {Conversion::device_path, R"(\device\mup\server\share\x)", "", R"(\\server\share\x)"},
      {Conversion::device_path, "System", "", "System"},
      {Conversion::protocol_number, "6", "", "tcp"},
      {Conversion::protocol_number, "17", "", "udp"},
      {Conversion::protocol_number, "99", "", "99"},
      {Conversion::registry_value, "1", "%%1876", "DWORD (0x00000001)"},
      {Conversion::registry_value, "0x10", "REG_DWORD", "DWORD (0x00000010)"},
      {Conversion::registry_value, "0x1d690c053b3cf0f", "%%1883", "QWORD (0x01d690c0-0x53b3cf0f)"},
      {Conversion::registry_value, "what", "%%1876", "what"},
      {Conversion::registry_value, "C:\\x", "%%1873", "C:\\x"},
      {Conversion::registry_value, "", "%%1874", "(Empty)"},
      {Conversion::registry_value, "4142", "%%1875", "Binary Data"},
      {Conversion::registry_value, "4142", "", "4142"},
      {Conversion::boolean_direction, "%%14593", "", "true"},
      {Conversion::boolean_direction, "%%14592", "", "false"},
      {Conversion::boolean_direction, "outbound", "", "true"},
      {Conversion::boolean_direction, "%%1", "", "%%1"},
      {Conversion::upper_case, "aZ\xC3\xA9", "", "AZ\xC3\xA9"},
      {Conversion::lower_case, "aZ", "", "az"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(convert(c.conversion, c.value, c.argument), c.expected) << to_string(c.conversion) << " of " << c.value;
  }
}

TEST(Conversions, OfDefendersRows) {
  using enum Conversion;
  EXPECT_EQ(convert(file_in_folder, "C:\\Windows\\System32", "cmd.exe"), "C:\\Windows\\System32\\cmd.exe");
  EXPECT_EQ(convert(file_in_folder, "C:\\", "cmd.exe"), "C:\\cmd.exe");
  EXPECT_EQ(convert(file_in_folder, "C:\\Windows\\CMD.exe", "cmd.exe"), "C:\\Windows\\CMD.exe");
  EXPECT_EQ(convert(file_in_folder, "C:\\xcmd.exe", "cmd.exe"), "C:\\xcmd.exe\\cmd.exe");
  EXPECT_EQ(convert(file_in_folder, "cmd.exe", "cmd.exe"), "cmd.exe");
  EXPECT_EQ(convert(file_in_folder, "C:\\Windows", ""), "C:\\Windows");
  EXPECT_EQ(convert(pipe_name, "\\Device\\NamedPipe\\lsass", ""), "\\lsass");
  EXPECT_EQ(convert(pipe_name, "\\lsass", ""), "\\lsass");
  EXPECT_EQ(convert(registry_path, "HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\x", ""),
            "HKLM\\SYSTEM\\CurrentControlSet\\x");
  EXPECT_EQ(convert(registry_path, "HKEY_USERS\\S-1-5-18\\x", ""), "HKU\\S-1-5-18\\x");
  EXPECT_EQ(convert(registry_value, "1", "Dword"), "DWORD (0x00000001)");
}

TEST(Conversions, NamesAreReadBack) {
  for (int i = 1; i <= static_cast<int>(Conversion::lower_case); ++i) {
    const auto conversion = static_cast<Conversion>(i);
    EXPECT_EQ(parse_conversion(to_string(conversion)), conversion);
  }
  EXPECT_EQ(parse_conversion("none"), std::nullopt);
  EXPECT_EQ(parse_conversion("hex"), std::nullopt);
}

TEST(Conversions, AreAppliedInOrderWithTheirCodes) {
  FieldSource source;
  source.conversions = {Conversion::code, Conversion::upper_case};
  source.codes = {{"%%1904", "SetValue"}};
  EXPECT_EQ(apply_conversions(source, "%%1904", ""), "SETVALUE");
  EXPECT_EQ(apply_conversions(source, "%%a", ""), "%%A");
}

}  // namespace
}  // namespace tocsin::sigma
