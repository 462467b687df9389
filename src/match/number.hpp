// Decimal numbers as logs print them, compared without loss: integers digit by digit at any length, anything with a
// fraction or an exponent as binary64. Pure, thread-safe, no locale.
#pragma once

#include <compare>
#include <optional>
#include <string_view>

namespace tocsin::match {

// A view into the text it was read from.
struct Number {
  bool integer = true;
  bool negative = false;    // never for zero
  std::string_view digits;  // integer only: without leading zeros; empty for zero
  double real = 0;
};

// [+-] digits [. digits] [e [+-] digits], all of the text, nothing around it.
[[nodiscard]] std::optional<Number> parse_number(std::string_view text);
[[nodiscard]] std::strong_ordering compare(const Number& a, const Number& b);

}  // namespace tocsin::match
