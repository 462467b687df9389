// The data files that are compiled into the binary: everything below rules/ but Markdown (cmake/Embed.cmake).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace tocsin::base {

struct BuiltinFile {
  std::string_view name;  // path below the embedded folder
  std::string_view text;
};
// The symbols that cmake/Embed.cmake makes for a folder. `count` points to one number.
struct Embedded {
  const std::uint64_t* count;
  const std::uint64_t* sizes;
  const char *names, *text;
};
[[nodiscard]] std::vector<BuiltinFile> embedded_files(const Embedded& symbols);  // by name; views into the binary

// By name. Static; any thread.
[[nodiscard]] std::span<const BuiltinFile> builtin_files();
// Those in a folder ("shapes/").
[[nodiscard]] std::span<const BuiltinFile> builtin_files(std::string_view folder);

}  // namespace tocsin::base
