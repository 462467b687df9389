// seccomp: the system calls that reading evidence never needs are refused by the kernel.
#pragma once

namespace tocsin::cli {

// Whether the running kernel can filter system calls.
[[nodiscard]] bool can_forbid_system_calls();

// From now on this thread, and every thread it starts, gets EPERM for: sockets of any kind, starting programs and
// processes, looking into other processes, changing modes, owners, times and attributes of files, links, mounts, typing
// into the terminal, and what administers the machine. A list of what is forbidden, not of what is allowed: a new C
// library that reads in another way must not fail (decision 0015). 0, or the errno of what was refused.
[[nodiscard]] int forbid_system_calls();

}  // namespace tocsin::cli
