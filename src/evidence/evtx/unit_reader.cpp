#include "evidence/evtx/unit_reader.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/hash.hpp"
#include "evidence/evtx/layout.hpp"
#include "evidence/evtx/limits.hpp"

namespace tocsin::evidence::evtx {

// Returns where the log ends according to the header; 0 where the header cannot be right about it.
std::size_t ChunkReader::check_header(const Unit& unit, const Job& job) {
  const ChunkHeader& header = job.header;
  if ((header.flags & kNoCrc) == 0) {
    const std::uint32_t sum = chunk_header_crc(job.chunk);
    if (sum != header.header_crc) {
      job.anomalies.add(Code::chunk_header_checksum, 0, 0,
                        fmt::format("expected the header's checksum {:#010x}, found {:#010x}; its records were read.",
                                    header.header_crc, sum));
    }
  }
  if (header.free_offset >= kChunkHeaderSize && header.free_offset <= kChunkSize) {
    const std::size_t end = std::min<std::size_t>(header.free_offset, job.chunk.size());
    check_data(unit, job, end);
    return end;
  }
  job.anomalies.add(Code::free_offset, 48, 0,
                    fmt::format("expected the end of the records between 512 and 65536, found {}; records were read as "
                                "far as they go.",
                                header.free_offset));
  return 0;
}

void ChunkReader::check_data(const Unit& unit, const Job& job, std::size_t end) {
  if ((job.header.flags & kNoCrc) != 0) return;
  if ((unit.flags & kUnitPartial) != 0 && end < job.header.free_offset) return;  // the cutter has told of it
  const std::uint32_t sum = base::crc32(job.chunk.subspan(kChunkHeaderSize, end - kChunkHeaderSize));
  if (sum == job.header.data_crc) return;
  job.anomalies.add(Code::chunk_checksum, kChunkHeaderSize, 0,
                    fmt::format("expected the records' checksum {:#010x}, found {:#010x}; the records were read.",
                                job.header.data_crc, sum));
}

// Whether a sound frame behind the end that the header names still belongs to the log: up to the header's last record,
// or with the next id in a row. Old records in slack have other ids.
bool ChunkReader::goes_on(const Job& job, const RecordFrame& frame, std::size_t end, bool told) const {
  if (end == 0 && !told) return true;
  if (frame.offset <= job.header.last_offset && job.header.last_offset < kChunkSize && id_fits(job.header, frame.id)) {
    return true;
  }
  return last_id_ && frame.id == *last_id_ + 1;
}

// Behind a record whose size and its copy differ: its size is right if it leads to the next record or to the end; else
// the next record is searched from within.
std::size_t ChunkReader::behind_doubtful(const Job& job, const RecordFrame& frame, std::size_t end) {
  RecordFrame next;
  const std::size_t behind = std::size_t{frame.offset} + frame.size;
  if (behind == end || read_frame(job.chunk, behind, next) != FrameState::none) return behind;
  return skip_damage(job, frame.offset + kRecordHeaderSize, end);
}

// Returns where to go on: at the next sound frame, or at the end.
std::size_t ChunkReader::skip_damage(const Job& job, std::size_t at, std::size_t end) {
  const auto next = find_frame(job.chunk, at + 1, end, &job.header);
  const std::size_t to = next ? next->offset : end;
  job.anomalies.add(
      Code::record_frame, at, to - at,
      next ? fmt::format("expected a record, found none for {} bytes; went on at record {}.", to - at, next->id)
           : fmt::format("expected a record, found none up to the end of the records, {} bytes.", to - at));
  return to;
}

void ChunkReader::note_oddities(const Job& job, const RecordFrame& frame) {
  const RecordSlots& slots = event_.slots();
  const auto note = [&](Code code, std::string_view what) {
    job.anomalies.add(code, frame.offset, 0, fmt::format("record {}: {}", event_.head().place.record, what));
  };
  if (slots.roots() > 1)
    note(Code::record_roots, fmt::format("expected one event, found {}; all are shown.", slots.roots()));
  if (slots.misfit()) {
    note(Code::value_width, describe(*slots.misfit()) + " Such values are shown as hexadecimal bytes.");
  }
  if (slots.literal_unsound()) note(Code::name_unsound, "expected names with their hash, found one without.");
}

bool ChunkReader::emit(const Job& job, const RecordFrame& frame) {
  if (const auto damage = event_.load(frame, false)) {
    job.anomalies.add(damage->code, frame.offset, frame.size,
                      fmt::format("record {}: {} The record was left out.", frame.id, describe(*damage)));
    return true;
  }
  chunk_text_ += event_.text_bound();
  if (chunk_text_ > kMaxChunkText) {
    job.anomalies.add(
        Code::limit, frame.offset, job.chunk.size() - frame.offset,
        "expected records that render to at most 64 MiB, found more; the rest of the chunk was left out.");
    return false;
  }
  note_oddities(job, frame);
  return job.sink.on_event(event_);
}

void ChunkReader::read_live(const Job& job) {
  std::size_t at = kChunkHeaderSize;
  const std::size_t end = live_end_;
  bool told = false;
  for (;;) {
    RecordFrame frame;
    const FrameState state = read_frame(job.chunk, at, frame);
    if (at >= end) {
      if (state != FrameState::sound || !goes_on(job, frame, end, told)) break;
      if (!told && end != 0) {
        job.anomalies.add(
            Code::records_beyond_end, at, 0,
            fmt::format("expected the last record before offset {}, found record {} behind it; it was read.", end,
                        frame.id));
      }
      told = true;
    } else if (state == FrameState::none) {
      at = skip_damage(job, at, end);
      continue;
    }
    last_id_ = frame.id;
    if (!emit(job, frame)) break;
    at += frame.size;
    if (state == FrameState::size_copy) {
      job.anomalies.add(
          Code::record_size_copy, frame.offset, 0,
          fmt::format("record {}: expected its size {} again at its end, found another number; it is likely "
                      "overwritten in part.",
                      frame.id, frame.size));
      at = behind_doubtful(job, frame, end);
    }
  }
  live_end_ = std::max(at, end);
}

void ChunkReader::read(const Unit& unit, EventSink& sink) {
  if ((unit.flags & kUnitCarved) != 0) {
    if (slack_ == nullptr) slack_ = std::make_unique<SlackReader>(fields_);
    return slack_->read(unit, sink);
  }
  const ByteView chunk = ByteView(unit.bytes).first(std::min(unit.bytes.size(), kChunkSize));
  ChunkAnomalies anomalies(sink, unit.number, unit.offset);
  live_end_ = kChunkHeaderSize;
  if (chunk.size() < kChunkHeaderSize) return;  // the cutter has told of it
  if (!has_chunk_magic(chunk)) {
    live_end_ = 0;
    anomalies.add(Code::chunk_magic, 0, chunk.size(),
                  "expected ElfChnk at its beginning, found other bytes; it was skipped.");
    return;
  }
  const ChunkHeader header = read_chunk_header(chunk);
  const Job job{chunk, header, anomalies, sink};
  chunk_text_ = 0;
  last_id_.reset();
  templates_.begin_chunk(chunk);
  event_.begin_chunk(chunk, unit.number, unit.offset, templates_);
  live_end_ = check_header(unit, job);
  read_live(job);
  for (const std::uint32_t offset : templates_.unsound()) {
    anomalies.add(Code::name_unsound, offset, 0, "expected a template whose names have their hash, found one without.");
  }
  anomalies.finish();
}

}  // namespace tocsin::evidence::evtx
