#include "base/builtin_files.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

// Defined by the generated assembler file; see cmake/Embed.cmake for the layout.
extern "C" {
extern const std::uint64_t tocsin_rules_count;
extern const std::uint64_t tocsin_rules_sizes[];
extern const char tocsin_rules_names[];
extern const char tocsin_rules_text[];
}

namespace tocsin::base {

std::vector<BuiltinFile> embedded_files(const Embedded& symbols) {
  std::vector<BuiltinFile> table;
  table.reserve(*symbols.count);
  const char* name = symbols.names;
  const char* text = symbols.text;
  for (std::uint64_t i = 0; i < *symbols.count; ++i) {
    const auto size = static_cast<std::size_t>(symbols.sizes[i]);
    table.push_back({.name = std::string_view(name), .text = std::string_view(text, size)});
    name += table.back().name.size() + 1;
    text += size;
  }
  return table;
}

std::span<const BuiltinFile> builtin_files() {
  static const std::vector<BuiltinFile> table =
      embedded_files({&tocsin_rules_count, tocsin_rules_sizes, tocsin_rules_names, tocsin_rules_text});
  return table;
}

std::span<const BuiltinFile> builtin_files(std::string_view folder) {
  // The table is sorted by name, so a folder's files stand together.
  const auto all = builtin_files();
  const auto inside = [&](const BuiltinFile& file) { return file.name.starts_with(folder); };
  const auto first = std::ranges::find_if(all, inside);
  return {first, std::find_if_not(first, all.end(), inside)};
}

}  // namespace tocsin::base
