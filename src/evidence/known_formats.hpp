// Formats that are known by their first bytes and not read: so that people learn what a file is, and what to do
// instead.
#pragma once

#include <span>
#include <string_view>

#include "tocsin/bytes.hpp"

namespace tocsin::evidence {

struct KnownFormat {
  std::string_view name, title;
  std::string_view instead;  // what to do with it
};
// All of them, in the order in which they are tried.
[[nodiscard]] std::span<const KnownFormat> known_formats();
// The one that `head` (the first bytes, 512 or more where there are) begins as; null where none does.
[[nodiscard]] const KnownFormat* known_format(ByteView head);

}  // namespace tocsin::evidence
