// A file that is still written to, held open: another file may take its name meanwhile (rotation), and the renamed one
// is read to its end. Read by pread, never mapped. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "tocsin/result.hpp"

#include "base/descriptor.hpp"
#include "base/file_stamp.hpp"

namespace tocsin::evidence {

class LiveFile {
 public:
  // Errors: not there, not allowed, not a regular file.
  [[nodiscard]] static Result<LiveFile> open(const std::string& real_path);
  // As the open file is now, whatever its name has become; as it was last where the system does not say.
  [[nodiscard]] base::FileStamp stamp() const;
  // Fewer bytes than asked only at the end.
  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> out) const;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  LiveFile(base::Descriptor descriptor, std::string path)
      : descriptor_(std::move(descriptor)), path_(std::move(path)) {}
  base::Descriptor descriptor_;
  std::string path_;
  mutable base::FileStamp last_;
};

// The file of this device and inode does not have this name: another one has it, or none. Where that cannot be asked
// (a share that is away, a right that was taken), it has it yet.
[[nodiscard]] bool has_lost_name(const base::FileStamp& file, const std::string& real_path);

}  // namespace tocsin::evidence
