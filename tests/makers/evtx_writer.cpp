#include "tests/makers/evtx_writer.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "base/hash.hpp"

namespace tocsin::makers {
namespace {

constexpr std::size_t kFileHeaderSize = 4096;

}  // namespace

EvtxWriter::EvtxWriter(EvtxOptions options) : options_(options), next_id_(options.first_record_id) {}

void EvtxWriter::add(EventSpec spec) {
  add(std::move(spec), options_.shape);
}

void EvtxWriter::add(EventSpec spec, const EvtxShape& shape) {
  if (spec.record_id == 0) spec.record_id = next_id_;
  if (!slack_) next_id_ = spec.record_id + 1;
  Fragment body = templates_.build(spec, shape);
  if (!options_.shape.exported) return put_record({spec.record_id, spec.time}, body);
  flush_pending(spec.time);
  pending_ = Pending{{0, spec.time}, std::move(body)};
  if (slack_) flush_pending(std::nullopt);
}

void EvtxWriter::add_raw(const RecordHead& head, const Fragment& body) {
  flush_pending(head.written);
  if (!slack_) next_id_ = head.id + 1;
  put_record(head, body);
}

void EvtxWriter::flush_pending(std::optional<Timestamp> next) {
  if (!pending_) return;
  Pending record = std::move(*pending_);
  pending_.reset();
  record.head.id = number_;  // exports count anew from 1
  if (next) record.head.written = *next;
  put_record(record.head, record.body);
}

void EvtxWriter::put_record(const RecordHead& head, const Fragment& body) {
  if (!chunk_.add(head, body)) {
    close_chunk();
    const bool fits = chunk_.add(head, body);
    assert(fits && "an event larger than a chunk");
    (void)fits;
  }
  if (!slack_) ++number_;
}

void EvtxWriter::end_chunk() {
  flush_pending(std::nullopt);
  close_chunk();
}

void EvtxWriter::close_chunk() {
  if (chunk_.empty()) return;
  chunks_.push_back(chunk_.finish(chunk_first_number_, options_.checksums));
  chunk_ = ChunkBuilder();
  chunk_first_number_ = number_;
  slack_ = false;
}

void EvtxWriter::add_empty_chunk() {
  end_chunk();
  chunks_.emplace_back(kChunkSize, '\0');
}

void EvtxWriter::begin_slack() {
  flush_pending(std::nullopt);
  chunk_.begin_slack();
  slack_ = true;
}

std::string EvtxWriter::finish() {
  end_chunk();
  const std::size_t count = chunks_.size();
  std::string file(kFileHeaderSize, '\0');
  std::memcpy(file.data(), "ElfFile\0", 8);
  const std::size_t oldest = count == 0 ? 0 : options_.first_chunk % count;
  put_le(file, 8, std::uint64_t{oldest});
  put_le(file, 16, std::uint64_t{count == 0 ? 0 : (oldest + count - 1) % count});
  put_le(file, 24, options_.shape.exported ? number_ : next_id_);
  put_le(file, 32, std::uint32_t{128});
  put_le(file, 36, options_.minor_version);
  put_le(file, 38, std::uint16_t{3});
  put_le(file, 40, static_cast<std::uint16_t>(kFileHeaderSize));
  put_le(file, 42, options_.stale_chunk_count.value_or(static_cast<std::uint16_t>(count)));
  put_le(file, 120, static_cast<std::uint32_t>((options_.dirty ? 1U : 0U) | (options_.checksums ? 0U : 4U)));
  if (options_.checksums) put_le(file, 124, base::crc32(as_bytes(std::string_view(file).substr(0, 120))));
  // The oldest chunk stands at index `oldest`, the next ones behind it and then from the file's beginning on.
  std::ranges::rotate(
      chunks_, chunks_.begin() + static_cast<std::ptrdiff_t>((count - oldest) % std::max<std::size_t>(count, 1)));
  for (const std::string& chunk : chunks_) file += chunk;
  return file;
}

}  // namespace tocsin::makers
