// Cuts an EVTX file into chunks: the file header, then one chunk every 65,536 bytes up to the end of the file. The
// number of chunks comes from the file's length: the header's count is stale in logs of a running machine, and too
// narrow beyond 4 GiB.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "evidence/evtx/carve_planner.hpp"
#include "evidence/evtx/damage.hpp"
#include "evidence/reader.hpp"

namespace tocsin::evidence::evtx {

class ChunkCutter final : public Cutter {
 public:
  explicit ChunkCutter(bool carve) : carve_(carve ? std::make_unique<CarvePlanner>() : nullptr) {}
  [[nodiscard]] bool feed(ByteView block, UnitSink& sink) override;
  [[nodiscard]] bool flush(UnitSink& sink) override;
  void finish(UnitSink& sink) override;

 private:
  void check_file_header(UnitSink& sink);
  [[nodiscard]] bool send(UnitSink& sink, std::uint32_t flags);
  void note_count(UnitSink& sink);
  void note_missing(UnitSink& sink);
  [[nodiscard]] std::string missing_words() const;
  void report(UnitSink& sink, Code code, std::uint64_t offset, std::uint64_t skipped, std::string message);

  std::unique_ptr<CarvePlanner> carve_;  // null: slack is left alone
  std::vector<std::byte> pending_;       // file header or chunk so far
  bool header_done_ = false;
  std::uint64_t offset_ = 0;  // of pending_[0]
  std::uint64_t chunk_ = 0;   // number of the pending chunk
  std::uint64_t chunks_with_magic_ = 0, last_used_ = 0;
  std::uint64_t header_count_ = 0;
  std::uint32_t flags_ = 0;
  bool header_sound_ = false;
};

}  // namespace tocsin::evidence::evtx
