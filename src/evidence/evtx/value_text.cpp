#include "evidence/evtx/value_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "base/cursor.hpp"

namespace tocsin::evidence::evtx {
namespace {

using base::load_le;

constexpr char kUpper[] = "0123456789ABCDEF";
constexpr char kLower[] = "0123456789abcdef";

std::string_view finish(char* begin, const char* end, Arena& arena) {
  return arena.commit(static_cast<std::size_t>(end - begin));
}

char* hex_byte(char* out, std::byte b) {
  *out++ = kLower[std::to_integer<unsigned>(b) >> 4];
  *out++ = kLower[std::to_integer<unsigned>(b) & 15];
  return out;
}

// `value` in exactly `width` digits.
char* digits(char* out, std::uint64_t value, int width) {
  for (int i = width; i-- > 0; value /= 10) out[i] = static_cast<char>('0' + value % 10);
  return out + width;
}

struct Civil {
  std::uint64_t year = 0, month = 0, day = 0;
};

// Days since 1601-01-01 to a date of the Gregorian calendar. Years are counted from March, so that the leap day is the
// last of a year, in eras of 400 years.
Civil civil(std::uint64_t days) {
  constexpr std::uint64_t kEra = 146097;              // days in 400 years
  constexpr std::uint64_t kMarchBefore1601 = 584694;  // days from 0000-03-01 to 1601-01-01
  const std::uint64_t z = days + kMarchBefore1601;
  const std::uint64_t era = z / kEra;
  const std::uint64_t day_of_era = z % kEra;
  const std::uint64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::uint64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::uint64_t shifted = (5 * day_of_year + 2) / 153;
  const std::uint64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day_of_year - (153 * shifted + 2) / 5 + 1};
}

char* date_time(char* out, const Civil& date, std::uint64_t second_of_day, std::uint64_t ticks) {
  out = digits(out, date.year % 10000, 4);
  *out++ = '-';
  out = digits(out, date.month, 2);
  *out++ = '-';
  out = digits(out, date.day, 2);
  *out++ = 'T';
  out = digits(out, second_of_day / 3600, 2);
  *out++ = ':';
  out = digits(out, second_of_day / 60 % 60, 2);
  *out++ = ':';
  out = digits(out, second_of_day % 60, 2);
  *out++ = '.';
  out = digits(out, ticks, 7);
  *out++ = 'Z';
  return out;
}

[[nodiscard]] std::uint64_t days_in_month(std::uint64_t year, std::uint64_t month) {
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

constexpr std::size_t kRealText = 64;

template <class T>
std::string_view real(T value, int whole_up_to, Arena& arena) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  std::array<char, kRealText> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), std::abs(value), std::chars_format::scientific).ptr;
  const Decimal decimal = parse_scientific({text.data(), static_cast<std::size_t>(end - text.data())});
  char* const begin = arena.reserve(kRealText);
  char* out = begin;
  if (std::signbit(value)) *out++ = '-';
  return finish(begin, RealWriter(decimal, out).write(whole_up_to), arena);
}

}  // namespace

std::string_view hex_upper(ByteView bytes, Arena& arena) {
  if (bytes.empty()) return {};
  char* const begin = arena.reserve(2 * bytes.size());
  char* out = begin;
  for (const std::byte b : bytes) {
    *out++ = kUpper[std::to_integer<unsigned>(b) >> 4];
    *out++ = kUpper[std::to_integer<unsigned>(b) & 15];
  }
  return finish(begin, out, arena);
}

std::string_view hex_number(std::uint64_t value, Arena& arena) {
  char* const out = arena.reserve(20);
  out[0] = '0';
  out[1] = 'x';
  return finish(out, std::to_chars(out + 2, out + 20, value, 16).ptr, arena);
}

std::string_view guid_text(ByteView sixteen, Arena& arena) {
  static constexpr std::array<std::uint8_t, 16> kOrder = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
  char* const begin = arena.reserve(40);
  char* out = begin;
  *out++ = '{';
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *out++ = '-';
    out = hex_byte(out, sixteen[kOrder[i]]);
  }
  *out++ = '}';
  return finish(begin, out, arena);
}

std::string_view sid_text(ByteView sid, Arena& arena) {
  const auto subs = std::to_integer<std::size_t>(sid[1]);
  const std::size_t room = 40 + 11 * subs;
  char* const begin = arena.reserve(room);
  char* const stop = begin + room;
  char* out = begin;
  *out++ = 'S';
  *out++ = '-';
  out = std::to_chars(out, stop, std::to_integer<unsigned>(sid[0])).ptr;
  *out++ = '-';
  std::uint64_t authority = 0;
  for (std::size_t i = 2; i < 8; ++i) authority = authority << 8 | std::to_integer<std::uint64_t>(sid[i]);
  out = std::to_chars(out, stop, authority).ptr;
  for (std::size_t i = 0; i < subs; ++i) {
    *out++ = '-';
    out = std::to_chars(out, stop, load_le<std::uint32_t>(sid, 8 + 4 * i)).ptr;
  }
  return finish(begin, out, arena);
}

std::string_view filetime_text(std::uint64_t ticks, Arena& arena) {
  constexpr std::uint64_t kDay = 864'000'000'000;
  if (ticks >> 63 != 0) return "0000-00-00T00:00:00.0000000Z";
  char* const out = arena.reserve(32);
  const std::uint64_t in_day = ticks % kDay;
  return finish(out, date_time(out, civil(ticks / kDay), in_day / 10'000'000, in_day % 10'000'000), arena);
}

std::string_view systemtime_text(ByteView sixteen, Arena& arena) {
  std::array<std::uint64_t, 8> part{};  // year, month, day of week, day, hour, minute, second, millisecond
  for (std::size_t i = 0; i < part.size(); ++i) part[i] = load_le<std::uint16_t>(sixteen, 2 * i);
  const auto [year, month, weekday, day, hour, minute, second, milli] = part;
  const bool valid = year >= 1601 && year <= 30827 && month >= 1 && month <= 12 && day >= 1 &&
                     day <= days_in_month(year, month) && hour < 24 && minute < 60 && second < 60 && milli < 1000;
  if (!valid) return "1601-01-01T00:00:00.0000000Z";
  char* const out = arena.reserve(32);
  return finish(out, date_time(out, {year, month, day}, hour * 3600 + minute * 60 + second, milli * 10'000), arena);
}

std::string_view windows_1252(ByteView bytes, Arena& arena) {
  // 0x80..0x9F as code points; the five that the code page leaves open are the C1 controls, as in the WHATWG table.
  static constexpr std::array<std::uint16_t, 32> kHigh = {
      0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
      0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
  if (bytes.empty()) return {};
  char* const begin = arena.reserve(3 * bytes.size());
  char* out = begin;
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
  return finish(begin, out, arena);
}

std::string_view real_text(float value, Arena& arena) {
  return real(value, 13, arena);
}
std::string_view real_text(double value, Arena& arena) {
  return real(value, 16, arena);
}

}  // namespace tocsin::evidence::evtx
