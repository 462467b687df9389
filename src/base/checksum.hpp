// XXH64 (seed 0): a checksum of whole files at some GB a second. It finds accidents; whoever can choose the bytes can
// choose them so that the checksum is right.
#pragma once

#include <cstdint>
#include <string_view>

namespace tocsin::base {

[[nodiscard]] std::uint64_t xxh64(std::string_view bytes);

}  // namespace tocsin::base
