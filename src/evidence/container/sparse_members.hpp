// The indexes of holes (`NAME.idx`) that a zip holds for its sparse members. They stand behind the members, so they are
// read in a pass of their own; zips that list no such name cost nothing. One thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "tocsin/bytes.hpp"

#include "evidence/container/member_reader.hpp"
#include "evidence/sparse_index.hpp"

namespace tocsin::evidence {

// By the name of the member that has holes. No value: what is there looks like an index and cannot be read.
using SparseIndexes = std::map<std::string, std::optional<SparseIndex>, std::less<>>;

inline constexpr std::size_t kMaxIndexBytesOfZip = std::size_t{32} << 20;  // of all its indexes

// `zip` can seek. `open` gives a reader of it from its beginning; called only where the zip lists such names. At the
// first trouble the pass ends with what it has: the walk itself will say what is wrong. `most_members` are looked at.
[[nodiscard]] SparseIndexes sparse_members(ByteSource& zip, std::uint64_t most_members,
                                           const std::function<std::unique_ptr<MemberReader>()>& open);

}  // namespace tocsin::evidence
