// A fixed choice of the corpus' files, by size and folder alone.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "tests/damage/campaign.hpp"

namespace tocsin::damage {

// `count` event logs up to 2 MiB: of each folder in turn the largest one, then the smallest, and so on inwards. A copy
// of a file is not taken again.
[[nodiscard]] std::vector<Evidence> event_logs_of_corpus(const std::filesystem::path& corpus, std::size_t count);
// `count` JSON members of the archives below `folder`, up to 2 MiB; the smallest archives first.
[[nodiscard]] std::vector<Evidence> json_of_corpus(const std::filesystem::path& folder, std::size_t count);

}  // namespace tocsin::damage
