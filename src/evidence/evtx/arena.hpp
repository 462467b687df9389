// Memory for one record's decoded text: handed out in order, taken back all at once, never moved. Blocks are kept for
// the next record, so that reading a record costs no heap traffic.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tocsin::evidence::evtx {

class Arena {
 public:
  explicit Arena(std::size_t block_size = std::size_t{64} << 10) : block_size_(block_size) {}
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  Arena(Arena&&) = default;
  Arena& operator=(Arena&&) = default;

  // Takes everything back. Views handed out before are dead. Large one-off blocks are returned to the heap.
  void reset() {
    while (blocks_.size() > kKeptBlocks) blocks_.pop_back();
    block_ = 0;
    used_ = 0;
    total_ = 0;
  }
  // At least `size` bytes to write into; `commit` says how many were needed. No other call may come in between.
  char* reserve(std::size_t size) {
    if (block_ < blocks_.size() && size <= blocks_[block_].size - used_) return blocks_[block_].data.get() + used_;
    return reserve_slow(size);
  }
  std::string_view commit(std::size_t size) {
    const char* begin = blocks_[block_].data.get() + used_;
    used_ += size;
    total_ += size;
    return {begin, size};
  }
  std::string_view copy(std::string_view text) {
    if (text.empty()) return {};
    std::memcpy(reserve(text.size()), text.data(), text.size());
    return commit(text.size());
  }
  // Room for `count` objects of a trivial type, uninitialised.
  template <class T>
  std::span<T> array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (count == 0) return {};
    char* room = reserve(count * sizeof(T) + alignof(T));
    const auto misaligned = reinterpret_cast<std::uintptr_t>(room) % alignof(T);
    const std::size_t pad = misaligned == 0 ? 0 : alignof(T) - misaligned;
    commit(pad + count * sizeof(T));
    T* first = reinterpret_cast<T*>(room + pad);
    for (std::size_t i = 0; i < count; ++i) new (first + i) T();
    return {first, count};
  }
  [[nodiscard]] std::size_t bytes() const { return total_; }  // handed out since the last reset

 private:
  static constexpr std::size_t kKeptBlocks = 4;
  struct Block {
    std::unique_ptr<char[]> data;
    std::size_t size = 0;
  };
  char* reserve_slow(std::size_t size) {
    if (block_ < blocks_.size()) ++block_;
    while (block_ < blocks_.size() && blocks_[block_].size < size) ++block_;
    if (block_ == blocks_.size()) {
      const std::size_t room = std::max(size, block_size_);
      blocks_.push_back({std::make_unique_for_overwrite<char[]>(room), room});
    }
    used_ = 0;
    return blocks_[block_].data.get();
  }

  std::vector<Block> blocks_;
  std::size_t block_size_;
  std::size_t block_ = 0, used_ = 0, total_ = 0;
};

}  // namespace tocsin::evidence::evtx
