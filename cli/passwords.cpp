#include "passwords.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

namespace tocsin::cli {
namespace {

constexpr std::size_t kMaxPasswordFileBytes = 65536;
constexpr std::string_view kFlag = "--archive-password";

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

// Echo is off while it lives.
class NoEcho {
 public:
  explicit NoEcho(int fd) : fd_(fd) {
    if (::tcgetattr(fd_, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= ECHONL;
    off_ = ::tcsetattr(fd_, TCSAFLUSH, &quiet) == 0;
  }
  ~NoEcho() {
    if (off_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;
  [[nodiscard]] bool off() const { return off_; }

 private:
  int fd_;
  termios before_{};
  bool off_ = false;
};

// Up to `most` bytes, or to the first line feed where `one_line`. Nothing where reading fails or there are more.
std::optional<std::string> read_some(int fd, std::size_t most, bool one_line) {
  std::string text;
  char block[4096];
  for (;;) {
    const ssize_t got = ::read(fd, block, one_line ? 1 : sizeof block);
    if (got < 0) return std::nullopt;  // also when a signal asks to stop
    if (got == 0) return text;
    text.append(block, static_cast<std::size_t>(got));
    if (text.size() > most) {
      errno = EFBIG;
      return std::nullopt;
    }
    if (one_line && text.back() == '\n') return text;
  }
}

std::size_t add_lines(std::vector<std::string>& out, std::string_view text) {
  std::size_t added = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    out.emplace_back(line);
    ++added;
  }
  return added;
}

Result<void> add_typed(std::vector<std::string>& out) {
  const Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (terminal.get() < 0) {
    return fail(ErrorCode::unsupported, "there is no terminal to ask for the password at", std::string(kFlag),
                fmt::format("write it into a file that only you can read, and use {} FILE", kFlag));
  }
  const NoEcho quiet(terminal.get());
  if (!quiet.off()) {
    return fail(ErrorCode::io, fmt::format("cannot hide what is typed: {}", std::strerror(errno)), std::string(kFlag),
                fmt::format("use {} FILE", kFlag));
  }
  constexpr std::string_view kPrompt = "Password of the archives: ";
  static_cast<void>(::write(terminal.get(), kPrompt.data(), kPrompt.size()) < 0);
  const std::optional<std::string> typed = read_some(terminal.get(), kMaxPasswordFileBytes, true);
  if (!typed || add_lines(out, *typed) == 0) {
    return fail(ErrorCode::invalid_argument, "expected a password, found none", std::string(kFlag),
                "without the flag, encrypted members are named and left out");
  }
  return {};
}

Result<void> add_file(std::vector<std::string>& out, const std::string& name) {
  const Descriptor file(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
  const std::optional<std::string> text =
      file.get() < 0 ? std::nullopt : read_some(file.get(), kMaxPasswordFileBytes, false);
  if (!text) {
    const int error = errno;
    return fail(
        error == ENOENT ? ErrorCode::not_found : ErrorCode::io,
        fmt::format("cannot read the password file: {}", std::strerror(error)), name,
        fmt::format("{} takes a file with one password a line, or - to be asked; never the password itself", kFlag));
  }
  if (add_lines(out, *text) == 0) {
    return fail(ErrorCode::invalid_argument, "expected a password a line, found none", name);
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> read_passwords(const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& name : names) TOCSIN_CHECK(name == "-" ? add_typed(out) : add_file(out, name));
  return out;
}

}  // namespace tocsin::cli
