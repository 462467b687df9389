#include "tests/makers/expander.hpp"

#include <charconv>

#include <fmt/format.h>

#include "tests/makers/value.hpp"

namespace tocsin::makers {
namespace {

constexpr std::int64_t kTicksPerMinute = 600'000'000;

std::optional<std::uint64_t> parse_unsigned(std::string_view text) {
  std::uint64_t number = 0;
  int base = 10;
  if (text.starts_with("0x")) text.remove_prefix(2), base = 16;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Splits at the first blank.
std::pair<std::string_view, std::string_view> first_word(std::string_view text) {
  const std::size_t blank = std::min(text.find(' '), text.size());
  return {text.substr(0, blank), text.substr(std::min(blank + 1, text.size()))};
}

}  // namespace

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out.push_back(i + k <= bytes.size() ? kDigits[(group >> (18 - 6 * k)) & 63U] : '=');
    }
  }
  return out;
}

std::string format_utc(Timestamp time) {
  std::string text = format_time(time).substr(0, 23);
  text[10] = ' ';
  return text;
}

void Expander::set_time(Timestamp time) {
  time_ = time;
  set("time", format_time(time));
  set("utc", format_utc(time));
  set("date", format_time(time).substr(0, 10));
}

Result<void> Expander::pick(const std::string& name, std::string_view pool) {
  const auto found = pools_.find(pool);
  if (found == pools_.end() || found->second.empty()) {
    return fail(ErrorCode::malformed, fmt::format("there is no pool \"{}\"", pool));
  }
  const PoolEntry& entry = found->second[random_.between(0, found->second.size() - 1)];
  for (const auto& [key, text] : entry) set(key.empty() ? name : fmt::format("{}.{}", name, key), text);
  return {};
}

Result<std::string> Expander::expand(std::string_view text) const {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text.substr(at, 2) == "$$") {
      out.push_back('$');
      at += 2;
    } else if (text.substr(at, 2) == "$(") {
      const std::size_t end = text.find(')', at);
      if (end == std::string_view::npos) return fail(ErrorCode::malformed, "a $( without )");
      TOCSIN_TRY(const std::string value, evaluate(text.substr(at + 2, end - at - 2)));
      out += value;
      at = end + 1;
    } else {
      out.push_back(text[at++]);
    }
  }
  return out;
}

Result<std::string> Expander::evaluate(std::string_view expression) const {
  const auto [word, rest] = first_word(expression);
  if (word == "guid") {
    return fmt::format("{{{:08x}-{:04x}-{:04x}-{:04x}-{:012x}}}", random_.next() & 0xFFFFFFFF, random_.next() & 0xFFFF,
                       random_.next() & 0xFFFF, random_.next() & 0xFFFF, random_.next() & 0xFFFFFFFFFFFF);
  }
  if (word == "int" || word == "hex") {
    const auto [low_text, high_text] = first_word(rest);
    const auto low = parse_unsigned(low_text), high = parse_unsigned(high_text);
    if (!low || !high || *low > *high) return fail(ErrorCode::malformed, fmt::format("not a range: {}", expression));
    const std::uint64_t number = random_.between(*low, *high);
    return word == "int" ? fmt::format("{}", number) : fmt::format("0x{:x}", number);
  }
  if (word == "pick") {
    const auto found = pools_.find(rest);
    if (found == pools_.end() || found->second.empty() || !found->second[0].contains("")) {
      return fail(ErrorCode::malformed, fmt::format("no pool of plain texts \"{}\"", rest));
    }
    return found->second[random_.between(0, found->second.size() - 1)].find("")->second;
  }
  if (word == "encoded") {
    std::string units;
    append_utf16(units, to_utf16(rest));
    return base64(units);
  }
  if (word == "minutes") {
    const auto count = parse_unsigned(rest);
    if (!count) return fail(ErrorCode::malformed, fmt::format("not a number of minutes: {}", rest));
    return format_utc({time_.ticks + static_cast<std::int64_t>(*count) * kTicksPerMinute});
  }
  const auto variable = variables_.find(expression);
  if (variable == variables_.end()) return fail(ErrorCode::malformed, fmt::format("unknown: $({})", expression));
  return variable->second;
}

}  // namespace tocsin::makers
