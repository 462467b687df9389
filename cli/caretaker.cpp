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
template <class Value>
bool receive(int channel, Value& value) {
  ssize_t got = 0;
  do got = read(channel, &value, sizeof value);
  while (got < 0 && errno == EINTR);
  return got == sizeof value;
}
template <class Value>
bool send(int channel, const Value& value) {
  ssize_t sent = 0;
  do sent = write(channel, &value, sizeof value);
  while (sent < 0 && errno == EINTR);
  return sent == sizeof value;
}

bool receive_all(int channel, std::string& bytes) {
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = read(channel, bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    have += static_cast<std::size_t>(got);
  }
  return true;
}
bool send_all(int channel, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = write(channel, bytes.data(), bytes.size());
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}
// Texts and bytes go with their size before them.
bool receive_text(int channel, std::string& text, std::uint64_t most) {
  std::uint64_t size = 0;
  if (!receive(channel, size) || size > most) return false;
  text.resize(size);
  return receive_all(channel, text);
}
bool send_text(int channel, std::string_view text) {
  const std::uint64_t size = text.size();
  return send(channel, size) && send_all(channel, text);
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
