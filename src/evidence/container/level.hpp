// One level of nesting while containers are walked: a container, the reader of its members, and the member that is
// being read as a stream. Levels own what they read from; a level must not outlive the one below it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evidence/container/budget.hpp"
#include "evidence/container/held_bytes.hpp"
#include "evidence/container/kind.hpp"
#include "evidence/container/member_names.hpp"
#include "evidence/container/member_reader.hpp"
#include "evidence/container/sparse_members.hpp"
#include "evidence/file_source.hpp"
#include "evidence/hashing_stream.hpp"

namespace tocsin::evidence {

// The current member of a reader as a source that cannot seek. Counts what comes out against the limits.
class MemberSource final : public ByteSource {
 public:
  MemberSource(MemberReader& reader, const ContainerLimits& limits, InputUsage& usage)
      : reader_(reader), limits_(limits), usage_(usage), consumed_before_(reader.consumed()) {}
  [[nodiscard]] std::optional<std::uint64_t> size() const override { return std::nullopt; }
  [[nodiscard]] bool seekable() const override { return false; }
  // An Error only says that there was trouble; trouble() says which.
  [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> out) override;

  [[nodiscard]] const Trouble& trouble() const { return over_budget_ ? *over_budget_ : reader_.trouble(); }
  [[nodiscard]] bool over_budget() const { return over_budget_.has_value(); }

 private:
  void check_budget();

  MemberReader& reader_;
  const ContainerLimits& limits_;
  InputUsage& usage_;
  std::uint64_t consumed_before_;
  std::uint64_t position_ = 0;
  std::optional<Trouble> over_budget_;
};

struct Member {
  Member(MemberReader& reader, const ContainerLimits& limits, InputUsage& usage, bool hash)
      : source(reader, limits, usage), stream(source, hash) {}
  MemberSource source;
  HashingStream stream;
};

struct Level {
  ContainerKind kind = ContainerKind::zip;
  std::string path;                        // container path of this container; empty for the input itself
  std::string lone_name;                   // what a compressed stream's one member is called
  std::unique_ptr<Member> outer;           // the member of the level below that this container is; none for the input
  HashingStream* stream = nullptr;         // this container's bytes
  std::unique_ptr<HeldBytes> held;         // all of them, where they had to be held to be read in any order
  std::unique_ptr<ResumedStream> resumed;  // instead, where they were too many for that
  std::unique_ptr<HashingStream> resumed_stream;
  std::unique_ptr<MemberReader> reader;
  MemberNames names;
  SparseIndexes holes;  // of a zip's members, by their names

  // Lets go of what it reads from, but for `outer`. Nothing can be read after that.
  void close() {
    reader.reset();
    resumed_stream.reset();
    resumed.reset();
    held.reset();
  }
};

}  // namespace tocsin::evidence
