// How planning looks at the file system: what a path is, and which names a folder holds. Small enough that tests can
// feed millions of names, loops and errors without a disk. One thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "tocsin/result.hpp"

#include "evidence/inputs.hpp"

namespace tocsin::evidence {

struct FileFacts {
  enum class Kind : std::uint8_t { file, folder, symlink, pipe, other };
  Kind kind = Kind::file;
  std::uint64_t size = 0;               // files only
  std::uint64_t device = 0, inode = 0;  // inode 0: unknown, the file cannot be told from others
};

class Lister {
 public:
  // False: no more names are wanted. The view lives for the call.
  using TakeName = std::function<bool(std::string_view name)>;
  virtual ~Lister() = default;
  // `follow`: look at what a symbolic link points to, else at the link itself.
  [[nodiscard]] virtual Result<FileFacts> look(const std::string& path, bool follow) = 0;
  // Gives the names one by one, in any order, without "." and "..". The error: what kept the listing from being
  // complete; the names so far were given.
  [[nodiscard]] virtual std::optional<Error> list(const std::string& folder, const TakeName& take) = 0;
  [[nodiscard]] virtual std::string working_folder() = 0;  // absolute
};

// The real one. Static, stateless.
[[nodiscard]] Lister& system_lister();
// How much of what is handed in is looked at. Each limit is told when it is reached, and what is kept beneath it is the
// first in the order of bytes, whatever the order in which a folder gives its names. Reasons and memory:
// docs/formats/containers.md, "Limits".
struct PlanLimits {
  std::size_t files = 16'000'000;
  std::size_t folders = 2'000'000;
  std::size_t names = 16'000'000;                 // of one folder
  std::size_t name_bytes = std::size_t{1} << 30;  // of one folder
  std::size_t pattern_paths = 1'000'000;          // that one pattern fits
  std::size_t of_a_kind = 1000;                   // anomalies told one by one; the rest is counted
  std::size_t notes = 10'000;                     // for --debug, likewise
};

// As plan_inputs(options), on another file system and with other limits.
[[nodiscard]] InputPlan plan_inputs(const EvidenceOptions& options, Lister& lister, const PlanLimits& limits = {},
                                    const std::atomic<bool>* stop = nullptr);

// The Error of a failed system call: `doing` ("cannot open the file"), the system's words in English whatever the
// locale, and a hint. `place` as the caller knows it.
[[nodiscard]] Error system_error(int number, std::string_view doing, std::string place);

}  // namespace tocsin::evidence
