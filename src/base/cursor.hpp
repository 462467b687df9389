// A checked reader over borrowed bytes. Every read is bounded by the window given; reading past it sets `ok()` to
// false, returns zeros and stays there, so that a parser may read a whole struct and check once.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "tocsin/bytes.hpp"

namespace tocsin::base {

class Cursor {
 public:
  explicit Cursor(ByteView bytes, std::size_t at = 0) : bytes_(bytes), at_(at <= bytes.size() ? at : bytes.size()) {
    ok_ = at <= bytes.size();
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size() - at_; }
  void seek(std::size_t at) {
    ok_ = ok_ && at <= bytes_.size();
    if (ok_) at_ = at;
  }
  void skip(std::size_t count) {
    if (take(count).size() != count) ok_ = false;
  }
  // The next `count` bytes, or nothing.
  ByteView take(std::size_t count) {
    if (!ok_ || count > left()) {
      ok_ = false;
      return {};
    }
    const ByteView view = bytes_.subspan(at_, count);
    at_ += count;
    return view;
  }
  // A little-endian integer.
  template <class T>
  T read() {
    static_assert(std::is_integral_v<T> && std::endian::native == std::endian::little);
    const ByteView view = take(sizeof(T));
    T value{};
    if (view.size() == sizeof(T)) std::memcpy(&value, view.data(), sizeof(T));
    return value;
  }
  std::uint8_t u8() { return read<std::uint8_t>(); }
  std::uint16_t u16() { return read<std::uint16_t>(); }
  std::uint32_t u32() { return read<std::uint32_t>(); }
  std::uint64_t u64() { return read<std::uint64_t>(); }

 private:
  ByteView bytes_;
  std::size_t at_;
  bool ok_ = true;
};

// A little-endian integer at `at`; 0 where it does not fit.
template <class T>
[[nodiscard]] T load_le(ByteView bytes, std::size_t at) {
  T value{};
  if (at <= bytes.size() && sizeof(T) <= bytes.size() - at) std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

}  // namespace tocsin::base
