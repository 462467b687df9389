// Whether the tables of a blob hold together: what comes from a file must not lead the judge out of them.
#pragma once

#include <cstdint>

#include "detect/sigma/blob.hpp"

namespace tocsin::sigma {

// True where every index and range in the tables lies within the table it means, every number that stands for a kind is
// one, programs only jump forward, conditions are trees, and no list is so long or so often used that judging would
// take longer than the file is large. Tables that Blob::seal made from a compiled set are; what they say may still be
// nonsense. Time: once through the tables.
//
// `fields` and `regexes` are how many there are of what lies beside the blob.
[[nodiscard]] bool holds_together(const Blob& blob, std::uint32_t fields, std::uint32_t regexes);

}  // namespace tocsin::sigma
