#include "evidence/evtx/cutter.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "base/cursor.hpp"
#include "base/hash.hpp"
#include "evidence/evtx/chunk.hpp"
#include "evidence/evtx/layout.hpp"
#include "evidence/evtx/limits.hpp"

namespace tocsin::evidence::evtx {
namespace {

using base::load_le;

bool all_zero(ByteView bytes) {
  return bytes.empty() ||
         (bytes[0] == std::byte{0} && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

}  // namespace

void ChunkCutter::report(UnitSink& sink, Code code, std::uint64_t offset, std::uint64_t skipped, std::string message) {
  Anomaly anomaly;
  anomaly.code = code_name(code);
  anomaly.message = std::move(message);
  anomaly.remedy = code_remedy(code);
  anomaly.offset = offset;
  anomaly.skipped = skipped;
  sink.on_anomaly(std::move(anomaly));
}

void ChunkCutter::check_file_header(UnitSink& sink) {
  const ByteView header(pending_);
  header_sound_ = as_text(header.first(kFileMagic.size())) == kFileMagic;
  if (!header_sound_) {
    report(sink, Code::file_header, 0, 0,
           "Expected ElfFile at the beginning of the file, found other bytes; chunks were "
           "looked for where they would lie.");
    return;
  }
  header_count_ = load_le<std::uint16_t>(header, 42);
  flags_ = load_le<std::uint32_t>(header, 120);
  const std::uint32_t sum = base::crc32(header.first(120));
  const auto stored = load_le<std::uint32_t>(header, 124);
  if ((flags_ & kNoCrc) == 0 && sum != stored) {
    report(sink, Code::file_checksum, 124, 0,
           fmt::format("Expected the file header's checksum {:#010x}, found {:#010x}; all chunks were read.", stored,
                       sum));
  }
  if ((flags_ & kFileFull) != 0) {
    report(sink, Code::file_full, 120, 0,
           "The log says that it was full and kept its old events: what happened later is not in it.");
  }
}

// Hands on the pending chunk, unless it was never used.
bool ChunkCutter::send(UnitSink& sink, std::uint32_t flags) {
  Unit unit;
  unit.offset = offset_;
  unit.number = chunk_;
  unit.flags = flags;
  unit.bytes = std::move(pending_);
  pending_.clear();
  offset_ += unit.bytes.size();
  ++chunk_;
  if (all_zero(unit.bytes)) return true;
  if (has_chunk_magic(unit.bytes)) {
    ++chunks_with_magic_;
    last_used_ = chunk_;
  }
  if (carve_ != nullptr) {
    carve_->survey(unit);
    if (carve_->full() && !carve_->release(sink)) return false;
  }
  return sink.on_unit(std::move(unit));
}

bool ChunkCutter::feed(ByteView block, UnitSink& sink) {
  while (!block.empty()) {
    const std::size_t wanted = header_done_ ? kChunkSize : kFileHeaderSize;
    if (pending_.empty()) pending_.reserve(wanted);
    const ByteView part = block.first(std::min(block.size(), wanted - pending_.size()));
    pending_.insert(pending_.end(), part.begin(), part.end());
    block = block.subspan(part.size());
    if (pending_.size() < wanted) return true;
    if (!header_done_) {
      check_file_header(sink);
      header_done_ = true;
      offset_ = kFileHeaderSize;
      pending_.clear();
    } else if (!send(sink, 0)) {
      return false;
    }
  }
  return true;
}

// One word about a log that was copied while in use, or that has more chunks than it says.
void ChunkCutter::note_count(UnitSink& sink) {
  if (!header_sound_) return;
  const bool beyond = last_used_ > header_count_ && header_count_ != 0xFFFF && last_used_ <= 0xFFFF;
  if ((flags_ & kFileDirty) != 0) {
    const bool fewer = header_count_ != 0xFFFF && chunks_with_magic_ < header_count_;
    report(sink, Code::file_dirty, 120, 0,
           fmt::format("The log was copied while it was in use: its header says {} chunks, {} are there; {}.",
                       header_count_, chunks_with_magic_,
                       fewer ? "these were read, the others are missing or were not written yet" : "all were read"));
  } else if (beyond) {
    report(
        sink, Code::chunks_beyond_count, 42, 0,
        fmt::format("Expected {} chunks after the file header, found {}; all were read.", header_count_, last_used_));
  }
}

// Behind the whole chunks a part of one more was read.
std::string ChunkCutter::missing_words() const {
  if (!header_sound_ || header_count_ == 0xFFFF || chunk_ + 1 >= header_count_) return {};
  return fmt::format(" The file header says {} chunks; the file ends in number {}.", header_count_, chunk_ + 1);
}

// A copy that was cut between two chunks shows it nowhere else.
void ChunkCutter::note_missing(UnitSink& sink) {
  if (!header_sound_ || chunk_ >= header_count_ || header_count_ == 0xFFFF) return;
  report(sink, Code::file_truncated, offset_, 0,
         fmt::format("Expected {} chunks after the file header, the file ends after {}; these were read.",
                     header_count_, chunk_));
}

// A chunk that is not whole yet waits. (A live log's chunks are rewritten in place: follow/chunk_tail.hpp reads those.)
bool ChunkCutter::flush(UnitSink&) {
  return true;
}

void ChunkCutter::finish(UnitSink& sink) {
  if (!header_done_) {
    report(sink, Code::file_truncated, 0, pending_.size(),
           fmt::format("Expected a file header of 4096 bytes, found {} bytes in all.", pending_.size()));
    return;
  }
  const bool partial = !pending_.empty();
  if (partial) {
    if (!all_zero(pending_)) {
      const std::uint64_t lost = pending_.size() < kChunkHeaderSize ? pending_.size() : 0;
      report(sink, Code::file_truncated, offset_, lost,
             fmt::format(
                 "Expected a chunk of 65536 bytes at the end of the file, found {} bytes; what is whole in them was "
                 "read.{}",
                 pending_.size(), missing_words()));
    }
    if (!send(sink, kUnitPartial)) return;
  }
  if (carve_ != nullptr) {
    if (carve_->forgot_keys()) {
      report(sink, Code::limit, 0, 0,
             fmt::format("Expected at most {} records to compare carved ones with, found more: some carved records may "
                         "repeat live ones.",
                         kMaxCarveKeys));
    }
    if (!carve_->release(sink)) return;
  }
  if (!partial) note_missing(sink);
  note_count(sink);
}

}  // namespace tocsin::evidence::evtx
