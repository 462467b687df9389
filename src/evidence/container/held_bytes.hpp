// A stream's bytes, held so that they can be read in any order: in memory up to a limit, then in a scratch file that
// the levels of nesting share. They are let go in the reverse order, so the file is a stack. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "tocsin/bytes.hpp"
#include "tocsin/result.hpp"

#include "base/scratch_file.hpp"
#include "evidence/container/budget.hpp"
#include "evidence/hashing_stream.hpp"

namespace tocsin::evidence {

class HeldBytes final : public ByteSource {
 public:
  // `scratch` may be null: then memory is all there is. REQUIRES: what is referred to outlives this.
  HeldBytes(base::ScratchFile* scratch, const ContainerLimits& limits, InputUsage& usage)
      : scratch_(scratch), limits_(limits), usage_(usage) {}
  ~HeldBytes() override;
  HeldBytes(const HeldBytes&) = delete;
  HeldBytes& operator=(const HeldBytes&) = delete;

  // An error: there is no more room; these bytes are not held, those before are.
  [[nodiscard]] Result<void> append(ByteView bytes);
  [[nodiscard]] bool on_disk() const { return on_disk_; }

  [[nodiscard]] std::optional<std::uint64_t> size() const override { return size_; }
  [[nodiscard]] bool seekable() const override { return true; }
  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> out) override;

 private:
  [[nodiscard]] Result<void> move_to_disk();

  base::ScratchFile* scratch_;
  const ContainerLimits& limits_;
  InputUsage& usage_;
  std::vector<std::byte> memory_;
  std::uint64_t size_ = 0, begin_ = 0;  // begin_: in the scratch file
  bool on_disk_ = false;
};

// Held bytes, then `pending`, and then what is left of the stream they were taken from: for reading on as a stream when
// they turned out to be too many.
class ResumedStream final : public ByteSource {
 public:
  ResumedStream(HeldBytes& held, std::vector<std::byte> pending, HashingStream& rest)
      : held_(held), pending_(std::move(pending)), rest_(rest) {}
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return std::nullopt; }
  [[nodiscard]] bool seekable() const override { return false; }
  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> out) override;

 private:
  HeldBytes& held_;
  std::vector<std::byte> pending_;
  HashingStream& rest_;
};

}  // namespace tocsin::evidence
