// Which program runs: the same text for the same build with the same libraries, another one for any other.
#pragma once

#include <string>

namespace tocsin::base {

// SHA-256 in hex over the build ids (.note.gnu.build-id) of the program and of every library that is loaded; for one
// that has none, over its file's stamp. Read once, at the first call. Thread-safe.
[[nodiscard]] const std::string& program_id();

}  // namespace tocsin::base
