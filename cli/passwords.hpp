// The passwords of --archive-password: never on the command line, where every user of the machine can read them (ps,
// /proc, the shell's history).
#pragma once

#include <string>
#include <vector>

#include "tocsin/result.hpp"

namespace tocsin::cli {

// One after the other: what stands in each file, a password a line; for "-" what is typed at the terminal, unseen.
// Errors: a file that cannot be read, is too large or holds no password; no terminal to ask at. They never hold a
// password. To be called before the sandbox is entered.
[[nodiscard]] Result<std::vector<std::string>> read_passwords(const std::vector<std::string>& names);

}  // namespace tocsin::cli
