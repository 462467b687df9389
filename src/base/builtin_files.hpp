// The data files that are compiled into the binary: everything below rules/ but Markdown (cmake/Embed.cmake).
#pragma once

#include <span>
#include <string_view>

namespace tocsin::base {

struct BuiltinFile {
  std::string_view name;  // path below rules/
  std::string_view text;
};
// By name. Static; any thread.
[[nodiscard]] std::span<const BuiltinFile> builtin_files();
// Those in a folder ("shapes/").
[[nodiscard]] std::span<const BuiltinFile> builtin_files(std::string_view folder);

}  // namespace tocsin::base
