// Completions for shells, made from the tables of flags and commands.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace tocsin::cli {

[[nodiscard]] std::span<const std::string_view> completion_shells();  // "bash", "zsh", "fish"
// The script for one of them. REQUIRES: it is one of them.
[[nodiscard]] std::string completion_script(std::string_view shell);

}  // namespace tocsin::cli
