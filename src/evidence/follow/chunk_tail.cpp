#include "evidence/follow/chunk_tail.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/hash.hpp"
#include "base/quick_hash.hpp"
#include "evidence/evtx/chunk.hpp"
#include "evidence/evtx/damage.hpp"
#include "evidence/evtx/layout.hpp"
#include "evidence/trouble.hpp"

namespace tocsin::evidence {
namespace {

using evtx::ChunkHeader, evtx::chunk_header_crc, evtx::has_chunk_magic, evtx::read_chunk_header;
using evtx::Code, evtx::code_name, evtx::code_remedy;
using evtx::kChunkHeaderSize, evtx::kChunkSize, evtx::kFileHeaderSize, evtx::kNoCrc, evtx::kUnitPartial;

constexpr std::size_t kHeaderBytes = 128;      // of a chunk: all that changes with its records
constexpr std::size_t kMaxChunks = 1'000'000;  // 64 GB; Windows keeps logs below 4
constexpr std::uint8_t kLooks = 2;

// Never 0.
std::uint64_t fingerprint(ByteView bytes) {
  return base::key_hash(as_text(bytes)) | 1U;
}

// Header and records are of one moment.
bool is_sound(ByteView chunk, const ChunkHeader& header) {
  if (header.free_offset < kChunkHeaderSize || header.free_offset > kChunkSize) return false;
  if ((header.flags & kNoCrc) != 0) return true;
  return chunk_header_crc(chunk) == header.header_crc &&
         base::crc32(chunk.subspan(kChunkHeaderSize, header.free_offset - kChunkHeaderSize)) == header.data_crc;
}

}  // namespace

bool ChunkTail::read_on(UnitSink& sink, const Enough& enough) {
  waits_ = false;
  looked_ = Clock::now();
  const std::uint64_t size = file_.stamp().size;
  if (size < kFileHeaderSize) return true;
  const auto count =
      static_cast<std::size_t>(std::min<std::uint64_t>((size - kFileHeaderSize) / kChunkSize, kMaxChunks));
  if (chunks_.size() < count) chunks_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (enough()) return waits_ = true;
    if (!look_at(i, sink, false)) return false;
  }
  position_ = std::max(position_, kFileHeaderSize + std::uint64_t{count} * kChunkSize);
  return true;
}

bool ChunkTail::look_at(std::size_t number, UnitSink& sink, bool last) {
  Chunk& chunk = chunks_[number];
  const std::uint64_t at = kFileHeaderSize + std::uint64_t{number} * kChunkSize;
  std::array<std::byte, kHeaderBytes> head{};
  const Result<std::size_t> got = file_.read_at(at, head);
  if (!got || *got < head.size() || !has_chunk_magic(head)) return true;
  const std::uint64_t header = fingerprint(head);
  if (header == chunk.header && number != newest_ && chunk.looks == 0) return true;
  std::vector<std::byte> bytes(kChunkSize);
  const Result<std::size_t> all = file_.read_at(at, bytes);
  if (!all || *all < bytes.size()) return true;
  const std::uint64_t whole = fingerprint(bytes);
  if (whole == chunk.bytes) return true;
  if (!last && !is_sound(bytes, read_chunk_header(bytes))) {
    chunk.looks = whole == chunk.waiting ? static_cast<std::uint8_t>(chunk.looks + 1) : std::uint8_t{1};
    chunk.waiting = whole;
    waits_ = chunk.looks <= kLooks;
    if (chunk.looks <= kLooks) return true;
  }
  chunk = {.header = fingerprint(ByteView(bytes).first(kHeaderBytes)), .bytes = whole};
  return take(number, std::move(bytes), sink);
}

bool ChunkTail::take(std::size_t number, std::vector<std::byte> bytes, UnitSink& sink) {
  const ChunkHeader header = read_chunk_header(bytes);
  if (header.last_number >= newest_record_) {
    newest_record_ = header.last_number;
    newest_ = number;
  }
  Unit unit;
  unit.offset = kFileHeaderSize + std::uint64_t{number} * kChunkSize;
  unit.number = number;
  unit.bytes = std::move(bytes);
  return sink.on_unit(std::move(unit));
}

void ChunkTail::finish(UnitSink& sink, const Enough& enough) {
  if (!read_on(sink, enough) || enough()) return;
  for (std::size_t i = 0; i < chunks_.size(); ++i) {
    if ((i == newest_ || chunks_[i].looks > 0) && !look_at(i, sink, true)) return;
  }
  take_partial(sink);
}

// A file that ends inside a chunk gets no more bytes: what is whole in them is read.
void ChunkTail::take_partial(UnitSink& sink) {
  std::vector<std::byte> bytes(kChunkSize);
  const std::uint64_t at = kFileHeaderSize + std::uint64_t{chunks_.size()} * kChunkSize;
  bytes.resize(file_.read_at(at, bytes).value_or(0));
  if (bytes.size() == kChunkSize || !has_chunk_magic(bytes)) return;
  sink.on_anomaly(make_anomaly(code_name(Code::file_truncated),
                               fmt::format("Expected a chunk of 65536 bytes at the end of the file, found {} bytes; "
                                           "what is whole in them was read.",
                                           bytes.size()),
                               code_remedy(Code::file_truncated), at));
  Unit unit;
  unit.offset = at;
  unit.number = chunks_.size();
  unit.flags = kUnitPartial;
  unit.bytes = std::move(bytes);
  if (sink.on_unit(std::move(unit))) position_ = file_.stamp().size;
}

void ChunkTail::identify(SourceInfo& info, bool) const {
  info.size = position_;
  info.no_hash = "the log was written to while it was read, and its chunks change in place";
}

}  // namespace tocsin::evidence
