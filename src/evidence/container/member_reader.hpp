// What every reader of a container offers: its members one after the other, each as a stream of bytes. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tocsin::evidence {

// What keeps a container or a member from being read; becomes an Anomaly.
struct Trouble {
  std::string code, message, remedy;
};
// The trouble behind the words of a library ("encrypted", "unsupported method", "bad CRC", else damage), which are the
// only thing that tells kinds of failure apart.
[[nodiscard]] Trouble classify_trouble(std::string_view words);

struct ArchiveMember {
  enum class Type : std::uint8_t { file, folder, other };
  std::string name;  // as stored; compressed streams have none
  Type type = Type::file;
  bool encrypted = false;
  std::optional<std::uint64_t> size;  // as the container says
};

class MemberReader {
 public:
  enum class Next : std::uint8_t { member, trouble, end, fatal };
  virtual ~MemberReader() = default;
  // Goes to the next member. After `trouble` the next one may be asked for; after `end` and `fatal` not.
  [[nodiscard]] virtual Next next(ArchiveMember& member) = 0;
  // Bytes of the current member in order; 0: its end. nullopt: trouble().
  // REQUIRES: `out` is not empty, and not called again behind the end or trouble.
  [[nodiscard]] virtual std::optional<std::size_t> read(std::span<std::byte> out) = 0;
  [[nodiscard]] virtual const Trouble& trouble() const = 0;
  // The last trouble ended the whole container.
  [[nodiscard]] virtual bool is_fatal() const = 0;
  // True where the rest of the current member can be left out without decompressing it.
  [[nodiscard]] virtual bool can_skip() const = 0;
  // Bytes of the container that were read so far, repeats counted.
  [[nodiscard]] virtual std::uint64_t consumed() const = 0;
};

}  // namespace tocsin::evidence
