// Turns damage of one chunk into anomalies of its source, at most kMaxAnomaliesPerChunk of them.
#pragma once

#include <cstdint>
#include <string>

#include "evidence/evtx/damage.hpp"
#include "evidence/reader.hpp"

namespace tocsin::evidence::evtx {

class ChunkAnomalies {
 public:
  // `offset` is the chunk's in the source.
  ChunkAnomalies(AnomalySink& sink, std::uint64_t number, std::uint64_t offset)
      : sink_(sink), number_(number), offset_(offset) {}
  ~ChunkAnomalies() = default;
  ChunkAnomalies(const ChunkAnomalies&) = delete;
  ChunkAnomalies& operator=(const ChunkAnomalies&) = delete;

  // `at` counts from the chunk's beginning; `message` goes on after "Chunk 3: ".
  void add(Code code, std::size_t at, std::uint64_t skipped, const std::string& message);
  // After the chunk: how many were not told.
  void finish();

 private:
  void send(Code code, std::size_t at, std::uint64_t skipped, std::string message);
  AnomalySink& sink_;
  std::uint64_t number_, offset_, count_ = 0;
};

}  // namespace tocsin::evidence::evtx
