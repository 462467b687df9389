#include "landlock.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tocsin::cli {
namespace {

// The same numbers on every architecture.
constexpr long kCreateRuleset = 444, kAddRule = 445, kRestrictSelf = 446;
constexpr std::uint32_t kAskVersion = 1;
constexpr int kPathBeneath = 1;

// Rights over files.
constexpr std::uint64_t kExecute = 1ULL << 0, kWriteFile = 1ULL << 1;
constexpr std::uint64_t kRemoveFolder = 1ULL << 4, kRemoveFile = 1ULL << 5;
constexpr std::uint64_t kMakeCharacterDevice = 1ULL << 6, kMakeFolder = 1ULL << 7, kMakeFile = 1ULL << 8;
constexpr std::uint64_t kMakeSocket = 1ULL << 9, kMakePipe = 1ULL << 10, kMakeBlockDevice = 1ULL << 11;
constexpr std::uint64_t kMakeLink = 1ULL << 12;
constexpr std::uint64_t kRefer = 1ULL << 13;     // ABI 2
constexpr std::uint64_t kTruncate = 1ULL << 14;  // ABI 3
constexpr std::uint64_t kControl = 1ULL << 15;   // ABI 5
// ABI 4, over TCP ports; ABI 6, over what lies outside.
constexpr std::uint64_t kTcp = 0b11, kScopes = 0b11;

constexpr std::uint64_t kScratch = kWriteFile | kRemoveFolder | kRemoveFile | kMakeFolder | kMakeFile | kTruncate;

struct Ruleset {
  std::uint64_t files = 0, net = 0, scoped = 0;
};
struct __attribute__((packed)) PathRule {
  std::uint64_t allowed = 0;
  std::int32_t folder = -1;
};

Ruleset ruleset(int version) {
  Ruleset all;
  all.files = kExecute | kWriteFile | kRemoveFolder | kRemoveFile | kMakeCharacterDevice | kMakeFolder | kMakeFile |
              kMakeSocket | kMakePipe | kMakeBlockDevice | kMakeLink;
  if (version >= 2) all.files |= kRefer;
  if (version >= 3) all.files |= kTruncate;
  if (version >= 4) all.net = kTcp;
  if (version >= 5) all.files |= kControl;
  if (version >= 6) all.scoped = kScopes;
  return all;
}

// Each version knows as much of the struct as it needs.
std::size_t size_for(int version) {
  return version >= 6 ? sizeof(Ruleset) : version >= 4 ? 2 * sizeof(std::uint64_t) : sizeof(std::uint64_t);
}

int allow(int rules, const std::string& folder, std::uint64_t rights) {
  PathRule rule{rights, open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  if (rule.folder < 0) return errno;
  const int error = syscall(kAddRule, rules, kPathBeneath, &rule, 0U) == 0 ? 0 : errno;
  close(rule.folder);
  return error;
}

}  // namespace

int landlock_version() {
  return static_cast<int>(std::max(0L, syscall(kCreateRuleset, nullptr, std::size_t{0}, kAskVersion)));
}

int confine_writing(int version, const std::string& scratch) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
  const Ruleset handled = ruleset(version);
  const int rules = static_cast<int>(syscall(kCreateRuleset, &handled, size_for(version), 0U));
  if (rules < 0) return errno;
  int error = scratch.empty() ? 0 : allow(rules, scratch, kScratch & handled.files);
  if (error == 0 && syscall(kRestrictSelf, rules, 0U) != 0) error = errno;
  close(rules);
  return error;
}

}  // namespace tocsin::cli
