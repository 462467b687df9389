#include "match/number.hpp"

#include <charconv>
#include <limits>

namespace tocsin::match {

namespace {

std::size_t digits_end(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  return at;
}

// REQUIRES: `text` is a decimal number without a sign. Out of range is infinity or zero, as IEEE 754 rounds.
double to_real(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc::result_out_of_range) return value;
  const bool tiny =
      text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos || text.starts_with("0.");
  return tiny ? 0.0 : std::numeric_limits<double>::infinity();
}

std::strong_ordering compare_magnitude(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a.compare(b) <=> 0;
}

}  // namespace

std::optional<Number> parse_number(std::string_view text) {
  Number number;
  std::size_t at = 0;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    number.negative = text[0] == '-';
    at = 1;
  }
  const std::size_t first = at;
  at = digits_end(text, first);
  if (at == first) return std::nullopt;
  const std::size_t whole_end = at;
  if (at < text.size() && text[at] == '.') {
    const std::size_t end = digits_end(text, at + 1);
    if (end == at + 1) return std::nullopt;
    at = end;
    number.integer = false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    std::size_t exponent = at + 1;
    if (exponent < text.size() && (text[exponent] == '-' || text[exponent] == '+')) ++exponent;
    const std::size_t end = digits_end(text, exponent);
    if (end == exponent) return std::nullopt;
    at = end;
    number.integer = false;
  }
  if (at != text.size()) return std::nullopt;
  std::size_t significant = first;
  while (significant < whole_end && text[significant] == '0') ++significant;
  number.digits = text.substr(significant, whole_end - significant);
  if (number.integer) {
    if (number.digits.empty()) number.negative = false;
    return number;
  }
  const double magnitude = to_real(text.substr(first));
  number.real = number.negative ? -magnitude : magnitude;
  if (magnitude == 0) number.negative = false;
  return number;
}

std::strong_ordering compare(const Number& a, const Number& b) {
  if (a.integer && b.integer) {
    if (a.negative != b.negative) return b.negative <=> a.negative;
    return a.negative ? compare_magnitude(b.digits, a.digits) : compare_magnitude(a.digits, b.digits);
  }
  const auto real = [](const Number& number) {
    if (!number.integer) return number.real;
    const double magnitude = number.digits.empty() ? 0.0 : to_real(number.digits);
    return number.negative ? -magnitude : magnitude;
  };
  const double x = real(a);
  const double y = real(b);
  if (x < y) return std::strong_ordering::less;
  return x > y ? std::strong_ordering::greater : std::strong_ordering::equal;
}

}  // namespace tocsin::match
