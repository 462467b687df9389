// A file without a name, for bytes that are too many for memory. It lies in the folder that TMPDIR names, nobody else
// can open it, and it is gone when it is closed, however the process ends. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tocsin/bytes.hpp"
#include "tocsin/result.hpp"

namespace tocsin::base {

class ScratchFile {
 public:
  // To be called before evidence is read: later nothing is opened for writing.
  [[nodiscard]] static Result<ScratchFile> make();
  ScratchFile(ScratchFile&& other) noexcept : fd_(other.fd_), size_(other.size_) { other.fd_ = -1; }
  ScratchFile& operator=(ScratchFile&&) = delete;
  ~ScratchFile();

  [[nodiscard]] std::uint64_t size() const { return size_; }
  // After an error size() is what it was before.
  [[nodiscard]] Result<void> append(ByteView bytes);
  // Fills `out` from `offset`, up to size().
  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> out) const;
  // Gives what lies behind `size` back to the disk. REQUIRES: size <= size().
  void shrink(std::uint64_t size);

 private:
  explicit ScratchFile(int fd) : fd_(fd) {}
  int fd_;
  std::uint64_t size_ = 0;
};

}  // namespace tocsin::base
