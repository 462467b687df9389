// A gzip stream as a container of one member. Not through libarchive, which loses the last 64 KiB before a cut and does
// not look at the checksums.
#pragma once

#include <vector>

#include "base/gunzip.hpp"
#include "evidence/container/member_reader.hpp"
#include "evidence/hashing_stream.hpp"

namespace tocsin::evidence {

class GzipReader final : public MemberReader {
 public:
  // Reads `stream` from its beginning. REQUIRES: it outlives the reader.
  explicit GzipReader(HashingStream& stream) : stream_(stream) {}
  [[nodiscard]] Next next(ArchiveMember& member) override;
  [[nodiscard]] std::optional<std::size_t> read(std::span<std::byte> out) override;
  [[nodiscard]] const Trouble& trouble() const override { return trouble_; }
  [[nodiscard]] bool is_fatal() const override { return fatal_; }
  [[nodiscard]] bool can_skip() const override { return false; }
  [[nodiscard]] std::uint64_t consumed() const override { return consumed_; }

 private:
  [[nodiscard]] bool refill();
  [[nodiscard]] std::optional<std::size_t> end_of_input();
  [[nodiscard]] std::optional<std::size_t> fail_with(Trouble trouble);

  HashingStream& stream_;
  base::Gunzip gunzip_;
  std::vector<std::byte> buffer_;
  ByteView input_;  // what is left of the buffer
  std::uint64_t consumed_ = 0;
  base::Gunzip::State state_ = base::Gunzip::State::more;
  bool started_ = false, ended_ = false, fatal_ = false;
  std::optional<Trouble> pending_;  // met behind bytes that are handed out first
  Trouble trouble_;
};

}  // namespace tocsin::evidence
