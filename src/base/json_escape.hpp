// The characters that JSON does not take as they are. Pure and thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

namespace tocsin::base {

constexpr std::size_t kLongestEscape = 6;  // \u001f

// Writes what stands for `c`, a control character, a quote or a backslash, in a JSON string; returns its end.
char* put_json_escape(unsigned char c, char* out);
[[nodiscard]] constexpr bool needs_json_escape(unsigned char c) {
  return c < 0x20 || c == '"' || c == '\\';
}
// How many bytes at the beginning are ASCII and stand in a JSON string as they are.
[[nodiscard]] std::size_t plain_json_prefix(std::string_view text);

}  // namespace tocsin::base
