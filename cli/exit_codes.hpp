// The exit codes, here and in docs/compatibility.md only; a test compares the two.
#pragma once

#include <algorithm>

namespace tocsin::cli {

// In order of precedence, weakest first: a stronger one replaces a weaker one, never the other way.
enum class ExitCode : int {
  done = 0,           // whatever was found
  found = 1,          // scan --fail-on: a finding at or above the level; rules check: a rule was rejected
  failed = 2,         // usage, a named path, no readable source, an output that cannot be written
  interrupted = 130,  // Ctrl-C; what was found so far is written
};

[[nodiscard]] constexpr ExitCode stronger(ExitCode a, ExitCode b) {
  return std::max(a, b);
}

}  // namespace tocsin::cli
