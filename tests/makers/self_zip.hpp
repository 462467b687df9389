// A zip whose only member is the zip itself, byte for byte, checksum and all. Who unpacks it in a loop never ends.
#pragma once

#include <string>

namespace tocsin::makers {

inline constexpr const char* kSelfZipMember = "this-archive-lies-in-itself.zip";
[[nodiscard]] std::string self_zip();

}  // namespace tocsin::makers
