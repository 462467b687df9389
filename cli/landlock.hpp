// Landlock, the kernel's fence around what a process may write: own constants, since Debian 12's headers know only its
// first versions. Kernel documentation: userspace-api/landlock.rst; numbers of `include/uapi/linux/landlock.h`.
#pragma once

#include <string>

namespace tocsin::cli {

// What the fence leaves out, by the version (ABI) that brings it: 2 moving between folders, 3 truncation by path,
// 4 TCP, 5 device controls, 6 signals and abstract sockets.
inline constexpr int kNewestLandlock = 6;

// The version of the running kernel; 0 where it has none or has it switched off.
[[nodiscard]] int landlock_version();

// From now on this thread, and every thread and process it starts, can neither open for writing nor make, remove or
// rename anything but below `scratch` (a folder; empty: nowhere), nor start a program, nor (as the version allows)
// connect by TCP or signal processes outside. Reading is not touched, nor what is open already. `version` is 1 to
// landlock_version(). 0, or the errno of what was refused; then only new privileges cannot be gained any more.
[[nodiscard]] int confine_writing(int version, const std::string& scratch);

}  // namespace tocsin::cli
