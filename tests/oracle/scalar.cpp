#include "tests/oracle/scalar.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdlib>

#include <arpa/inet.h>
#include <re2/re2.h>

#include "tocsin/event.hpp"

#include "base/text.hpp"
#include "tests/oracle/mutation.hpp"

namespace tocsin::oracle {
namespace {

struct Decimal {
  bool whole = true;
  bool negative = false;
  std::string digits;  // without leading zeros
  double real = 0;
};

// What the mutants about reading numbers make of a text.
std::string misread(std::string_view text) {
  std::string out(active(Mutant::number_may_have_blanks) ? base::trim(text) : text);
  if (active(Mutant::number_may_be_hexadecimal) && out.starts_with("0x")) {
    out = std::to_string(std::strtoull(out.c_str(), nullptr, 16));
  }
  if (active(Mutant::number_loses_sign) && out.starts_with('-')) out.erase(0, 1);
  if (active(Mutant::number_loses_fraction)) out = out.substr(0, out.find('.'));
  return out;
}

std::optional<Decimal> parse_decimal(std::string_view as_written) {
  static const RE2 kForm(R"(([+-]?)([0-9]+)((?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?))");
  const std::string text = misread(as_written);
  std::string sign, digits, rest;
  if (!RE2::FullMatch(re2::StringPiece(text.data(), text.size()), kForm, &sign, &digits, &rest)) return std::nullopt;
  Decimal out;
  out.whole = rest.empty() && !active(Mutant::number_is_binary64);
  out.digits = digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
  out.negative = sign == "-" && !out.digits.empty();
  out.real = std::strtod(text.c_str(), nullptr);  // tests run in the C locale
  return out;
}

int order(double a, double b) {
  return a < b ? -1 : (a > b ? 1 : 0);
}

int compare_digits(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a < b ? -1 : (a > b ? 1 : 0);
}

// All bits of an address, 32 or 128.
std::optional<std::vector<std::uint8_t>> address_bits(std::string_view text) {
  std::array<std::uint8_t, 16> bytes{};
  const std::string copy(text);
  std::size_t count = 0;
  if (inet_pton(AF_INET, copy.c_str(), bytes.data()) == 1) count = 4;
  if (count == 0 && inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) count = 16;
  if (count == 0 || copy.find('\0') != std::string::npos) return std::nullopt;
  std::vector<std::uint8_t> bits;
  for (std::size_t i = 0; i < count; ++i) {
    for (int bit = 7; bit >= 0; --bit) bits.push_back(static_cast<std::uint8_t>((bytes[i] >> bit) & 1));
  }
  return bits;
}

bool begins_with(const std::vector<std::uint8_t>& bits, const std::vector<std::uint8_t>& prefix) {
  return bits.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), bits.begin());
}

}  // namespace

std::optional<int> compare_numbers(std::string_view a, std::string_view b) {
  const auto x = parse_decimal(a), y = parse_decimal(b);
  if (!x || !y) return std::nullopt;
  if (!x->whole || !y->whole) return order(x->real, y->real);
  if (x->negative != y->negative) return x->negative ? -1 : 1;
  const int absolute = compare_digits(x->digits, y->digits);
  return x->negative ? -absolute : absolute;
}

std::optional<Network> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  auto bits = address_bits(text.substr(0, slash));
  if (!bits) return std::nullopt;
  Network network{.bits = *std::move(bits), .ipv6 = false};
  network.ipv6 = network.bits.size() == 128;
  if (slash == std::string_view::npos) return network;
  std::size_t length = 0;
  const std::string_view digits = text.substr(slash + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (error != std::errc() || end != digits.data() + digits.size() || length > network.bits.size()) return std::nullopt;
  if (active(Mutant::cidr_one_bit_short) && length > 0) --length;
  if (active(Mutant::cidr_one_bit_long) && length < network.bits.size()) ++length;
  network.bits.resize(length);
  return network;
}

bool holds(const Network& network, std::string_view address) {
  const auto bits = address_bits(active(Mutant::cidr_without_zone) ? address : address.substr(0, address.find('%')));
  if (!bits || (network.ipv6 && active(Mutant::cidr_without_ipv6))) return false;
  if (network.ipv6 == (bits->size() == 128)) return begins_with(*bits, network.bits);
  const auto mapped = address_bits("::ffff:0.0.0.0");
  const std::vector<std::uint8_t> prefix(mapped->begin(), mapped->begin() + 96);
  if (network.ipv6 || !begins_with(*bits, prefix) || active(Mutant::cidr_without_mapped)) return false;
  return begins_with({bits->begin() + 96, bits->end()}, network.bits);
}

namespace {

// The day's place in its week, from Monday, as mutants count it.
std::int64_t week_of(std::chrono::sys_days today) {
  using std::chrono::days, std::chrono::Monday, std::chrono::Sunday, std::chrono::sys_days, std::chrono::weekday;
  const auto new_year_of = [](sys_days day) { return sys_days(std::chrono::year_month_day(day).year() / 1 / 1); };
  if (active(Mutant::week_from_first_january)) return (today - new_year_of(today)).count() / 7 + 1;
  if (active(Mutant::week_is_of_sundays)) {
    return ((today - new_year_of(today)).count() + (weekday(new_year_of(today)) - Sunday).count()) / 7 + 1;
  }
  // ISO 8601: a week belongs to the year that its Thursday lies in.
  const sys_days thursday = today - (weekday(today) - Monday) + days(3);
  return (thursday - new_year_of(thursday)).count() / 7 + 1;
}

}  // namespace

std::optional<std::int64_t> time_part(std::string_view part, std::string_view time) {
  using std::chrono::days, std::chrono::duration_cast, std::chrono::floor, std::chrono::hours, std::chrono::minutes;
  using std::chrono::Monday, std::chrono::seconds, std::chrono::sys_days, std::chrono::sys_seconds;
  using std::chrono::weekday, std::chrono::year, std::chrono::year_month_day;
  const auto parsed = parse_time(active(Mutant::hour_in_local_time) ? time.substr(0, 19) : time);
  if (!parsed) return std::nullopt;
  const sys_days epoch = sys_days(year(1601) / 1 / 1);
  const sys_seconds at = epoch + seconds(parsed->ticks / 10'000'000);
  const sys_days today = floor<days>(at);
  const sys_days thursday = today - (weekday(today) - Monday) + days(3);
  const year_month_day date(part == "year" && active(Mutant::year_of_the_week) ? thursday : today);
  if (part == "year") return static_cast<int>(date.year());
  if (part == "month") return static_cast<unsigned>(date.month()) - (active(Mutant::month_from_zero) ? 1 : 0);
  if (part == "day" && active(Mutant::day_is_weekday)) return (weekday(today) - Monday).count() + 1;
  if (part == "day") return static_cast<unsigned>(date.day());
  if (part == "hour") return duration_cast<hours>(at - today).count();
  if (part == "minute" && active(Mutant::minute_is_second)) return (at - today).count() % 60;
  if (part == "minute") return duration_cast<minutes>(at - today).count() % 60;
  return week_of(today);
}

std::string base64(std::string_view bytes) {
  static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  static constexpr std::string_view kForUrls = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const std::string_view alphabet = active(Mutant::base64_for_urls) ? kForUrls : kAlphabet;
  std::string bits, out;
  for (const char c : bytes) {
    for (int bit = 7; bit >= 0; --bit) bits.push_back(((static_cast<unsigned char>(c) >> bit) & 1) != 0 ? '1' : '0');
  }
  while (bits.size() % 6 != 0) bits.push_back('0');
  for (std::size_t i = 0; i < bits.size(); i += 6) out.push_back(alphabet[std::stoul(bits.substr(i, 6), nullptr, 2)]);
  while (out.size() % 4 != 0 && !active(Mutant::base64_without_padding)) out.push_back('=');
  return out;
}

std::string utf16(std::string_view text, bool big_endian) {
  if (active(Mutant::utf16_bytes_swapped)) big_endian = !big_endian;
  std::string out;
  const auto unit = [&](std::uint32_t value) {
    const char high = static_cast<char>(value >> 8), low = static_cast<char>(value & 0xFF);
    out.push_back(big_endian ? high : low);
    out.push_back(big_endian ? low : high);
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t point = base::next_code_point(text, at);
    if (point < 0x10000 || active(Mutant::utf16_without_surrogates)) {
      unit(point & 0xFFFF);
    } else {
      unit(0xD800 + ((point - 0x10000) >> 10));
      unit(0xDC00 + ((point - 0x10000) & 0x3FF));
    }
  }
  return out;
}

}  // namespace tocsin::oracle
