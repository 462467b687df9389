#include "evidence/follow/live_file.hpp"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evidence/file_source.hpp"
#include "evidence/inputs_lister.hpp"

namespace tocsin::evidence {

Result<LiveFile> LiveFile::open(const std::string& real_path) {
  // O_NONBLOCK: a name that became a pipe since it was listed must not hang the run.
  constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  base::Descriptor descriptor(::open(real_path.c_str(), kFlags));
  if (descriptor.get() < 0) return std::unexpected(system_error(errno, "cannot open the file", real_path));
  struct stat status{};
  if (::fstat(descriptor.get(), &status) != 0) {
    return std::unexpected(system_error(errno, "cannot examine the file", real_path));
  }
  if (!S_ISREG(status.st_mode)) {
    return fail(ErrorCode::unsupported, "expected a file that grows, found something else", real_path,
                "only files can be followed; a pipe is read to its end without --follow");
  }
  return LiveFile(std::move(descriptor), real_path);
}

base::FileStamp LiveFile::stamp() const {
  struct stat status{};
  if (::fstat(descriptor_.get(), &status) != 0) return last_;
  return last_ = base::stamp_of(status);
}

bool has_lost_name(const base::FileStamp& file, const std::string& real_path) {
  struct stat status{};
  if (::stat(real_path.c_str(), &status) != 0) return errno == ENOENT || errno == ENOTDIR;
  return status.st_dev != file.device || status.st_ino != file.inode;
}

Result<std::size_t> LiveFile::read_at(std::uint64_t offset, std::span<std::byte> out) const {
  return read_descriptor(descriptor_.get(), offset, out, path_);
}

}  // namespace tocsin::evidence
