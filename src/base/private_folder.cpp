#include "base/private_folder.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <tuple>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "base/file_stamp.hpp"

namespace tocsin::base {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
constexpr mode_t kOthersWrite = S_IWGRP | S_IWOTH;
constexpr int kTries = 100;
constexpr std::string_view kPartial = ".partial-";
constexpr std::int64_t kForgotten = 3'600'000'000'000;  // ns after which nobody writes a partial file any more

std::unexpected<Error> cannot(std::string_view what, const std::string& path, int error) {
  const ErrorCode code = error == ENOENT                                       ? ErrorCode::not_found
                         : error == EACCES || error == EPERM || error == EROFS ? ErrorCode::permission
                                                                               : ErrorCode::io;
  return fail(code, fmt::format("cannot {}: {}", what, std::strerror(error)), path);
}

Result<void> check_owner(const struct stat& status, const std::string& path) {
  if (status.st_uid == geteuid()) return {};
  return fail(ErrorCode::permission, "it belongs to another user", path);
}

Result<void> make(const fs::path& path) {
  struct stat above{};
  if (::stat(path.parent_path().c_str(), &above) != 0) return cannot("look at the folder", path.parent_path(), errno);
  TOCSIN_CHECK(check_owner(above, path.parent_path()));
  if (::mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST) return cannot("make the folder", path, errno);
  return {};
}

int open_folder(const std::string& path) {
  return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

Result<void> make_with_parent(const fs::path& path) {
  struct stat status{};
  if (::stat(path.parent_path().c_str(), &status) != 0) TOCSIN_CHECK(make(path.parent_path()));
  return make(path);
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// Of a large file each page that is touched for the first time costs more than what is read into it: huge ones do.
constexpr std::size_t kHugePage = std::size_t{2} << 20;
std::unique_ptr<char[], PrivateFolder::Free> room_for(std::size_t size) {
  const bool huge = size >= kHugePage;
  const std::size_t unit = huge ? kHugePage : alignof(std::max_align_t);
  const std::size_t whole = (size / unit + 1) * unit;
  std::unique_ptr<char[], PrivateFolder::Free> room(static_cast<char*>(std::aligned_alloc(unit, whole)));
  // Where it does not work it is only slower. The last part, which the file does not fill, stays in small pages.
  if (room != nullptr && huge) static_cast<void>(::madvise(room.get(), whole - kHugePage, MADV_HUGEPAGE));
  return room;
}

}  // namespace

Result<PrivateFolder> PrivateFolder::open(const std::string& path, Missing missing) {
  if (!path.starts_with('/')) return fail(ErrorCode::invalid_argument, "expected an absolute path", path);
  int descriptor = open_folder(path);
  if (descriptor < 0 && errno == ENOENT && missing == Missing::is_made) {
    TOCSIN_CHECK(make_with_parent(path));
    descriptor = open_folder(path);
  }
  if (descriptor < 0 && (errno == ELOOP || errno == ENOTDIR)) {
    return fail(ErrorCode::permission, "expected a folder, found a link or a file", path);
  }
  if (descriptor < 0) return cannot("open the folder", path, errno);
  PrivateFolder folder(descriptor, path);
  struct stat status{};
  if (::fstat(descriptor, &status) != 0) return cannot("look at the folder", path, errno);
  TOCSIN_CHECK(check_owner(status, path));
  if ((status.st_mode & kOthers) != 0) {
    return fail(ErrorCode::permission, "others may look into it", path, "chmod 700 makes it private");
  }
  return folder;
}

Result<PrivateFolder::File> PrivateFolder::read(const std::string& name, std::size_t limit) const {
  const std::string path = path_ + '/' + name;
  const Descriptor file(::openat(descriptor_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (file.get() < 0) return cannot("open the file", path, errno);
  struct stat status{};
  if (::fstat(file.get(), &status) != 0) return cannot("look at the file", path, errno);
  TOCSIN_CHECK(check_owner(status, path));
  if (!S_ISREG(status.st_mode)) return fail(ErrorCode::permission, "expected a file, found something else", path);
  if ((status.st_mode & kOthersWrite) != 0) return fail(ErrorCode::permission, "others may write to it", path);
  if (static_cast<std::uint64_t>(status.st_size) > limit) {
    return fail(ErrorCode::limit, fmt::format("expected at most {} bytes, found {}", limit, status.st_size), path);
  }
  File out;
  const auto size = static_cast<std::size_t>(status.st_size);
  out.bytes = room_for(size);
  if (out.bytes == nullptr) return cannot("make room for the file", path, ENOMEM);
  while (out.size < size) {
    const ssize_t got = ::read(file.get(), out.bytes.get() + out.size, size - out.size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot("read the file", path, errno);
    if (got == 0) break;
    out.size += static_cast<std::size_t>(got);
  }
  return out;
}

Result<void> PrivateFolder::write(const std::string& name, std::string_view bytes) const {
  const std::string path = path_ + '/' + name;
  std::string partial;
  int opened = -1;
  for (int i = 0; i < kTries && opened < 0; ++i) {
    partial = fmt::format("{}{}{}-{}", name, kPartial, getpid(), i);
    opened = ::openat(descriptor_.get(), partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                      S_IRUSR | S_IWUSR);
    if (opened < 0 && errno != EEXIST) break;
  }
  if (opened < 0) return cannot("make the file", path, errno);
  Descriptor file(opened);
  if (write_all(file.get(), bytes) && file.close() &&
      ::renameat(descriptor_.get(), partial.c_str(), descriptor_.get(), name.c_str()) == 0) {
    return {};
  }
  const int error = errno;
  ::unlinkat(descriptor_.get(), partial.c_str(), 0);
  return cannot("write the file", path, error);
}

std::vector<PrivateFolder::Entry> PrivateFolder::list(std::string_view suffix) const {
  std::vector<Entry> out;
  // A descriptor of its own: reading moves its place in the folder, and closing the stream closes it.
  Descriptor own(::openat(descriptor_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  DIR* const stream = ::fdopendir(own.get());
  if (stream == nullptr) return out;
  own.release();
  while (const dirent* const entry = ::readdir(stream)) {
    const std::string name = entry->d_name;
    struct stat status{};
    if (!name.ends_with(suffix)) continue;
    if (::fstatat(descriptor_.get(), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
      continue;
    out.push_back({name, static_cast<std::uint64_t>(status.st_size), nanoseconds(status.st_mtim)});
  }
  ::closedir(stream);
  std::ranges::sort(out, {}, [](const Entry& entry) { return std::tie(entry.modified, entry.name); });
  return out;
}

void PrivateFolder::prune(std::string_view suffix, std::size_t most_files, std::uint64_t most_bytes) const {
  std::vector<Entry> files;
  std::uint64_t bytes = 0;
  const std::int64_t now = stamp_time();
  for (Entry& entry : list({})) {
    if (entry.name.find(kPartial) != std::string::npos) {
      if (entry.modified < now - kForgotten) ::unlinkat(descriptor_.get(), entry.name.c_str(), 0);
    } else if (entry.name.ends_with(suffix)) {
      bytes += entry.size;
      files.push_back(std::move(entry));
    }
  }
  for (std::size_t i = 0; i + 1 < files.size() && (files.size() - i > most_files || bytes > most_bytes); ++i) {
    if (::unlinkat(descriptor_.get(), files[i].name.c_str(), 0) == 0) bytes -= files[i].size;
  }
}

}  // namespace tocsin::base
