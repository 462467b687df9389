// Comparisons of the oracle that are not about text patterns: numbers, networks, times (docs/formats/sigma.md D5, D11,
// D15, D17). Written for plainness; shares nothing with src/match.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::oracle {

// -1, 0, 1 as a is less than, equal to, greater than b; nothing where one of them is no decimal number.
[[nodiscard]] std::optional<int> compare_numbers(std::string_view a, std::string_view b);

struct Network {
  std::vector<std::uint8_t> bits;  // one entry a bit, only those that count
  bool ipv6 = false;
};
[[nodiscard]] std::optional<Network> parse_network(std::string_view text);
[[nodiscard]] bool holds(const Network& network, std::string_view address);

// The part of a time that a modifier names ("minute", "week" …), in UTC.
[[nodiscard]] std::optional<std::int64_t> time_part(std::string_view part, std::string_view time);

// Base64 (RFC 4648 §4) with padding.
[[nodiscard]] std::string base64(std::string_view bytes);
// UTF-8 to UTF-16.
[[nodiscard]] std::string utf16(std::string_view text, bool big_endian);

}  // namespace tocsin::oracle
