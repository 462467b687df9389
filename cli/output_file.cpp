#include "output_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "signals.hpp"

namespace tocsin::cli {
namespace {

constexpr int kTries = 100;

std::unexpected<Error> cannot(std::string_view what, const std::string& path, int error) {
  const ErrorCode code = error == EACCES || error == EPERM || error == EROFS ? ErrorCode::permission : ErrorCode::io;
  std::string hint;
  if (error == ENOSPC || error == EDQUOT) hint = "the disk is full: free some space, or write somewhere else";
  if (error == ENOENT) hint = "make the folder first";
  return fail(code, fmt::format("cannot {}: {}", what, std::strerror(error)), path.empty() ? "standard output" : path,
              std::move(hint));
}

}  // namespace

Result<std::unique_ptr<Output>> Output::open(const std::string& path) {
  auto out = std::make_unique<Output>();
  out->descriptor_ = -1;
  out->path_ = path;
  struct stat status{};
  if (stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) return fail(ErrorCode::invalid_argument, "the output is a folder, not a file", path);
    if (!S_ISREG(status.st_mode)) {
      out->descriptor_ = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
      if (out->descriptor_ < 0) return cannot("open the output", path, errno);
      return out;
    }
    // A link keeps pointing where it points: its target is replaced, not the link.
    if (char* real = realpath(path.c_str(), nullptr); real != nullptr) {
      out->path_ = real;
      std::free(real);
    }
  }
  for (int i = 0; i < kTries && out->descriptor_ < 0; ++i) {
    out->temporary_ = fmt::format("{}.partial-{}-{}", out->path_, getpid(), i);
    out->descriptor_ = ::open(out->temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (out->descriptor_ < 0 && errno != EEXIST) {
      const int error = errno;
      out->temporary_.clear();
      return cannot("open the output", path, error);
    }
  }
  if (out->descriptor_ >= 0) {
    remove_at_signal(out->temporary_);
    return out;
  }
  out->temporary_.clear();
  return cannot("open the output", path, EEXIST);
}

Output::~Output() {
  if (path_.empty()) return;
  if (descriptor_ >= 0) close(descriptor_);
  if (!temporary_.empty() && !handed_over_) unlink(temporary_.c_str());
  remove_at_signal({});
}

Result<void> Output::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      closed_pipe_ = errno == EPIPE;
      return cannot("write the output", path_, errno);
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> Output::commit() {
  if (temporary_.empty()) return {};
  if (fsync(descriptor_) != 0) return cannot("write the output", path_, errno);
  // Some file systems report a full disk only here.
  if (close(std::exchange(descriptor_, -1)) != 0) return cannot("write the output", path_, errno);
  int error = 0;
  if (caretaker_ != nullptr) {
    error = caretaker_->name_output();
  } else if (std::rename(temporary_.c_str(), path_.c_str()) != 0) {
    error = errno;
  }
  if (error != 0) return cannot("give the output its name", path_, error);
  temporary_.clear();
  remove_at_signal({});
  return {};
}

}  // namespace tocsin::cli
