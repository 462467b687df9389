// A compact binary form for values that wait in an external sort or beside compiled rules: little-endian varints and
// length-prefixed strings. It has no version: what outlives a run has one of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::base {

class Encoder {
 public:
  explicit Encoder(std::string& out) : out_(out) {}
  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<char>(value | 0x80));
    out_.push_back(static_cast<char>(value));
  }
  void signed_number(std::int64_t value) {
    number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
  }
  void text(std::string_view value) {
    number(value.size());
    out_ += value;
  }
  void flag(bool value) { out_.push_back(value ? '\1' : '\0'); }
  void optional(const std::optional<std::int64_t>& value) {
    flag(value.has_value());
    if (value) signed_number(*value);
  }
  void texts(const std::vector<std::string>& values) {
    number(values.size());
    for (const std::string& value : values) text(value);
  }

 private:
  std::string& out_;
};

// Reads what an Encoder wrote. Reading past the end gives zeros and sets `ok` to false. Views point into the input.
class Decoder {
 public:
  explicit Decoder(std::string_view in) : in_(in) {}
  [[nodiscard]] bool ok() const { return ok_; }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(next());
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    ok_ = false;
    return value;
  }
  template <class T>
  T number_as() {
    return static_cast<T>(number());
  }
  std::int64_t signed_number() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
  }
  std::string_view text() {
    const std::uint64_t size = number();
    if (size > in_.size() - at_) {
      ok_ = false;
      return {};
    }
    const std::string_view view = in_.substr(at_, size);
    at_ += size;
    return view;
  }
  bool flag() { return next() != '\0'; }
  std::optional<std::int64_t> optional() { return flag() ? std::optional(signed_number()) : std::nullopt; }
  // Calls `take_one` as often as the number that stands next says, and no longer than there are bytes: a wrong number
  // costs nothing.
  template <class TakeOne>
  void repeat(TakeOne take_one) {
    const std::uint64_t count = number();
    for (std::uint64_t i = 0; i < count && ok_; ++i) take_one();
  }
  void texts(std::vector<std::string>& values) {
    repeat([&] { values.emplace_back(text()); });
  }

 private:
  char next() {
    if (at_ >= in_.size()) {
      ok_ = false;
      return '\0';
    }
    return in_[at_++];
  }
  std::string_view in_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace tocsin::base
