#include "evidence/evtx/chunk.hpp"

#include <algorithm>
#include <cstring>

#include "base/cursor.hpp"
#include "base/hash.hpp"
#include "evidence/evtx/layout.hpp"

namespace tocsin::evidence::evtx {
namespace {

using base::load_le;

// The most records that fit into a chunk; a header that claims a wider range is damaged.
constexpr std::uint64_t kMaxRecords = (kChunkSize - kChunkHeaderSize) / kMinRecordSize;

bool in_range(std::uint64_t first, std::uint64_t last, std::uint64_t id) {
  return id - first <= last - first;
}

}  // namespace

bool has_chunk_magic(ByteView chunk) {
  return chunk.size() >= kChunkMagic.size() && as_text(chunk.first(kChunkMagic.size())) == kChunkMagic;
}

ChunkHeader read_chunk_header(ByteView chunk) {
  ChunkHeader header;
  header.first_number = load_le<std::uint64_t>(chunk, 8);
  header.last_number = load_le<std::uint64_t>(chunk, 16);
  header.first_id = load_le<std::uint64_t>(chunk, 24);
  header.last_id = load_le<std::uint64_t>(chunk, 32);
  header.last_offset = load_le<std::uint32_t>(chunk, 44);
  header.free_offset = load_le<std::uint32_t>(chunk, 48);
  header.data_crc = load_le<std::uint32_t>(chunk, 52);
  header.flags = load_le<std::uint32_t>(chunk, 120);
  header.header_crc = load_le<std::uint32_t>(chunk, 124);
  return header;
}

std::uint32_t chunk_header_crc(ByteView chunk) {
  return base::crc32(chunk.subspan(128, kChunkHeaderSize - 128), base::crc32(chunk.first(120)));
}

FrameState read_frame(ByteView chunk, std::size_t at, RecordFrame& frame) {
  if (at > chunk.size() || chunk.size() - at < kMinRecordSize) return FrameState::none;
  if (load_le<std::uint32_t>(chunk, at) != kRecordMagic) return FrameState::none;
  const std::size_t size = load_le<std::uint32_t>(chunk, at + 4);
  if (size < kMinRecordSize || size % 8 != 0 || size > chunk.size() - at) return FrameState::none;
  frame.offset = static_cast<std::uint32_t>(at);
  frame.size = static_cast<std::uint32_t>(size);
  frame.id = load_le<std::uint64_t>(chunk, at + 8);
  frame.written = load_le<std::uint64_t>(chunk, at + 16);
  return load_le<std::uint32_t>(chunk, at + size - 4) == size ? FrameState::sound : FrameState::size_copy;
}

bool id_fits(const ChunkHeader& header, std::uint64_t id) {
  const bool ids = header.last_id - header.first_id <= kMaxRecords;
  const bool numbers = header.last_number - header.first_number <= kMaxRecords;
  if (!ids && !numbers) return true;
  return (ids && in_range(header.first_id, header.last_id, id)) ||
         (numbers && in_range(header.first_number, header.last_number, id));
}

std::optional<RecordFrame> find_frame(ByteView chunk, std::size_t at, std::size_t end, const ChunkHeader* header) {
  RecordFrame frame;
  while (at < end) {
    const void* star = std::memchr(chunk.data() + at, 0x2A, end - at);
    if (star == nullptr) return std::nullopt;
    at = static_cast<std::size_t>(static_cast<const std::byte*>(star) - chunk.data());
    if (read_frame(chunk, at, frame) == FrameState::sound && (header == nullptr || id_fits(*header, frame.id)))
      return frame;
    ++at;
  }
  return std::nullopt;
}

}  // namespace tocsin::evidence::evtx
