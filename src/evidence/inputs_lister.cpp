#include "evidence/inputs_lister.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tocsin::evidence {
namespace {

ErrorCode code_of(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return ErrorCode::not_found;
    case EACCES:
    case EPERM:
      return ErrorCode::permission;
    case ENAMETOOLONG:
    case ELOOP:
      return ErrorCode::limit;
    default:
      return ErrorCode::io;
  }
}

std::string hint_for(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return "check the spelling; a path with blanks must be quoted";
    case EACCES:
    case EPERM:
      return "run as a user who may read it, or copy it to a place that you may read";
    case ELOOP:
      return "the symbolic links lead in a circle: name the target itself";
    case ENAMETOOLONG:
      return "move the folder nearer to the root and scan it there";
    case EMFILE:
    case ENFILE:
      return "raise the limit of open files (ulimit -n)";
    case EIO:
      return "the disk or the connection may be failing: copy the evidence elsewhere first";
    default:
      return {};
  }
}

class SystemLister final : public Lister {
 public:
  Result<FileFacts> look(const std::string& path, bool follow) override;
  std::optional<Error> list(const std::string& folder, const TakeName& take) override;
  std::string working_folder() override;
};

Result<FileFacts> SystemLister::look(const std::string& path, bool follow) {
  struct stat status{};
  if ((follow ? ::stat(path.c_str(), &status) : ::lstat(path.c_str(), &status)) != 0) {
    return std::unexpected(system_error(errno, "cannot open it", path));
  }
  FileFacts facts;
  facts.device = status.st_dev;
  facts.inode = status.st_ino;
  if (S_ISREG(status.st_mode)) {
    facts.size = static_cast<std::uint64_t>(status.st_size);
  } else if (S_ISDIR(status.st_mode)) {
    facts.kind = FileFacts::Kind::folder;
  } else if (S_ISLNK(status.st_mode)) {
    facts.kind = FileFacts::Kind::symlink;
  } else {
    facts.kind = S_ISFIFO(status.st_mode) ? FileFacts::Kind::pipe : FileFacts::Kind::other;
  }
  return facts;
}

std::optional<Error> SystemLister::list(const std::string& folder, const TakeName& take) {
  const std::unique_ptr<DIR, int (*)(DIR*)> handle(::opendir(folder.c_str()), [](DIR* dir) { return ::closedir(dir); });
  if (!handle) return system_error(errno, "cannot list the folder", folder);
  for (;;) {
    errno = 0;
    const dirent* entry = ::readdir(handle.get());  // one thread per handle: safe in glibc
    if (entry == nullptr) break;
    const std::string_view name(entry->d_name);
    if (name != "." && name != ".." && !take(name)) return std::nullopt;
  }
  if (errno != 0) return system_error(errno, "cannot list the rest of the folder", folder);
  return std::nullopt;
}

std::string SystemLister::working_folder() {
  // A working folder that was removed has no name; labels then come from the arguments alone.
  const std::unique_ptr<char, void (*)(void*)> name(::getcwd(nullptr, 0), std::free);
  return name ? std::string(name.get()) : std::string("/");
}

}  // namespace

Error system_error(int number, std::string_view doing, std::string place) {
  const char* words = ::strerrordesc_np(number);  // strerror() would follow the locale
  std::string message(doing);
  message.append(": ").append(words != nullptr ? words : "unknown error");
  return Error{code_of(number), std::move(message), std::move(place), hint_for(number)};
}

Lister& system_lister() {
  static SystemLister lister;
  return lister;
}

}  // namespace tocsin::evidence
