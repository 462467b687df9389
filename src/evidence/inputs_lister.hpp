// How planning looks at the file system: what a path is, and which names a folder holds. Small enough that tests can
// feed millions of names, loops and errors without a disk. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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
  struct Listing {
    std::vector<std::string> names;  // in any order, without "." and ".."
    std::optional<Error> error;      // what kept it from being complete; the names so far stay
  };
  virtual ~Lister() = default;
  // `follow`: look at what a symbolic link points to, else at the link itself.
  [[nodiscard]] virtual Result<FileFacts> look(const std::string& path, bool follow) = 0;
  [[nodiscard]] virtual Listing list(const std::string& folder) = 0;
  [[nodiscard]] virtual std::string working_folder() = 0;  // absolute
};

// The real one. Static, stateless.
[[nodiscard]] Lister& system_lister();
// As plan_inputs(options), on another file system.
[[nodiscard]] InputPlan plan_inputs(const EvidenceOptions& options, Lister& lister);

// The Error of a failed system call: `doing` ("cannot open the file"), the system's words in English whatever the
// locale, and a hint. `place` as the caller knows it.
[[nodiscard]] Error system_error(int number, std::string_view doing, std::string place);

}  // namespace tocsin::evidence
