// How arguments are named in results: by their last path component, and by as many parents more as it takes to tell
// them apart. Depends on the absolute paths alone: not on the working folder, the spelling or the order.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::evidence {

// `path` made absolute against `working_folder`, without ".", "..", repeated and trailing slashes; by text alone.
[[nodiscard]] std::string normalised_absolute(std::string_view path, std::string_view working_folder);
// One label for each of `absolutes` (normalised, distinct), such that no label equals another or is a folder above
// another, as far as their components allow. The root folder's label is empty.
[[nodiscard]] std::vector<std::string> make_labels(const std::vector<std::string>& absolutes);

}  // namespace tocsin::evidence
