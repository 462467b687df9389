// Typed values of an event, encoded as an event log stores them (reference: MS-EVEN6 2.2.12, and the value table of
// docs/formats/evtx.md) and, beside that, as Windows prints them, so that a test can ask for one and get the other.
//
// Makers are test tools: wrong arguments are a bug of the test and assert.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/event.hpp"

namespace tocsin::makers {

// Codes as stored; an array has kArrayBit set.
enum class ValueType : std::uint8_t {
  null = 0x00,
  string = 0x01,
  ansi = 0x02,
  i8 = 0x03,
  u8 = 0x04,
  i16 = 0x05,
  u16 = 0x06,
  i32 = 0x07,
  u32 = 0x08,
  i64 = 0x09,
  u64 = 0x0A,
  f32 = 0x0B,
  f64 = 0x0C,
  boolean = 0x0D,
  binary = 0x0E,
  guid = 0x0F,
  size_t_ = 0x10,
  filetime = 0x11,
  systemtime = 0x12,
  sid = 0x13,
  hex32 = 0x14,
  hex64 = 0x15,
  binxml = 0x21,
};
constexpr std::uint8_t kArrayBit = 0x80;

struct Value {
  std::uint8_t type = 0;           // ValueType, with kArrayBit for an array
  std::string bytes;               // as stored
  std::string text;                // as Windows prints it; empty for an array
  std::vector<std::string> items;  // an array's items as Windows prints them
  [[nodiscard]] bool is_array() const { return (type & kArrayBit) != 0; }
  [[nodiscard]] ValueType base_type() const { return static_cast<ValueType>(type & ~kArrayBit); }
};

using GuidBytes = std::array<unsigned char, 16>;

namespace value {

[[nodiscard]] Value null(std::size_t size = 0);  // live logs store some nulls with a size (zero bytes)
[[nodiscard]] Value string(std::string_view utf8);
[[nodiscard]] Value ansi(std::string_view latin1);
// Integers of any stored width; `number` must fit.
[[nodiscard]] Value integer(ValueType type, std::int64_t number);
[[nodiscard]] Value u8(std::uint8_t number);
[[nodiscard]] Value u16(std::uint16_t number);
[[nodiscard]] Value u32(std::uint32_t number);
[[nodiscard]] Value u64(std::uint64_t number);
[[nodiscard]] Value f32(float number);
[[nodiscard]] Value f64(double number);
[[nodiscard]] Value boolean(bool truth);
[[nodiscard]] Value binary(std::string_view bytes);
[[nodiscard]] Value guid(std::string_view text);                         // with or without braces
[[nodiscard]] Value size_type(std::uint64_t number, std::size_t width);  // width 4 or 8
[[nodiscard]] Value filetime(Timestamp time);
[[nodiscard]] Value systemtime(Timestamp time);  // cut to milliseconds
[[nodiscard]] Value sid(std::string_view text);  // "S-1-5-21-1-2-3-500"
[[nodiscard]] Value hex32(std::uint32_t number);
[[nodiscard]] Value hex64(std::uint64_t number);
// REQUIRES: at least one item, all of one type.
[[nodiscard]] Value array(const std::vector<Value>& items);

// From names as data files write them: "string", "u32", "hex64", "sid", "string[]" (items parted by '|') …; nothing
// where the type has no such name or the text does not fit it.
[[nodiscard]] std::optional<Value> parse(std::string_view type_name, std::string_view text);

}  // namespace value

[[nodiscard]] std::optional<GuidBytes> parse_guid(std::string_view text);
[[nodiscard]] std::string format_guid(const GuidBytes& guid);  // "{lower-case}"
[[nodiscard]] bool is_sid(std::string_view text);
[[nodiscard]] std::u16string to_utf16(std::string_view utf8);

// Little-endian integers at the end of, or inside, a byte string.
template <class T>
void append_le(std::string& out, T number) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    out.push_back(static_cast<char>((static_cast<std::uint64_t>(number) >> (8 * i)) & 0xFF));
  }
}
template <class T>
void put_le(std::string& out, std::size_t at, T number) {
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    out[at + i] = static_cast<char>((static_cast<std::uint64_t>(number) >> (8 * i)) & 0xFF);
  }
}
void append_utf16(std::string& out, std::u16string_view units);

}  // namespace tocsin::makers
