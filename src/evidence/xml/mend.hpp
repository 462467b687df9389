// Text that is nearly XML, made so that a parser takes it: what XML cannot hold becomes U+FFFD, a lone `&` itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin::evidence::xml {

// Appends `text` to `out`, mended. Returns how many places were changed; 0: `text` was in order.
[[nodiscard]] std::uint64_t mend(std::string& out, std::string_view text);

}  // namespace tocsin::evidence::xml
