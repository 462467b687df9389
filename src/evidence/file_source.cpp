#include "evidence/file_source.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evidence/inputs_lister.hpp"

namespace tocsin::evidence {
namespace {

class Descriptor {
 public:
  Descriptor(int number, bool owned) : number_(number), owned_(owned) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)), owned_(other.owned_) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (owned_ && number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
  bool owned_;
};

class FileSource final : public InputSource {
 public:
  FileSource(Descriptor descriptor, std::uint64_t size, std::string path)
      : descriptor_(std::move(descriptor)), size_(size), path_(std::move(path)) {}
  std::optional<std::uint64_t> size() const override { return size_; }
  bool seekable() const override { return true; }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> out) override;
  bool open_ended() const override;

 private:
  Result<std::size_t> read_direct(std::uint64_t offset, std::span<std::byte> out);
  Result<std::size_t> read_cached(std::uint64_t offset, std::span<std::byte> out);

  static constexpr std::uint64_t kNoBlock = ~std::uint64_t{0};
  Descriptor descriptor_;
  std::uint64_t size_;
  std::string path_;
  std::vector<std::byte> block_;  // the last block that was read in part
  std::uint64_t block_offset_ = kNoBlock;
};

Result<std::size_t> FileSource::read_direct(std::uint64_t offset, std::span<std::byte> out) {
  return read_descriptor(descriptor_.number(), offset, out, path_);
}

Result<std::size_t> FileSource::read_cached(std::uint64_t offset, std::span<std::byte> out) {
  const std::uint64_t start = offset - offset % kFileBlockBytes;
  if (block_offset_ != start) {
    block_offset_ = kNoBlock;
    block_.resize(kFileBlockBytes);
    TOCSIN_TRY(const std::size_t got, read_direct(start, block_));
    block_.resize(got);
    block_offset_ = start;
  }
  const auto skip = static_cast<std::size_t>(offset - start);
  // The block is short where the disk failed or the file shrank in its middle: ask again at the very place.
  if (skip >= block_.size()) return read_direct(offset, out.first(std::min(out.size(), kFileBlockBytes - skip)));
  const std::size_t count = std::min(out.size(), block_.size() - skip);
  std::memcpy(out.data(), block_.data() + skip, count);
  return count;
}

Result<std::size_t> FileSource::read_at(std::uint64_t offset, std::span<std::byte> out) {
  std::size_t done = 0;
  if (offset < size_ && size_ - offset < out.size()) out = out.first(static_cast<std::size_t>(size_ - offset));
  if (offset >= size_) return done;
  while (done < out.size()) {
    const std::uint64_t at = offset + done;
    std::span<std::byte> rest = out.subspan(done);
    const bool to_the_end = at + rest.size() == size_;
    const bool aligned = at % kFileBlockBytes == 0 && (to_the_end || rest.size() >= kFileBlockBytes);
    if (aligned && !to_the_end) rest = rest.first(rest.size() - rest.size() % kFileBlockBytes);
    Result<std::size_t> got = aligned ? read_direct(at, rest) : read_cached(at, rest);
    if (!got && done == 0) return got;
    if (!got || *got == 0) break;
    done += *got;
  }
  return done;
}

bool FileSource::open_ended() const {
  struct stat status{};
  return ::fstat(descriptor_.number(), &status) == 0 && static_cast<std::uint64_t>(status.st_size) > size_;
}

class PipeSource final : public InputSource {
 public:
  PipeSource(Descriptor descriptor, std::string path, const std::atomic<bool>* stop)
      : descriptor_(std::move(descriptor)), path_(std::move(path)), stop_(stop) {}
  std::optional<std::uint64_t> size() const override { return std::nullopt; }
  bool seekable() const override { return false; }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> out) override;
  bool open_ended() const override { return true; }

 private:
  Result<void> wait();

  static constexpr int kWaitMilliseconds = 200;  // how late an interruption may be noticed
  Descriptor descriptor_;
  std::string path_;
  const std::atomic<bool>* stop_;
  std::uint64_t position_ = 0;
};

// A signal need not reach the thread that reads, so waiting for a slow writer looks at the flag now and then.
Result<void> PipeSource::wait() {
  for (;;) {
    if (stop_ != nullptr && stop_->load(std::memory_order_relaxed)) {
      return fail(ErrorCode::interrupted, "interrupted while waiting for the stream", path_);
    }
    pollfd request{.fd = descriptor_.number(), .events = POLLIN, .revents = 0};
    if (::poll(&request, 1, kWaitMilliseconds) > 0) return {};
  }
}

Result<std::size_t> PipeSource::read_at(std::uint64_t offset, std::span<std::byte> out) {
  assert(offset == position_);
  static_cast<void>(offset);
  std::size_t done = 0;
  while (done < out.size()) {
    if (Result<void> ready = wait(); !ready) {
      if (done == 0) return std::unexpected(std::move(ready).error());
      break;
    }
    const ssize_t got = ::read(descriptor_.number(), out.data() + done, out.size() - done);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0 && done == 0) return std::unexpected(system_error(errno, "cannot read the stream", path_));
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  position_ += done;
  return done;
}

int open_read_only(const char* path, bool wait_for_writer) {
  // O_NONBLOCK: a file that was replaced by a pipe since it was listed must not hang the scan.
  const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (wait_for_writer ? 0 : O_NONBLOCK);
  const int number = ::open(path, flags | O_NOATIME);
  return number < 0 && errno == EPERM ? ::open(path, flags) : number;  // O_NOATIME is for owners
}

}  // namespace

Result<std::size_t> read_descriptor(int descriptor, std::uint64_t offset, std::span<std::byte> out,
                                    const std::string& path) {
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t got = ::pread(descriptor, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && done == 0) return std::unexpected(system_error(errno, "cannot read the file", path));
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

Result<std::unique_ptr<InputSource>> open_file_source(const std::string& real_path, bool wait_for_writer,
                                                      const std::atomic<bool>* stop) {
  if (real_path == "-") return std::make_unique<PipeSource>(Descriptor(STDIN_FILENO, false), real_path, stop);
  Descriptor descriptor(open_read_only(real_path.c_str(), wait_for_writer), true);
  if (descriptor.number() < 0) return std::unexpected(system_error(errno, "cannot open the file", real_path));
  struct stat status{};
  if (::fstat(descriptor.number(), &status) != 0) {
    return std::unexpected(system_error(errno, "cannot examine the file", real_path));
  }
  if (S_ISREG(status.st_mode)) {
    return std::make_unique<FileSource>(std::move(descriptor), static_cast<std::uint64_t>(status.st_size), real_path);
  }
  if (S_ISFIFO(status.st_mode) && wait_for_writer) {
    return std::make_unique<PipeSource>(std::move(descriptor), real_path, stop);
  }
  return fail(ErrorCode::unsupported, "expected a file or a pipe, found a folder or a device", real_path,
              "copy the evidence into a file and scan that");
}

Result<std::size_t> MemorySource::read_at(std::uint64_t offset, std::span<std::byte> out) {
  if (offset >= bytes_.size()) return std::size_t{0};
  const ByteView rest = bytes_.subspan(static_cast<std::size_t>(offset));
  const std::size_t count = std::min(out.size(), rest.size());
  if (count != 0) std::memcpy(out.data(), rest.data(), count);
  return count;
}

}  // namespace tocsin::evidence
