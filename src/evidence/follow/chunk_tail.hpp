// An EVTX log in use: its chunks are rewritten in place as records come, new ones are appended, and a full log begins
// again at its first chunk. A chunk whose header changed is read again as a whole, once its checksum fits or it stayed
// as it is for two looks; the newest one is always looked at as a whole, since its header may be stale.
//
// Formats: libyal's EVTX document, "File header" and "Chunk".
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "evidence/follow/tail.hpp"

namespace tocsin::evidence {

class ChunkTail final : public Tail {
 public:
  static constexpr std::chrono::seconds kLookAnyway{4};
  // REQUIRES: `file` outlives it.
  explicit ChunkTail(const LiveFile& file) : file_(file) {}
  [[nodiscard]] bool read_on(UnitSink& sink, const Enough& enough) override;
  // Writing through a mapping need not move the time of the file.
  [[nodiscard]] bool waits() const override { return waits_ || Clock::now() - looked_ > kLookAnyway; }
  [[nodiscard]] bool is_rewritten() const override { return file_.stamp().size < position_; }
  void finish(UnitSink& sink, const Enough& enough) override;
  void cut_off(UnitSink&) override {}
  [[nodiscard]] std::uint64_t position() const override { return position_; }
  void identify(SourceInfo& info, bool ended) const override;

 private:
  using Clock = std::chrono::steady_clock;
  struct Chunk {
    std::uint64_t header = 0;   // fingerprint of the header when the chunk was read; 0: never
    std::uint64_t bytes = 0;    // of all bytes, when it was read
    std::uint64_t waiting = 0;  // of all bytes, while they are not sound
    std::uint8_t looks = 0;     // for how many looks they were `waiting`
  };
  [[nodiscard]] bool look_at(std::size_t number, UnitSink& sink, bool last);
  void take_partial(UnitSink& sink);
  [[nodiscard]] bool take(std::size_t number, std::vector<std::byte> bytes, UnitSink& sink);

  const LiveFile& file_;
  std::vector<Chunk> chunks_;
  std::size_t newest_ = 0;
  std::uint64_t newest_record_ = 0, position_ = 0;
  bool waits_ = false;
  Clock::time_point looked_;
};

}  // namespace tocsin::evidence
