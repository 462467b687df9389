#include "base/cpu.hpp"

#include <cstdlib>
#include <string_view>

namespace tocsin::base {

bool scalar_kernels() {
  static const bool scalar = [] {
    const char* const wanted = std::getenv("TOCSIN_CPU");
    return wanted != nullptr && std::string_view(wanted) == "scalar";
  }();
  return scalar;
}

}  // namespace tocsin::base
