// Values from the words of data files.
#include <algorithm>
#include <array>
#include <charconv>

#include "tests/makers/value.hpp"

namespace tocsin::makers::value {
namespace {

template <class T>
std::optional<T> parse_number(std::string_view text) {
  int base = 10;
  if (text.starts_with("0x")) text.remove_prefix(2), base = 16;
  T number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<Value> parse_unsigned(ValueType type, std::string_view text) {
  const auto number = parse_number<std::uint64_t>(text);
  if (!number) return std::nullopt;
  switch (type) {
    case ValueType::hex32:
      return hex32(static_cast<std::uint32_t>(*number));
    case ValueType::hex64:
      return hex64(*number);
    case ValueType::size_t_:
      return size_type(*number, 8);
    case ValueType::u64:
      return u64(*number);
    default:
      return integer(type, static_cast<std::int64_t>(*number));
  }
}

std::optional<Value> parse_array(std::string_view item_type, std::string_view text) {
  std::vector<Value> items;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('|', at), text.size());
    const auto item = parse(item_type, text.substr(at, end - at));
    if (!item) return std::nullopt;
    items.push_back(*item);
    at = end + 1;
  }
  return array(items);
}

struct NamedType {
  std::string_view name;
  ValueType type;
};
constexpr std::array kUnsigned{NamedType{"u8", ValueType::u8},       NamedType{"u16", ValueType::u16},
                               NamedType{"u32", ValueType::u32},     NamedType{"u64", ValueType::u64},
                               NamedType{"hex32", ValueType::hex32}, NamedType{"hex64", ValueType::hex64},
                               NamedType{"size", ValueType::size_t_}};
constexpr std::array kSigned{NamedType{"i8", ValueType::i8}, NamedType{"i16", ValueType::i16},
                             NamedType{"i32", ValueType::i32}, NamedType{"i64", ValueType::i64}};

}  // namespace

std::optional<Value> parse(std::string_view type_name, std::string_view text) {
  if (type_name.ends_with("[]")) return parse_array(type_name.substr(0, type_name.size() - 2), text);
  if (type_name == "string") return string(text);
  if (type_name == "null") return null();
  if (type_name == "ansi") return ansi(text);
  if (type_name == "boolean")
    return text == "true" || text == "false" ? std::optional(boolean(text == "true")) : std::nullopt;
  if (type_name == "guid") return parse_guid(text) ? std::optional(guid(text)) : std::nullopt;
  if (type_name == "sid") return is_sid(text) ? std::optional(sid(text)) : std::nullopt;
  if (type_name == "filetime" || type_name == "systemtime") {
    const auto time = parse_time(text);
    if (!time) return std::nullopt;
    return type_name == "filetime" ? filetime(*time) : systemtime(*time);
  }
  for (const NamedType& named : kUnsigned) {
    if (named.name == type_name) return parse_unsigned(named.type, text);
  }
  for (const NamedType& named : kSigned) {
    if (named.name != type_name) continue;
    const auto number = parse_number<std::int64_t>(text);
    return number ? std::optional(integer(named.type, *number)) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace tocsin::makers::value
