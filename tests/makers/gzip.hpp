// A gzip member (RFC 1952) without name and time: the same bytes for the same input.
#pragma once

#include <string>
#include <string_view>

namespace tocsin::makers {

[[nodiscard]] std::string gzip(std::string_view bytes);

}  // namespace tocsin::makers
