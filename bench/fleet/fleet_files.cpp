#include "bench/fleet/fleet_files.hpp"

#include <cstring>

#include "base/hash.hpp"

namespace tocsin::bench {
namespace {

constexpr std::size_t kHeader = 4096;
constexpr std::size_t kBlock = std::size_t{1} << 20;

std::string evtx_header(std::uint64_t chunks, std::uint64_t next_id) {
  std::string header(kHeader, '\0');
  std::memcpy(header.data(), "ElfFile\0", 8);
  makers::put_le(header, 16, chunks == 0 ? std::uint64_t{0} : chunks - 1);
  makers::put_le(header, 24, next_id);
  makers::put_le(header, 32, std::uint32_t{128});
  makers::put_le(header, 36, std::uint16_t{1});
  makers::put_le(header, 38, std::uint16_t{3});
  makers::put_le(header, 40, static_cast<std::uint16_t>(kHeader));
  makers::put_le(header, 42, static_cast<std::uint16_t>(std::min<std::uint64_t>(chunks, 0xFFFF)));
  makers::put_le(header, 124, base::crc32(as_bytes(std::string_view(header).substr(0, 120))));
  return header;
}

Result<void> closed(std::ofstream& out, const std::filesystem::path& path) {
  out.close();
  if (!out) return fail(ErrorCode::io, "cannot be written", path.string());
  return {};
}

}  // namespace

EvtxFile::EvtxFile(std::filesystem::path path) : path_(std::move(path)), out_(path_, std::ios::binary) {
  out_ << std::string(kHeader, '\0');
}

void EvtxFile::add(Timestamp time, const makers::Fragment& body) {
  const makers::RecordHead head{next_id_, time};
  if (!chunk_.add(head, body)) {
    end_chunk();
    if (!chunk_.add(head, body)) out_.setstate(std::ios::failbit);  // larger than a chunk: told by finish()
  }
  ++next_id_;
}

void EvtxFile::end_chunk() {
  if (chunk_.empty()) return;
  const std::string bytes = chunk_.finish(chunk_first_, true);
  out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  chunk_ = makers::ChunkBuilder();
  chunk_first_ = next_id_;
  ++chunks_;
}

Result<void> EvtxFile::finish() {
  end_chunk();
  out_.seekp(0);
  out_ << evtx_header(chunks_, next_id_);
  return closed(out_, path_);
}

NdjsonFile::NdjsonFile(std::filesystem::path path) : path_(std::move(path)), out_(path_, std::ios::binary) {}

void NdjsonFile::flush(bool all) {
  if (!all && block_.size() < kBlock) return;
  out_.write(block_.data(), static_cast<std::streamsize>(block_.size()));
  bytes_ += block_.size();
  block_.clear();
}

Result<void> NdjsonFile::finish() {
  flush(true);
  return closed(out_, path_);
}

}  // namespace tocsin::bench
