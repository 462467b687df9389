// What this binary was built from and with. No date, host or path: equal sources give equal text.
#pragma once

#include <span>
#include <string_view>

namespace tocsin {

struct BuildInfoLine {
  std::string_view name, value;
};

// "version", "commit", "compiler", "build", "libraries", in this order. Static.
[[nodiscard]] std::span<const BuildInfoLine> build_info();

}  // namespace tocsin
