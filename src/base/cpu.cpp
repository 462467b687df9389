#include "base/cpu.hpp"

#include <cstdlib>
#include <string_view>

namespace tocsin::base {

namespace {

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

bool remembers_values() {
  static const bool off = chosen("TOCSIN_VALUE_CACHE", "off");
  return !off;
}

}  // namespace tocsin::base
