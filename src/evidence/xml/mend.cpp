#include "evidence/xml/mend.hpp"

#include <array>
#include <charconv>

#include "base/text.hpp"

namespace tocsin::evidence::xml {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// XML 1.0, production "Char".
bool is_char(char32_t c) {
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xD800) || (c >= 0xE000 && c < 0xFFFE) ||
         (c >= 0x10000 && c <= 0x10FFFF);
}

enum class Reference : std::uint8_t { none, good, bad };

// What begins with the '&' at the beginning of `text`; `length` with its ';'.
Reference reference(std::string_view text, std::size_t& length) {
  constexpr std::size_t kLongest = 12;  // "&#x0010FFFF;"
  constexpr std::array<std::string_view, 5> kKnown = {"amp", "lt", "gt", "quot", "apos"};
  const std::size_t end = text.substr(0, kLongest).find(';');
  if (end == std::string_view::npos) return Reference::none;
  std::string_view name = text.substr(1, end - 1);
  length = end + 1;
  for (const std::string_view known : kKnown) {
    if (name == known) return Reference::good;
  }
  if (!name.starts_with('#')) return Reference::none;
  const bool hex = name.starts_with("#x");
  name.remove_prefix(hex ? 2 : 1);
  std::uint32_t number = 0;
  const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), number, hex ? 16 : 10);
  if (name.empty() || stop != name.data() + name.size()) return Reference::none;
  return error == std::errc() && is_char(number) ? Reference::good : Reference::bad;
}

}  // namespace

std::uint64_t mend(std::string& out, std::string_view text) {
  constexpr std::string_view kCdata = "<![CDATA[";
  std::uint64_t changed = 0;
  std::size_t cdata_end = 0;  // inside CDATA nothing is a reference
  for (std::size_t at = 0; at < text.size();) {
    if (at >= cdata_end && text.substr(at).starts_with(kCdata)) {
      cdata_end = text.find("]]>", at);
    }
    std::size_t length = 0;
    if (text[at] == '&' && at >= cdata_end) {
      const Reference kind = reference(text.substr(at), length);
      if (kind == Reference::good) {
        out += text.substr(at, length);
      } else {
        out += kind == Reference::bad ? kReplacement : "&amp;";
        ++changed;
      }
      at += kind == Reference::none ? 1 : length;
      continue;
    }
    const std::size_t begin = at;
    const char32_t c = base::next_code_point(text, at);
    if (is_char(c)) {
      out += text.substr(begin, at - begin);
    } else {
      out += kReplacement;
      ++changed;
    }
  }
  return changed;
}

}  // namespace tocsin::evidence::xml
