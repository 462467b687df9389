// Ctrl-C: the first asks the work to end cleanly, the second ends the program. A closed pipe is an error of write, not
// a signal.
#pragma once

#include <atomic>

namespace tocsin::cli {

void install_signal_handlers();
[[nodiscard]] const std::atomic<bool>& stop_requested();

}  // namespace tocsin::cli
