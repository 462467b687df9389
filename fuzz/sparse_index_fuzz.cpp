// Indexes of sparse files: what is read is in order, and the beginning that they give is never longer than asked.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "evidence/sparse_index.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using tocsin::evidence::SparseIndex;
  const auto index = tocsin::evidence::read_sparse_index({reinterpret_cast<const char*>(data), size});
  if (!index) return 0;
  std::uint64_t stored = 0, holes = 0;
  for (const SparseIndex::Piece& piece : index->pieces) {
    if (piece.data == 0) std::abort();
    stored += piece.data;
    holes += piece.hole;
  }
  if (stored != index->stored || holes != index->holes) std::abort();
  const std::string bytes(100, 'x');
  for (const std::size_t most : {std::size_t{0}, std::size_t{1}, std::size_t{4096}}) {
    if (index->expanded(tocsin::as_bytes(bytes), most).size() > most) std::abort();
  }
  return 0;
}
