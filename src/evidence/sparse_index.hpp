// Where the holes of a sparse file were that Velociraptor collected: it stores the file's data without its holes, and
// `NAME.idx` beside it says which ranges those were (docs/formats/collections.md, "Sparse files"). Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/bytes.hpp"

namespace tocsin::evidence {

inline constexpr std::string_view kSparseIndexEnding = ".idx";
inline constexpr std::size_t kMaxSparseIndexBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxSparseRanges = 65'536;

struct SparseIndex {
  struct Piece {
    std::uint64_t hole = 0, data = 0;  // first the hole, then bytes as stored
  };
  std::vector<Piece> pieces;  // a hole at the end is left out
  std::uint64_t stored = 0;   // bytes of all data
  std::uint64_t holes = 0;    // bytes of all holes

  // The first bytes of the file as it was, up to `most`, of the first that are stored.
  [[nodiscard]] std::vector<std::byte> expanded(ByteView stored_head, std::size_t most) const;
};

// True where `text`, the beginning of a file, is that of an index.
[[nodiscard]] bool is_sparse_index(std::string_view text);
// {"ranges":[{"file_offset":0,"original_offset":0,"file_length":4096,"length":4096},…]}, the list alone, or a range a
// line, as older versions wrote it. A member that is not there is 0; a range without `file_length` is a hole. Nothing
// where it is no such, has ranges that overlap or go back, or more than the limits allow.
[[nodiscard]] std::optional<SparseIndex> read_sparse_index(std::string_view text);

}  // namespace tocsin::evidence
