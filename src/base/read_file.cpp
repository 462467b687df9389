#include "base/read_file.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.hpp"

namespace tocsin::base {
namespace {

std::unexpected<Error> cannot(const char* verb, const std::string& what, const std::string& path, int error) {
  const ErrorCode code = error == ENOENT                     ? ErrorCode::not_found
                         : error == EACCES || error == EPERM ? ErrorCode::permission
                                                             : ErrorCode::io;
  return fail(code, fmt::format("cannot {} the {}: {}", verb, what, std::generic_category().message(error)), path);
}

}  // namespace

Result<std::string> read_file(const std::string& path, const std::string& what, std::size_t limit) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status{};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) return cannot("open", what, path, errno);
  if (S_ISDIR(status.st_mode)) return fail(ErrorCode::invalid_argument, fmt::format("the {} is a folder", what), path);
  std::string text;
  char block[65536];
  for (;;) {
    const ssize_t got = ::read(file.get(), block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot("read", what, path, errno);
    if (got == 0) return text;
    text.append(block, static_cast<std::size_t>(got));
    if (text.size() > limit) {
      return fail(ErrorCode::limit, fmt::format("the {} is larger than {} MiB", what, limit >> 20), path,
                  "look whether this is the file you meant; if it is, split it");
    }
  }
}

}  // namespace tocsin::base
