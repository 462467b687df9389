#include "base/scratch_file.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace tocsin::base {
namespace {

Error io_error(const char* what) {
  return {ErrorCode::io, std::string(what) + ": " + std::strerror(errno), "scratch file",
          "free space in the folder that TMPDIR names, or let TMPDIR name another one"};
}

}  // namespace

Result<ScratchFile> ScratchFile::make() {
  const char* folder = std::getenv("TMPDIR");
  std::string path = std::string(folder != nullptr && *folder != '\0' ? folder : "/tmp") + "/tocsin-XXXXXX";
  const int fd = ::mkostemp(path.data(), O_CLOEXEC);
  if (fd < 0) return std::unexpected(io_error("cannot make it"));
  ::unlink(path.c_str());
  return ScratchFile(fd);
}

ScratchFile::~ScratchFile() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> ScratchFile::append(ByteView bytes) {
  std::uint64_t at = size_;
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      const Error error = io_error("cannot write");
      shrink(size_);
      return std::unexpected(error);
    }
    at += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  size_ = at;
  return {};
}

Result<std::size_t> ScratchFile::read_at(std::uint64_t offset, std::span<std::byte> out) const {
  if (offset >= size_) return std::size_t{0};
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size_ - offset));
  for (std::size_t done = 0; done < wanted;) {
    const ssize_t got = ::pread(fd_, out.data() + done, wanted - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::unexpected(io_error("cannot read"));
    done += static_cast<std::size_t>(got);
  }
  return wanted;
}

void ScratchFile::shrink(std::uint64_t size) {
  assert(size <= size_);
  size_ = size;
  // Where this fails the space comes back when the file is closed.
  static_cast<void>(::ftruncate(fd_, static_cast<off_t>(size)) == 0);
}

}  // namespace tocsin::base
