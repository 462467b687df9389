// One container, member by member, through libarchive: the only place that knows its API.
//
// Exactly one format or filter is enabled, the one that was recognised: none that starts a program, and no guessing.
// Names come as bytes, independent of the process's locale. Never writes. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "tocsin/bytes.hpp"

#include "evidence/container/kind.hpp"
#include "evidence/container/member_reader.hpp"
#include "evidence/hashing_stream.hpp"

namespace tocsin::evidence {

class ArchiveReader final : public MemberReader {
 public:
  // Reads `stream` from its beginning to its end.
  ArchiveReader(ContainerKind kind, HashingStream& stream);
  // Reads `source`, which can seek, in any order.
  ArchiveReader(ContainerKind kind, ByteSource& source);
  ~ArchiveReader() override;
  // For encrypted members; each is tried. To be called before next().
  void use_passwords(std::span<const std::string> passwords);
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;

  [[nodiscard]] Next next(ArchiveMember& member) override;
  [[nodiscard]] std::optional<std::size_t> read(std::span<std::byte> out) override;
  [[nodiscard]] const Trouble& trouble() const override;
  [[nodiscard]] bool is_fatal() const override;
  [[nodiscard]] bool can_skip() const override;
  [[nodiscard]] std::uint64_t consumed() const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Makes ready what must not be opened once a scan has begun (the tables behind member names and times).
void prepare_archive_reading();

}  // namespace tocsin::evidence
