#include "match/network.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>

namespace tocsin::match {

namespace {

constexpr std::size_t kLongestAddress = 45;  // "ffff:…:255.255.255.255"

struct Address {
  std::array<std::uint8_t, 16> bytes{};
  bool v4 = true;
};

std::optional<Address> parse_address(std::string_view text) {
  if (text.empty() || text.size() > kLongestAddress || text.find('\0') != std::string_view::npos) return std::nullopt;
  std::array<char, kLongestAddress + 1> terminated{};
  std::copy(text.begin(), text.end(), terminated.begin());
  Address address;
  address.v4 = text.find(':') == std::string_view::npos;
  if (inet_pton(address.v4 ? AF_INET : AF_INET6, terminated.data(), address.bytes.data()) != 1) return std::nullopt;
  return address;
}

bool same_prefix(const std::uint8_t* a, const std::uint8_t* b, unsigned bits) {
  if (std::memcmp(a, b, bits / 8) != 0) return false;
  if (bits % 8 == 0) return true;
  const unsigned mask = 0xFFU << (8 - bits % 8);
  return ((static_cast<unsigned>(a[bits / 8]) ^ b[bits / 8]) & mask) == 0;
}

// Clears the bits behind the prefix; true where one was set.
bool mask_host_bits(Network& network) {
  const std::size_t length = network.v4 ? 4 : 16;
  bool any = false;
  for (std::size_t i = 0; i < length; ++i) {
    const std::size_t begin = i * 8;
    const unsigned keep = network.prefix <= begin ? 0U : std::min<unsigned>(8, network.prefix - unsigned(begin));
    const auto mask = static_cast<std::uint8_t>(keep == 0 ? 0 : 0xFFU << (8 - keep));
    any = any || (network.bytes[i] & static_cast<std::uint8_t>(~mask)) != 0;
    network.bytes[i] = static_cast<std::uint8_t>(network.bytes[i] & mask);
  }
  return any;
}

bool is_mapped(const std::array<std::uint8_t, 16>& bytes) {
  return std::all_of(bytes.begin(), bytes.begin() + 10, [](std::uint8_t b) { return b == 0; }) && bytes[10] == 0xFF &&
         bytes[11] == 0xFF;
}

}  // namespace

NetworkReading parse_network(std::string_view text) {
  NetworkReading reading;
  const std::size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) {
    reading.problem = "this is no IPv4 or IPv6 address";
    return reading;
  }
  const unsigned longest = address->v4 ? 32 : 128;
  unsigned prefix = longest;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
    if (error != std::errc() || end != digits.data() + digits.size() || prefix > longest) {
      reading.problem = "the prefix length must be a number from 0 to " + std::to_string(longest);
      return reading;
    }
  }
  Network network{.bytes = address->bytes, .prefix = static_cast<std::uint8_t>(prefix), .v4 = address->v4};
  reading.host_bits = mask_host_bits(network);
  reading.network = network;
  return reading;
}

bool contains(const Network& network, std::string_view text) {
  if (text.find(':') != std::string_view::npos) text = text.substr(0, text.find('%'));
  const auto address = parse_address(text);
  if (!address) return false;
  if (address->v4 == network.v4) return same_prefix(address->bytes.data(), network.bytes.data(), network.prefix);
  return network.v4 && is_mapped(address->bytes) &&
         same_prefix(address->bytes.data() + 12, network.bytes.data(), network.prefix);
}

}  // namespace tocsin::match
