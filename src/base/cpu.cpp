#include "base/cpu.hpp"

#include <cstdlib>
#include <string_view>

namespace tocsin::base {

namespace {

constexpr std::size_t kTinyCache = 4;

bool chosen(const char* variable, std::string_view way) {
  const char* const wanted = std::getenv(variable);
  return wanted != nullptr && wanted == way;
}

}  // namespace

bool scalar_kernels() {
  static const bool scalar = chosen("TOCSIN_CPU", "scalar");
  return scalar;
}

bool plain_judging() {
  static const bool plain = chosen("TOCSIN_JUDGE", "plain");
  return plain;
}

std::size_t remembered_values(std::size_t usual) {
  static const bool off = chosen("TOCSIN_VALUE_CACHE", "off");
  static const bool tiny = chosen("TOCSIN_VALUE_CACHE", "tiny");
  return off ? 0 : tiny ? kTinyCache : usual;
}

bool tiny_buffers() {
  static const bool tiny = chosen("TOCSIN_BUFFERS", "tiny");
  return tiny;
}

}  // namespace tocsin::base
