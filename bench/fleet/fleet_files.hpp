// The files of a fleet while they are written: one EVTX file for each machine and channel, or one NDJSON file for each
// machine. Memory stays flat: a chunk or a block is written as soon as it is full.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "tocsin/result.hpp"

#include "tests/makers/chunk_builder.hpp"

namespace tocsin::bench {

class EvtxFile {
 public:
  explicit EvtxFile(std::filesystem::path path);
  [[nodiscard]] std::uint64_t next_id() const { return next_id_; }
  void add(Timestamp time, const makers::Fragment& body);
  // Writes what is left and the header.
  [[nodiscard]] Result<void> finish();
  [[nodiscard]] std::uint64_t bytes() const { return 4096 + chunks_ * makers::kChunkSize; }

 private:
  void end_chunk();

  std::filesystem::path path_;
  std::ofstream out_;
  makers::ChunkBuilder chunk_;
  std::uint64_t next_id_ = 1, chunk_first_ = 1, chunks_ = 0;
};

class NdjsonFile {
 public:
  explicit NdjsonFile(std::filesystem::path path);
  // For the caller to append whole lines to; flush() after each.
  [[nodiscard]] std::string& block() { return block_; }
  void flush(bool all = false);
  [[nodiscard]] Result<void> finish();
  [[nodiscard]] std::uint64_t bytes() const { return bytes_ + block_.size(); }

 private:
  std::filesystem::path path_;
  std::ofstream out_;
  std::string block_;
  std::uint64_t bytes_ = 0;
};

}  // namespace tocsin::bench
