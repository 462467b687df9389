// What the file system says of a file without its being read: enough to see that it was changed. Any change of bytes,
// name or rights moves `changed`, which nobody can set; two changes within the clock's grain can leave it where it was.
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>

#include <sys/stat.h>

namespace tocsin::base {

struct FileStamp {
  std::uint64_t device = 0, inode = 0, size = 0;
  std::int64_t modified = 0, changed = 0;  // ns since 1970 (st_mtim, st_ctim)
  bool operator==(const FileStamp&) const = default;
};

enum class FileKind : std::uint8_t { file, folder };

// Of what a link points to. Nothing where there is none, or one of another kind.
[[nodiscard]] std::optional<FileStamp> stamp_of(const std::string& path, FileKind kind);

[[nodiscard]] FileStamp stamp_of(const struct stat& status);

// Since 1970.
[[nodiscard]] std::int64_t nanoseconds(const timespec& time);
// Now, on the clock of the stamps' times.
[[nodiscard]] std::int64_t stamp_time();
// Whether the file had been left alone for two seconds at that time. What is younger may change once more and keep its
// stamp: file systems count as coarsely as that.
[[nodiscard]] bool is_settled(const FileStamp& stamp, std::int64_t at);

}  // namespace tocsin::base
