// Memory for one record's decoded values: grows in chunks that stay where they are, and is reused for the next record.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace tocsin::evidence::json {

template <class T>
class Arena {
 public:
  // Room for `count` items, which stays valid until reset().
  T* take(std::size_t count) {
    while (chunk_ < chunks_.size() && chunks_[chunk_].size - used_ < count) ++chunk_, used_ = 0;
    if (chunk_ == chunks_.size()) {
      const std::size_t size = count > kChunk ? count : kChunk;
      chunks_.push_back({std::make_unique<T[]>(size), size});
    }
    T* const items = chunks_[chunk_].items.get() + used_;
    used_ += count;
    return items;
  }
  void reset() {
    if (chunks_.size() > kKept) chunks_.resize(kKept);
    while (!chunks_.empty() && chunks_.back().size > kChunk) chunks_.pop_back();
    chunk_ = used_ = 0;
  }

 private:
  static constexpr std::size_t kChunk = 65536 / sizeof(T);
  static constexpr std::size_t kKept = 16;
  struct Chunk {
    std::unique_ptr<T[]> items;
    std::size_t size = 0;
  };
  std::vector<Chunk> chunks_;
  std::size_t chunk_ = 0, used_ = 0;
};

}  // namespace tocsin::evidence::json
