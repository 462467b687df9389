// File-name patterns as the shell has them: `*`, `?`, `[a-z]`, `[!x]`, and `\` to take the next character as it is.
// Bytes, not characters: the result must not depend on the locale. `**` is `*`; folders are walked anyway.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/inputs_lister.hpp"

namespace tocsin::evidence {

[[nodiscard]] bool has_glob_characters(std::string_view path);
// One path component against one pattern component. As in the shell a leading dot must be written out.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view name);
// Existing paths that fit, sorted by bytes. Folders that cannot be listed fit nothing. An error: more than `most` fit,
// at the end or on the way; which of them would be kept would depend on the order of a listing.
[[nodiscard]] Result<std::vector<std::string>> expand_glob(std::string_view pattern, Lister& lister, std::size_t most);

}  // namespace tocsin::evidence
