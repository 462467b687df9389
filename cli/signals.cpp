#include "signals.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <csignal>

#include <unistd.h>

namespace tocsin::cli {
namespace {

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

// Of the file that goes with the program where a signal ends it; empty: none. Written while `armed` is false.
std::array<char, PATH_MAX> temporary{};
std::atomic<bool> armed{false};

// Calls only what may be called in a signal handler (signal-safety(7)).
void on_signal(int signal) {
  const bool first = !stop.exchange(true);
  if (first && (signal == SIGINT || signal == SIGTERM)) return;
  if (armed.load()) unlink(temporary.data());
  std::signal(signal, SIG_DFL);
  raise(signal);  // taken when this handler is left: the program ends as by the signal itself
}

// Whoever started the program may want it to outlive the terminal (nohup).
bool is_ignored(int signal) {
  struct sigaction action{};
  return sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

void install_signal_handlers() {
  struct sigaction action{};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  for (const int signal : {SIGHUP, SIGQUIT}) {
    if (!is_ignored(signal)) sigaction(signal, &action, nullptr);
  }
  std::signal(SIGPIPE, SIG_IGN);
}

void remove_at_signal(const std::string& path) {
  armed.store(false);
  if (path.empty() || path.size() >= temporary.size()) return;
  *std::ranges::copy(path, temporary.begin()).out = '\0';
  armed.store(true);
}

const std::atomic<bool>& stop_requested() {
  return stop;
}

}  // namespace tocsin::cli
