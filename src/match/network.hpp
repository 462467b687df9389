// IPv4 and IPv6 networks (RFC 4632, RFC 4291) and the addresses in them. Pure, thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin::match {

struct Network {
  std::array<std::uint8_t, 16> bytes{};  // IPv4: the first four
  std::uint8_t prefix = 0;
  bool v4 = true;
  bool operator==(const Network&) const = default;
};

struct NetworkReading {
  std::optional<Network> network;  // host bits masked
  bool host_bits = false;          // some were set
  std::string problem;             // in words, where there is no network
};
// "10.0.0.0/8", "fe80::/10"; an address alone is a network of one.
[[nodiscard]] NetworkReading parse_network(std::string_view text);

// True where `text` is an address in the network. A zone ("%eth0") is cut off; an IPv4-mapped IPv6 address is tried as
// IPv4 too. Anything else that is no address is in no network.
[[nodiscard]] bool contains(const Network& network, std::string_view text);

}  // namespace tocsin::match
