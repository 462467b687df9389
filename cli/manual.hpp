// The manual page, made from the tables of flags and commands.
#pragma once

#include <string>

namespace tocsin::cli {

// troff with the macros of man(7).
[[nodiscard]] std::string manual_page();

}  // namespace tocsin::cli
