// A chunk's header and the frames of its records (libyal's EVTX document, "Chunk" and "Event record"). A chunk stands
// alone: no offset leaves it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "tocsin/bytes.hpp"

#include "evidence/evtx/record_event.hpp"

namespace tocsin::evidence::evtx {

struct ChunkHeader {
  std::uint64_t first_number = 0, last_number = 0;  // positions in the log
  std::uint64_t first_id = 0, last_id = 0;
  std::uint32_t last_offset = 0;  // of the last record
  std::uint32_t free_offset = 0;  // behind the last record
  std::uint32_t data_crc = 0, flags = 0, header_crc = 0;
};

[[nodiscard]] bool has_chunk_magic(ByteView chunk);
// REQUIRES: at least kChunkHeaderSize bytes.
[[nodiscard]] ChunkHeader read_chunk_header(ByteView chunk);
[[nodiscard]] std::uint32_t chunk_header_crc(ByteView chunk);

enum class FrameState : std::uint8_t {
  none,       // no magic, or a size that cannot be
  size_copy,  // all well but for the size's copy at the record's end
  sound,
};
// Judges what lies at `at` and fills `frame` unless the state is `none`.
[[nodiscard]] FrameState read_frame(ByteView chunk, std::size_t at, RecordFrame& frame);

// Whether a record with this header id can belong to the chunk: within the header's range, where that range can be.
[[nodiscard]] bool id_fits(const ChunkHeader& header, std::uint64_t id);

// The next sound frame in [at, end), at any alignment, whose id fits.
[[nodiscard]] std::optional<RecordFrame> find_frame(ByteView chunk, std::size_t at, std::size_t end,
                                                    const ChunkHeader* header);

}  // namespace tocsin::evidence::evtx
