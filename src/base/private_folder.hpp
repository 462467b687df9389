// A folder of files that can be made again at any time, and that only this user may see: a cache. Files appear whole
// under their names or not at all, whoever else writes; the oldest go when there are too many.
//
// Everything is done relative to the open folder, so that exchanging it for a link changes nothing. Safe against other
// processes; one thread at a time.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/result.hpp"

#include "base/descriptor.hpp"

namespace tocsin::base {

class PrivateFolder {
 public:
  enum class Missing : std::uint8_t { is_error, is_made };
  // An absolute path. Refused: a link, a folder of another user, one that others may write to or look into. A folder
  // that is made, and the one above it, get the mode 0700; above that everything must be there, and what it is made in
  // must be this user's.
  [[nodiscard]] static Result<PrivateFolder> open(const std::string& path, Missing missing);

  struct Free {
    void operator()(char* bytes) const { std::free(bytes); }
  };
  struct File {
    std::unique_ptr<char[], Free> bytes;  // aligned for anything
    std::size_t size = 0;
    [[nodiscard]] std::string_view view() const { return {bytes.get(), size}; }
  };
  // Refused as the folder is; and what is no file, or larger than `limit`.
  [[nodiscard]] Result<File> read(const std::string& name, std::size_t limit) const;
  // Replaces what is there.
  [[nodiscard]] Result<void> write(const std::string& name, std::string_view bytes) const;

  struct Entry {
    std::string name;
    std::uint64_t size = 0;
    std::int64_t modified = 0;  // ns since 1970
  };
  // Files whose names end so, the oldest first.
  [[nodiscard]] std::vector<Entry> list(std::string_view suffix) const;
  // Removes the oldest of these until so many files and bytes are left; and what writers that were killed left behind.
  void prune(std::string_view suffix, std::size_t most_files, std::uint64_t most_bytes) const;

 private:
  PrivateFolder(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  Descriptor descriptor_;
  std::string path_;  // for messages
};

}  // namespace tocsin::base
