#include "evidence/evtx/value_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "base/cursor.hpp"

namespace tocsin::evidence::evtx {
namespace {

using base::load_le;

constexpr char kUpper[] = "0123456789ABCDEF";
constexpr char kLower[] = "0123456789abcdef";

// Two characters for each byte, so that a byte is one lookup.
using Pairs = std::array<std::array<char, 2>, 256>;
constexpr Pairs hex_pairs(const char* digits) {
  Pairs pairs{};
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {digits[i >> 4], digits[i & 15]};
  return pairs;
}
constexpr Pairs kUpperPairs = hex_pairs(kUpper), kLowerPairs = hex_pairs(kLower);

char* put_pair(const Pairs& pairs, std::byte b, char* out) {
  std::memcpy(out, pairs[std::to_integer<std::size_t>(b)].data(), 2);
  return out + 2;
}

char* put_text(std::string_view text, char* out) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

// `value` in exactly `Width` digits.
template <int Width>
char* digits(char* out, std::uint32_t value) {
  for (int i = Width; i-- > 0; value /= 10) out[i] = static_cast<char>('0' + value % 10);
  return out + Width;
}

struct Civil {
  std::uint32_t year = 0, month = 0, day = 0;
};

// Days since 1601-01-01 to a date of the Gregorian calendar. Years are counted from March, so that the leap day is the
// last of a year, in eras of 400 years.
Civil civil(std::uint32_t days) {
  constexpr std::uint32_t kEra = 146097;              // days in 400 years
  constexpr std::uint32_t kMarchBefore1601 = 584694;  // days from 0000-03-01 to 1601-01-01
  const std::uint32_t z = days + kMarchBefore1601;
  const std::uint32_t era = z / kEra;
  const std::uint32_t day_of_era = z % kEra;
  const std::uint32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::uint32_t shifted = (5 * day_of_year + 2) / 153;
  const std::uint32_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day_of_year - (153 * shifted + 2) / 5 + 1};
}

char* date_time(char* out, const Civil& date, std::uint32_t second_of_day, std::uint32_t ticks) {
  out = digits<4>(out, date.year % 10000);
  *out++ = '-';
  out = digits<2>(out, date.month);
  *out++ = '-';
  out = digits<2>(out, date.day);
  *out++ = 'T';
  out = digits<2>(out, second_of_day / 3600);
  *out++ = ':';
  out = digits<2>(out, second_of_day / 60 % 60);
  *out++ = ':';
  out = digits<2>(out, second_of_day % 60);
  *out++ = '.';
  out = digits<7>(out, ticks);
  *out++ = 'Z';
  return out;
}

[[nodiscard]] std::uint64_t days_in_month(std::uint32_t year, std::uint32_t month) {
  static constexpr std::array<std::uint8_t, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[month - 1];
}

struct Decimal {
  std::array<char, 32> digits{};  // without the point
  int count = 0, exponent = 0;    // of the first digit
};

// From std::to_chars' scientific form "d.ddde+XX", without its sign.
Decimal parse_scientific(std::string_view text) {
  Decimal decimal;
  const std::size_t e = text.find('e');
  const char* first = text.data() + e + (text[e + 1] == '+' ? 2 : 1);
  std::from_chars(first, text.data() + text.size(), decimal.exponent);
  for (const char c : text.substr(0, e)) {
    if (c != '.') decimal.digits[static_cast<std::size_t>(decimal.count++)] = c;
  }
  return decimal;
}

class RealWriter {
 public:
  RealWriter(const Decimal& decimal, char* out) : decimal_(decimal), out_(out) {}
  // The power of ten from which on an exponent is shown is `whole_up_to`; below 0.00001 it is too.
  char* write(int whole_up_to) {
    if (decimal_.exponent >= 0 && decimal_.exponent < whole_up_to) {
      whole();
    } else if (decimal_.exponent < 0 && decimal_.exponent >= -5) {
      *out_++ = '0';
      *out_++ = '.';
      zeros(-decimal_.exponent - 1);
      copy(0, decimal_.count);
    } else {
      scientific();
    }
    return out_;
  }

 private:
  void whole() {
    const int before = std::min(decimal_.count, decimal_.exponent + 1);
    copy(0, before);
    zeros(decimal_.exponent + 1 - before);
    *out_++ = '.';
    if (decimal_.count > before) return copy(before, decimal_.count - before);
    *out_++ = '0';
  }
  void scientific() {
    copy(0, 1);
    if (decimal_.count > 1) *out_++ = '.';
    copy(1, decimal_.count - 1);
    *out_++ = 'e';
    *out_++ = decimal_.exponent < 0 ? '-' : '+';
    out_ = std::to_chars(out_, out_ + 8, std::abs(decimal_.exponent)).ptr;
  }
  void copy(int from, int count) {
    std::memcpy(out_, decimal_.digits.data() + from, static_cast<std::size_t>(count));
    out_ += count;
  }
  void zeros(int count) {
    for (int i = 0; i < count; ++i) *out_++ = '0';
  }
  const Decimal& decimal_;
  char* out_;
};

template <class T>
char* real(T value, int whole_up_to, char* out) {
  if (std::isnan(value)) return put_text("NaN", out);
  if (std::isinf(value)) return put_text(value < 0 ? "-inf" : "inf", out);
  std::array<char, 64> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), std::abs(value), std::chars_format::scientific).ptr;
  const Decimal decimal = parse_scientific({text.data(), static_cast<std::size_t>(end - text.data())});
  if (std::signbit(value)) *out++ = '-';
  return RealWriter(decimal, out).write(whole_up_to);
}

}  // namespace

char* put_hex_upper(ByteView bytes, char* out) {
  for (const std::byte b : bytes) out = put_pair(kUpperPairs, b, out);
  return out;
}

char* put_hex_number(std::uint64_t value, char* out) {
  out[0] = '0';
  out[1] = 'x';
  return std::to_chars(out + 2, out + 18, value, 16).ptr;
}

char* put_guid(ByteView sixteen, char* out) {
  static constexpr std::array<std::uint8_t, 16> kOrder = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
  *out++ = '{';
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *out++ = '-';
    out = put_pair(kLowerPairs, sixteen[kOrder[i]], out);
  }
  *out++ = '}';
  return out;
}

char* put_sid(ByteView sid, char* out) {
  constexpr std::size_t kDigits = 20;  // of the longest number
  const auto subs = std::to_integer<std::size_t>(sid[1]);
  *out++ = 'S';
  *out++ = '-';
  out = std::to_chars(out, out + kDigits, std::to_integer<unsigned>(sid[0])).ptr;
  *out++ = '-';
  std::uint64_t authority = 0;
  for (std::size_t i = 2; i < 8; ++i) authority = authority << 8 | std::to_integer<std::uint64_t>(sid[i]);
  out = std::to_chars(out, out + kDigits, authority).ptr;
  for (std::size_t i = 0; i < subs; ++i) {
    *out++ = '-';
    out = std::to_chars(out, out + kDigits, load_le<std::uint32_t>(sid, 8 + 4 * i)).ptr;
  }
  return out;
}

char* put_filetime(std::uint64_t ticks, char* out) {
  constexpr std::uint64_t kSecond = 10'000'000, kDay = 86'400;
  if (ticks >> 63 != 0) return put_text("0000-00-00T00:00:00.0000000Z", out);
  const std::uint64_t seconds = ticks / kSecond;
  return date_time(out, civil(static_cast<std::uint32_t>(seconds / kDay)), static_cast<std::uint32_t>(seconds % kDay),
                   static_cast<std::uint32_t>(ticks % kSecond));
}

char* put_systemtime(ByteView sixteen, char* out) {
  std::array<std::uint32_t, 8> part{};  // year, month, day of week, day, hour, minute, second, millisecond
  for (std::size_t i = 0; i < part.size(); ++i) part[i] = load_le<std::uint16_t>(sixteen, 2 * i);
  const auto [year, month, weekday, day, hour, minute, second, milli] = part;
  const bool valid = year >= 1601 && year <= 30827 && month >= 1 && month <= 12 && day >= 1 &&
                     day <= days_in_month(year, month) && hour < 24 && minute < 60 && second < 60 && milli < 1000;
  if (!valid) return put_text("1601-01-01T00:00:00.0000000Z", out);
  return date_time(out, {year, month, day}, hour * 3600 + minute * 60 + second, milli * 10'000);
}

char* put_windows_1252(ByteView bytes, char* out) {
  // 0x80..0x9F as code points; the five that the code page leaves open are the C1 controls, as in the WHATWG table.
  static constexpr std::array<std::uint16_t, 32> kHigh = {
      0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
      0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
  for (const std::byte b : bytes) {
    unsigned c = std::to_integer<unsigned>(b);
    if (c == 0) continue;
    if (c >= 0x80 && c < 0xA0) c = kHigh[c - 0x80];
    if (c < 0x80) {
      *out++ = static_cast<char>(c);
    } else if (c < 0x800) {
      *out++ = static_cast<char>(0xC0 | c >> 6);
      *out++ = static_cast<char>(0x80 | (c & 0x3F));
    } else {
      *out++ = static_cast<char>(0xE0 | c >> 12);
      *out++ = static_cast<char>(0x80 | (c >> 6 & 0x3F));
      *out++ = static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  return out;
}

char* put_real(float value, char* out) {
  return real(value, 13, out);
}
char* put_real(double value, char* out) {
  return real(value, 16, out);
}

}  // namespace tocsin::evidence::evtx
