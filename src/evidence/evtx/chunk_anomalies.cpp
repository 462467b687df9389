#include "evidence/evtx/chunk_anomalies.hpp"

#include <fmt/format.h>

#include "evidence/evtx/limits.hpp"

namespace tocsin::evidence::evtx {

void ChunkAnomalies::send(Code code, std::size_t at, std::uint64_t skipped, std::string message) {
  Anomaly anomaly;
  anomaly.code = code_name(code);
  anomaly.message = std::move(message);
  anomaly.remedy = code_remedy(code);
  anomaly.offset = offset_ + at;
  anomaly.skipped = skipped;
  sink_.on_anomaly(std::move(anomaly));
}

void ChunkAnomalies::add(Code code, std::size_t at, std::uint64_t skipped, const std::string& message) {
  if (++count_ > kMaxAnomaliesPerChunk) return;
  send(code, at, skipped, fmt::format("Chunk {}: {}", number_, message));
}

void ChunkAnomalies::finish() {
  if (count_ <= kMaxAnomaliesPerChunk) return;
  send(Code::too_many_anomalies, 0, 0,
       fmt::format("Chunk {}: expected at most {} anomalies, found {}; the rest is not listed.", number_,
                   kMaxAnomaliesPerChunk, count_));
}

}  // namespace tocsin::evidence::evtx
