#include "evidence/evtx/value.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <string_view>

#include "base/cursor.hpp"
#include "evidence/evtx/utf16.hpp"
#include "evidence/evtx/value_text.hpp"

namespace tocsin::evidence::evtx {
namespace {

using base::load_le;
using model::Value;

constexpr std::uint8_t kAnyWidth = 0xFF;
// Bytes of each type by number; kAnyWidth where the descriptor decides.
constexpr std::array<std::uint8_t, 0x16> kWidths = {
    kAnyWidth, kAnyWidth, kAnyWidth, 1,         1,  2,         2, 4,  4,         8, 8,
    4,         8,         kAnyWidth, kAnyWidth, 16, kAnyWidth, 8, 16, kAnyWidth, 4, 8};

[[nodiscard]] bool sid_fits(ByteView bytes) {
  return bytes.size() >= 8 && bytes.size() >= 8 + 4 * std::to_integer<std::size_t>(bytes[1]);
}

template <class T>
char* put_digits(ByteView bytes, char* out) {
  return std::to_chars(out, out + 24, load_le<T>(bytes, 0)).ptr;
}

char* put_integer(std::uint8_t type, ByteView bytes, char* out) {
  switch (type) {
    case kInt8:
      return put_digits<std::int8_t>(bytes, out);
    case kUint8:
      return put_digits<std::uint8_t>(bytes, out);
    case kInt16:
      return put_digits<std::int16_t>(bytes, out);
    case kUint16:
      return put_digits<std::uint16_t>(bytes, out);
    case kInt32:
      return put_digits<std::int32_t>(bytes, out);
    case kUint32:
      return put_digits<std::uint32_t>(bytes, out);
    case kInt64:
      return put_digits<std::int64_t>(bytes, out);
    default:
      return put_digits<std::uint64_t>(bytes, out);
  }
}

char* put_boolean(ByteView bytes, char* out) {
  bool set = false;
  for (const std::byte b : bytes) set = set || b != std::byte{0};
  const std::string_view text = set ? "true" : "false";
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

}  // namespace

// What the table of widths leaves open, and what it refuses.
bool unusual_width_fits(std::uint8_t type, std::size_t size) {
  if ((type & kArrayBit) != 0) return true;
  if (type < kWidths.size() && kWidths[type] != kAnyWidth) return false;
  switch (type) {
    case kUtf16:
    case kEvtXml:
      return size % 2 == 0;
    case kBool:
      return size == 4 || size == 1;
    case kSizeT:
    case kHandle:
      return size == 4 || size == 8;
    default:
      return true;
  }
}

bool known_type(std::uint8_t type) {
  const std::uint8_t scalar = type & static_cast<std::uint8_t>(~kArrayBit);
  return scalar < kWidths.size() || scalar == kHandle || scalar == kBinXml || scalar == kEvtXml;
}

char* put_value(std::uint8_t type, ByteView bytes, char* out) {
  if (!width_fits(type, bytes.size())) return put_hex_upper(bytes, out);
  switch (type) {
    case kNull:
      return out;
    case kAnsi:
      return put_windows_1252(bytes, out);
    case kInt8:
    case kUint8:
    case kInt16:
    case kUint16:
    case kInt32:
    case kUint32:
    case kInt64:
    case kUint64:
      return put_integer(type, bytes, out);
    case kReal32:
      return put_real(load_le<float>(bytes, 0), out);
    case kReal64:
      return put_real(load_le<double>(bytes, 0), out);
    case kBool:
      return put_boolean(bytes, out);
    case kGuid:
      return put_guid(bytes, out);
    case kSizeT:
    case kHandle:
    case kHex32:
    case kHex64:
      return put_hex_number(bytes.size() == 8 ? load_le<std::uint64_t>(bytes, 0) : load_le<std::uint32_t>(bytes, 0),
                            out);
    case kFileTime:
      return put_filetime(load_le<std::uint64_t>(bytes, 0), out);
    case kSystemTime:
      return put_systemtime(bytes, out);
    case kSid:
      return sid_fits(bytes) ? put_sid(bytes, out) : put_hex_upper(bytes, out);
    default:
      return put_hex_upper(bytes, out);
  }
}

Value format_value(std::uint8_t type, ByteView bytes, Arena& arena) {
  const Value::Kind kind = kind_of(type, bytes.size());
  if (kind == Value::Kind::null) return {};
  if (is_utf16(type, bytes.size())) return {kind, utf16_to_utf8(until_nul(bytes), arena)};
  char* const begin = arena.reserve(value_room(bytes.size()));
  const char* const end = put_value(type, bytes, begin);
  return {kind, arena.commit(static_cast<std::size_t>(end - begin))};
}

bool is_bare(std::uint8_t type) {
  switch (type) {
    case kUtf16:
    case kAnsi:
    case kReal32:
    case kReal64:
    case kBool:
    case kBinXml:
    case kEvtXml:
      return false;
    default:
      return (type & kArrayBit) == 0;
  }
}

void split_array(std::uint8_t type, ByteView bytes, std::vector<ByteView>& items) {
  items.clear();
  const std::uint8_t scalar = type & static_cast<std::uint8_t>(~kArrayBit);
  const std::size_t unit = scalar == kUtf16 ? 2 : 1;
  if (scalar == kUtf16 || scalar == kAnsi) {
    while (bytes.size() >= unit) {
      const std::size_t length =
          unit == 2 ? until_nul(bytes).size() : as_text(bytes).substr(0, as_text(bytes).find('\0')).size();
      items.push_back(bytes.first(length));
      bytes = bytes.subspan(std::min(bytes.size(), length + unit));
    }
    return;
  }
  if (scalar == kSid) {
    while (sid_fits(bytes)) {
      const std::size_t length = 8 + 4 * std::to_integer<std::size_t>(bytes[1]);
      items.push_back(bytes.first(length));
      bytes = bytes.subspan(length);
    }
    if (!bytes.empty()) items.push_back(bytes);
    return;
  }
  std::size_t width = scalar < kWidths.size() ? kWidths[scalar] : kAnyWidth;
  if (scalar == kBool) width = 4;
  if (scalar == kSizeT) width = bytes.size() % 8 == 0 ? 8 : 4;
  if (width == kAnyWidth || bytes.size() % width != 0) {
    if (!bytes.empty()) items.push_back(bytes);
    return;
  }
  for (; !bytes.empty(); bytes = bytes.subspan(width)) items.push_back(bytes.first(width));
}

std::size_t count_items(std::uint8_t type, ByteView bytes) {
  const std::uint8_t scalar = type & static_cast<std::uint8_t>(~kArrayBit);
  if (bytes.empty()) return 0;
  if (scalar == kUtf16) return until_nul(bytes).size() + 2 >= bytes.size() ? 1 : 2;
  if (scalar == kAnsi) return as_text(bytes).find('\0') + 1 >= bytes.size() ? 1 : 2;
  std::vector<ByteView> items;
  split_array(type, bytes, items);
  return items.size();
}

std::optional<Timestamp> filetime(ByteView bytes) {
  const auto ticks = load_le<std::int64_t>(bytes, 0);
  if (bytes.size() != 8 || ticks < 0) return std::nullopt;
  return Timestamp{ticks};
}

}  // namespace tocsin::evidence::evtx
