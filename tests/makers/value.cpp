#include "tests/makers/value.hpp"

#include <bit>
#include <cassert>
#include <charconv>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "base/text.hpp"

namespace tocsin::makers {

std::u16string to_utf16(std::string_view utf8) {
  std::u16string units;
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t code_point = base::next_code_point(utf8, at);
    assert(code_point < 0x110000 && "makers take well-formed UTF-8");
    if (code_point < 0x10000) {
      units.push_back(static_cast<char16_t>(code_point));
    } else {
      units.push_back(static_cast<char16_t>(0xD800 + ((code_point - 0x10000) >> 10)));
      units.push_back(static_cast<char16_t>(0xDC00 + ((code_point - 0x10000) & 0x3FF)));
    }
  }
  return units;
}

void append_utf16(std::string& out, std::u16string_view units) {
  for (const char16_t unit : units) append_le(out, static_cast<std::uint16_t>(unit));
}

std::optional<GuidBytes> parse_guid(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c != '{' && c != '}' && c != '-') digits.push_back(c);
  }
  if (digits.size() != 32) return std::nullopt;
  GuidBytes big{};
  for (std::size_t i = 0; i < 16; ++i) {
    const char* begin = digits.data() + 2 * i;
    if (std::from_chars(begin, begin + 2, big[i], 16).ptr != begin + 2) return std::nullopt;
  }
  // The first three fields are little-endian ([MS-DTYP] 2.3.4.2).
  return GuidBytes{big[3], big[2], big[1],  big[0],  big[5],  big[4],  big[7],  big[6],
                   big[8], big[9], big[10], big[11], big[12], big[13], big[14], big[15]};
}

std::string format_guid(const GuidBytes& g) {
  return fmt::format(
      "{{{:02x}{:02x}{:02x}{:02x}-{:02x}{:02x}-{:02x}{:02x}-{:02x}{:02x}-{:02x}{:02x}{:02x}{:02x}{:02x}{:02x}}}", g[3],
      g[2], g[1], g[0], g[5], g[4], g[7], g[6], g[8], g[9], g[10], g[11], g[12], g[13], g[14], g[15]);
}

namespace value {
namespace {

Value make(ValueType type, std::string bytes, std::string text) {
  return {static_cast<std::uint8_t>(type), std::move(bytes), std::move(text), {}};
}

template <class T>
Value fixed(ValueType type, T number, std::string text) {
  std::string bytes;
  append_le(bytes, number);
  return make(type, std::move(bytes), std::move(text));
}

template <class T>
Value real(ValueType type, T number) {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  return fixed(type, std::bit_cast<Bits>(number), fmt::format("{}", number));
}

std::size_t width_of(ValueType type) {
  switch (type) {
    case ValueType::i8:
    case ValueType::u8:
      return 1;
    case ValueType::i16:
    case ValueType::u16:
      return 2;
    case ValueType::i32:
    case ValueType::u32:
      return 4;
    default:
      return 8;
  }
}

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::string> sid_bytes(std::string_view text) {
  if (!text.starts_with("S-")) return std::nullopt;
  std::vector<std::uint64_t> parts;
  for (text.remove_prefix(2); !text.empty();) {
    const std::size_t dash = std::min(text.find('-'), text.size());
    const auto part = parse_decimal(text.substr(0, dash));
    if (!part) return std::nullopt;
    parts.push_back(*part);
    text.remove_prefix(std::min(dash + 1, text.size()));
  }
  if (parts.size() < 2 || parts.size() > 17) return std::nullopt;
  std::string bytes;
  bytes.push_back(static_cast<char>(parts[0]));
  bytes.push_back(static_cast<char>(parts.size() - 2));
  for (int shift = 40; shift >= 0; shift -= 8) bytes.push_back(static_cast<char>((parts[1] >> shift) & 0xFF));
  for (std::size_t i = 2; i < parts.size(); ++i) append_le(bytes, static_cast<std::uint32_t>(parts[i]));
  return bytes;
}

}  // namespace

Value null(std::size_t size) {
  return make(ValueType::null, std::string(size, '\0'), {});
}

Value string(std::string_view utf8) {
  std::string bytes;
  append_utf16(bytes, to_utf16(utf8));
  return make(ValueType::string, std::move(bytes), std::string(utf8));
}

Value ansi(std::string_view latin1) {
  std::string text;
  for (const char c : latin1) base::append_code_point(text, static_cast<unsigned char>(c));
  return make(ValueType::ansi, std::string(latin1), std::move(text));
}

Value integer(ValueType type, std::int64_t number) {
  std::string bytes;
  append_le(bytes, number);
  bytes.resize(width_of(type));
  return make(type, std::move(bytes), fmt::format("{}", number));
}

Value u8(std::uint8_t number) {
  return fixed(ValueType::u8, number, fmt::format("{}", number));
}
Value u16(std::uint16_t number) {
  return fixed(ValueType::u16, number, fmt::format("{}", number));
}
Value u32(std::uint32_t number) {
  return fixed(ValueType::u32, number, fmt::format("{}", number));
}
Value u64(std::uint64_t number) {
  return fixed(ValueType::u64, number, fmt::format("{}", number));
}
Value f32(float number) {
  return real(ValueType::f32, number);
}
Value f64(double number) {
  return real(ValueType::f64, number);
}
Value boolean(bool truth) {
  return fixed(ValueType::boolean, static_cast<std::uint32_t>(truth ? 1 : 0), truth ? "true" : "false");
}
Value hex32(std::uint32_t number) {
  return fixed(ValueType::hex32, number, fmt::format("0x{:x}", number));
}
Value hex64(std::uint64_t number) {
  return fixed(ValueType::hex64, number, fmt::format("0x{:x}", number));
}

Value binary(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) text += fmt::format("{:02X}", static_cast<unsigned char>(c));
  return make(ValueType::binary, std::string(bytes), std::move(text));
}

Value guid(std::string_view text) {
  const auto bytes = parse_guid(text);
  assert(bytes && "not a GUID");
  return make(ValueType::guid, std::string(bytes->begin(), bytes->end()), format_guid(*bytes));
}

Value size_type(std::uint64_t number, std::size_t width) {
  assert(width == 4 || width == 8);
  Value made = hex64(number);
  made.type = static_cast<std::uint8_t>(ValueType::size_t_);
  made.bytes.resize(width);
  return made;
}

Value filetime(Timestamp time) {
  return fixed(ValueType::filetime, time.ticks, format_time(time));
}

Value systemtime(Timestamp time) {
  using std::chrono::days;
  constexpr std::int64_t kTicksPerDay = 864'000'000'000;
  constexpr std::int64_t kDaysTo1970 = 134'774;  // from 1601-01-01
  const std::int64_t day = time.ticks / kTicksPerDay;
  const std::int64_t ms = time.ticks % kTicksPerDay / 10'000;
  const std::chrono::sys_days date{days{day - kDaysTo1970}};
  const std::chrono::year_month_day ymd{date};
  const std::array<std::int64_t, 8> fields{static_cast<int>(ymd.year()),
                                           static_cast<unsigned>(ymd.month()),
                                           std::chrono::weekday{date}.c_encoding(),
                                           static_cast<unsigned>(ymd.day()),
                                           ms / 3'600'000,
                                           ms / 60'000 % 60,
                                           ms / 1'000 % 60,
                                           ms % 1'000};
  std::string bytes;
  for (const std::int64_t field : fields) append_le(bytes, static_cast<std::uint16_t>(field));
  return make(ValueType::systemtime, std::move(bytes), format_time({time.ticks / 10'000 * 10'000}));
}

Value sid(std::string_view text) {
  auto bytes = sid_bytes(text);
  assert(bytes && "not a SID");
  return make(ValueType::sid, std::move(*bytes), std::string(text));
}

Value array(const std::vector<Value>& items) {
  assert(!items.empty());
  Value made;
  made.type = static_cast<std::uint8_t>(items.front().type | kArrayBit);
  const bool strings = items.front().base_type() == ValueType::string;
  const bool ansi_strings = items.front().base_type() == ValueType::ansi;
  for (const Value& item : items) {
    assert(item.type == items.front().type);
    made.bytes += item.bytes;
    if (strings) made.bytes.append(2, '\0');
    if (ansi_strings) made.bytes.push_back('\0');
    made.items.push_back(item.text);
  }
  return made;
}

}  // namespace value

bool is_sid(std::string_view text) {
  return value::sid_bytes(text).has_value();
}

}  // namespace tocsin::makers
