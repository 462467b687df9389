// Generations that were read to their end, as their copies have them: copied and truncated, moved away and brought
// back. By how they begin and the hash of what was read. The latest only. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "tocsin/bytes.hpp"

#include "evidence/follow/tail.hpp"

namespace tocsin::evidence {

class FinishedLogs {
 public:
  static constexpr std::size_t kHeadBytes = 4096;  // by which a copy is suspected
  static constexpr std::size_t kMost = 256;

  // One may be the beginning of the other, as far as both are known.
  [[nodiscard]] static bool are_alike(ByteView file, std::string_view head);

  // `size` bytes were read, the first of them `head`.
  void add(std::string head, std::uint64_t size, std::string sha256);
  [[nodiscard]] bool has_alike(ByteView file) const;
  // One that a file of this size can be the beginning of.
  [[nodiscard]] bool has_longer(ByteView file, std::uint64_t size) const;
  // How many of the file's first bytes are those of one: the most. 0: of none. nullopt: it could not be read, or it was
  // enough.
  [[nodiscard]] std::optional<std::uint64_t> read_before(const LiveFile& file, ByteView head,
                                                         const Tail::Enough& enough) const;

 private:
  struct Finished {
    std::string head;
    std::uint64_t size = 0;
    std::string sha256;
  };
  std::deque<Finished> all_;
};

}  // namespace tocsin::evidence
