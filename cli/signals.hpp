// Ctrl-C: the first asks the work to end cleanly, the second ends the program. A closed pipe is an error of write, not
// a signal.
#pragma once

#include <atomic>
#include <string>

namespace tocsin::cli {

void install_signal_handlers();
// The temporary output: a second signal takes it away before the program ends. One at a time; empty: none any more.
// (Inside the sandbox that is refused, and the caretaker does it.)
void remove_at_second_signal(const std::string& path);
[[nodiscard]] const std::atomic<bool>& stop_requested();

}  // namespace tocsin::cli
