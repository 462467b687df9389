#include "caretaker.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tocsin/ruleset.hpp"

namespace tocsin::cli {
namespace {

constexpr char kNameOutput = 'n', kKeepRules = 'r';
constexpr std::uint64_t kMostRules = std::uint64_t{256} << 20;  // bytes
constexpr int kUsualFiles = 1024;                               // for kernels without close_range

// False at the end of the channel.
bool receive_all(int channel, void* bytes, std::size_t size) {
  for (auto* at = static_cast<char*>(bytes); size > 0;) {
    const ssize_t got = read(channel, at, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    at += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}
bool send_all(int channel, const void* bytes, std::size_t size) {
  for (const auto* at = static_cast<const char*>(bytes); size > 0;) {
    const ssize_t sent = write(channel, at, size);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    at += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}
template <class Value>
bool receive(int channel, Value& value) {
  return receive_all(channel, &value, sizeof value);
}
template <class Value>
bool send(int channel, const Value& value) {
  return send_all(channel, &value, sizeof value);
}
// Texts and bytes go with their size before them.
bool receive_text(int channel, std::string& text, std::uint64_t most) {
  std::uint64_t size = 0;
  if (!receive(channel, size) || size > most) return false;
  text.resize(size);
  return receive_all(channel, text.data(), text.size());
}
bool send_text(int channel, std::string_view text) {
  const std::uint64_t size = text.size();
  return send(channel, size) && send_all(channel, text.data(), text.size());
}

// False where the channel has ended.
bool keep_rules_for(int channel, Caretaker::RuleKeeping& rules) {
  const Caretaker::RuleKeeping duty = std::exchange(rules, {});
  std::string bytes;
  if (!receive_text(channel, bytes, kMostRules)) return false;
  std::string wrong;
  if (duty.name.empty()) {
    wrong = "no more rules are kept in this run";
  } else if (!bytes.empty()) {
    const Result<void> kept = keep_rule_cache(duty.folder, duty.name, bytes);
    if (!kept) wrong = fmt::format("{}: {}", kept.error().place, kept.error().message);
  }
  return send_text(channel, wrong);
}

// The caretaker's whole life. It must not keep a pipe open that somebody waits for the end of, and must outlive Ctrl-C.
[[noreturn]] void take_care(int channel, Caretaker::Duties duties) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) std::signal(signal, SIG_IGN);
  const auto own = static_cast<unsigned>(channel);
  if ((own > 0 && close_range(0, own - 1, 0) != 0) || close_range(own + 1, ~0U, 0) != 0) {
    for (int other = 0; other < kUsualFiles; ++other) {
      if (other != channel) close(other);
    }
  }
  char asked = 0;
  while (receive(channel, asked)) {
    if (asked == kKeepRules && keep_rules_for(channel, duties.rules)) continue;
    if (asked != kNameOutput || duties.temporary.empty()) break;
    const int error = std::rename(duties.temporary.c_str(), duties.output.c_str()) == 0 ? 0 : errno;
    if (!send(channel, error)) break;
  }
  if (!duties.temporary.empty()) unlink(duties.temporary.c_str());  // not there any more once it has its name
  if (!duties.scratch.empty()) remove_folder(duties.scratch);
  _exit(0);
}

}  // namespace

void remove_folder(const std::string& folder) {
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

Result<std::unique_ptr<Caretaker>> Caretaker::start(const Duties& duties) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return fail(ErrorCode::limit, fmt::format("cannot open a channel: {}", std::strerror(errno)));
  }
  const pid_t process = fork();
  if (process == 0) {
    close(ends[0]);
    take_care(ends[1], duties);
  }
  const int error = errno;
  close(ends[1]);
  if (process > 0) return std::unique_ptr<Caretaker>(new Caretaker(ends[0], process));
  close(ends[0]);
  return fail(ErrorCode::limit, fmt::format("cannot start a process: {}", std::strerror(error)));
}

Caretaker::~Caretaker() {
  close(channel_);
  while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Result<void> Caretaker::keep_rules(std::string_view bytes) {
  std::string wrong;
  if (!send(channel_, kKeepRules) || !send_text(channel_, bytes) || !receive_text(channel_, wrong, kMostRules)) {
    return fail(ErrorCode::io, "the process that could write it has ended");
  }
  if (wrong.empty()) return {};
  return fail(ErrorCode::io, std::move(wrong));
}

int Caretaker::name_output() {
  int error = 0;
  return send(channel_, kNameOutput) && receive(channel_, error) ? error : EIO;
}

}  // namespace tocsin::cli
