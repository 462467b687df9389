// Typed values of BinXML (reference: [MS-EVEN6] 2.2.12 BinXmlValueType; widths as met in real logs) and their text as
// Windows prints it. docs/formats/evtx.md lists each type with its text.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "tocsin/bytes.hpp"
#include "tocsin/event.hpp"

#include "evidence/evtx/arena.hpp"
#include "model/event.hpp"

namespace tocsin::evidence::evtx {

enum ValueType : std::uint8_t {
  kNull = 0x00,
  kUtf16 = 0x01,
  kAnsi = 0x02,
  kInt8 = 0x03,
  kUint8 = 0x04,
  kInt16 = 0x05,
  kUint16 = 0x06,
  kInt32 = 0x07,
  kUint32 = 0x08,
  kInt64 = 0x09,
  kUint64 = 0x0A,
  kReal32 = 0x0B,
  kReal64 = 0x0C,
  kBool = 0x0D,
  kBinary = 0x0E,
  kGuid = 0x0F,
  kSizeT = 0x10,
  kFileTime = 0x11,
  kSystemTime = 0x12,
  kSid = 0x13,
  kHex32 = 0x14,
  kHex64 = 0x15,
  kHandle = 0x20,
  kBinXml = 0x21,
  kEvtXml = 0x23,
};
constexpr std::uint8_t kArrayBit = 0x80;

// One value of a template instance: where its bytes lie in the chunk.
struct ValueRef {
  std::uint32_t offset = 0;
  std::uint16_t size = 0;
  std::uint8_t type = kNull;
};

// By value type: the width that it must have; kFreeWidth where any will do, kLookWidth where more has to be looked at.
constexpr std::uint8_t kFreeWidth = 0xFE;
constexpr std::uint8_t kLookWidth = 0xFF;  // a value can be of so many bytes too: is_width, not ==
constexpr std::array<std::uint8_t, 256> widths_by_type() {
  std::array<std::uint8_t, 256> table{};
  table.fill(kLookWidth);
  table[kNull] = table[kAnsi] = table[kBinary] = table[kBinXml] = kFreeWidth;
  table[kInt8] = table[kUint8] = 1;
  table[kInt16] = table[kUint16] = 2;
  table[kInt32] = table[kUint32] = table[kReal32] = table[kBool] = table[kHex32] = 4;
  table[kInt64] = table[kUint64] = table[kReal64] = table[kFileTime] = table[kHex64] = 8;
  table[kGuid] = table[kSystemTime] = 16;
  return table;
}
constexpr std::array<std::uint8_t, 256> kWidthOf = widths_by_type();

// True where `size` is the one width that the type has.
[[nodiscard]] constexpr bool is_width(std::uint8_t type, std::size_t size) {
  return kWidthOf[type] == size && size < kFreeWidth;
}
[[nodiscard]] bool unusual_width_fits(std::uint8_t type, std::size_t size);
// False where the type has a fixed width and `size` is not it: damage. Such a value is shown as binary.
[[nodiscard]] inline bool width_fits(std::uint8_t type, std::size_t size) {
  return is_width(type, size) || kWidthOf[type] == kFreeWidth || unusual_width_fits(type, size);
}
// False for a type that no document names.
[[nodiscard]] bool known_type(std::uint8_t type);

[[nodiscard]] inline model::Value::Kind kind_of(std::uint8_t type, std::size_t size) {
  using Kind = model::Value::Kind;
  if (type == kUtf16 || !width_fits(type, size)) return Kind::string;
  if (type >= kInt8 && type <= kUint64) return Kind::integer;
  if (type == kReal32 || type == kReal64) return Kind::real;
  return type == kBool ? Kind::boolean : type == kNull ? Kind::null : Kind::string;
}
// Text of the log's own, up to its first NUL; every other type's text is made by put_value.
[[nodiscard]] inline bool is_utf16(std::uint8_t type, std::size_t size) {
  return (type == kUtf16 || type == kEvtXml) && size % 2 == 0;
}
// What put_value writes of `size` bytes is at most this long.
[[nodiscard]] constexpr std::size_t value_room(std::size_t size) {
  return 64 + 3 * size;
}
// Writes the text of a value that is no array, no UTF-16 and not kBinXml; returns its end. REQUIRES: value_room at
// `out`.
char* put_value(std::uint8_t type, ByteView bytes, char* out);
// The text of a value that is no array and not kBinXml. Numbers are of kind integer, floats real, kBool boolean, kNull
// null, all else string. The text lives in `arena` or is static.
[[nodiscard]] model::Value format_value(std::uint8_t type, ByteView bytes, Arena& arena);
// True where format_value gives nothing but model::kBareCharacters, whatever the bytes.
[[nodiscard]] bool is_bare(std::uint8_t type);
// The items of an array, in order. An array whose items have no width of their own (binary, nested) is one item.
void split_array(std::uint8_t type, ByteView bytes, std::vector<ByteView>& items);
// The number of items, cheaply: only 0, 1 or "more" (2) for strings.
[[nodiscard]] std::size_t count_items(std::uint8_t type, ByteView bytes);

[[nodiscard]] std::optional<Timestamp> filetime(ByteView bytes);  // nothing where it is past year 30827

}  // namespace tocsin::evidence::evtx
