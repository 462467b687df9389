// Ctrl-C: the first asks the work to end cleanly, the second ends the program. A terminal that is closed (unless the
// program was started to outlive it) and Ctrl-\ end it at once. A closed pipe is an error of write, not a signal.
#pragma once

#include <atomic>
#include <string>

namespace tocsin::cli {

void install_signal_handlers();
// The temporary output: taken away where a signal ends the program. One at a time; empty: none any more.
// (Inside the sandbox that is refused, and the caretaker does it.)
void remove_at_signal(const std::string& path);
[[nodiscard]] const std::atomic<bool>& stop_requested();

}  // namespace tocsin::cli
