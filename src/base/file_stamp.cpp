#include "base/file_stamp.hpp"

#include <algorithm>

#include <sys/stat.h>

namespace tocsin::base {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kRestless = 2 * kSecond;

}  // namespace

std::int64_t nanoseconds(const timespec& time) {
  return time.tv_sec * kSecond + time.tv_nsec;
}

std::optional<FileStamp> stamp_of(const std::string& path, FileKind kind) {
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  if (kind == FileKind::file ? !S_ISREG(status.st_mode) : !S_ISDIR(status.st_mode)) return std::nullopt;
  return stamp_of(status);
}

FileStamp stamp_of(const struct stat& status) {
  return FileStamp{.device = status.st_dev,
                   .inode = status.st_ino,
                   .size = static_cast<std::uint64_t>(status.st_size),
                   .modified = nanoseconds(status.st_mtim),
                   .changed = nanoseconds(status.st_ctim)};
}

std::int64_t stamp_time() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return nanoseconds(now);
}

bool is_settled(const FileStamp& stamp, std::int64_t at) {
  return std::max(stamp.modified, stamp.changed) < at - kRestless;
}

}  // namespace tocsin::base
