#include "evidence/evtx/slack.hpp"

#include <algorithm>
#include <limits>

#include "base/cursor.hpp"
#include "evidence/evtx/chunk.hpp"
#include "evidence/evtx/layout.hpp"

namespace tocsin::evidence::evtx {
namespace {

void append_u32(std::vector<std::byte>& bytes, std::uint32_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<std::byte>(value >> shift & 0xFF));
}

}  // namespace

RecordKey key_of(const model::EventHead& head) {
  return {head.place.record, head.time ? head.time->ticks : std::numeric_limits<std::int64_t>::min()};
}

bool SlackReader::counts(const RecordFrame& frame) {
  if (event_.load(frame, true)) return false;
  const RecordSlots& slots = event_.slots();
  if (!slots.sound() || slots.misfit() || slots.roots() != 1) return false;
  // Trees nested deeper were not looked at one by one.
  return !slots.odd() || templates_.unsound().empty();
}

std::vector<SlackRecord> SlackReader::find(const Unit& unit, std::size_t from) {
  const ByteView chunk = ByteView(unit.bytes).first(std::min(unit.bytes.size(), kChunkSize));
  templates_.begin_chunk(chunk);
  event_.begin_chunk(chunk, unit.number, unit.offset, templates_);
  std::vector<SlackRecord> found;
  for (std::size_t at = std::max(from, kChunkHeaderSize); at < chunk.size();) {
    const auto frame = find_frame(chunk, at, chunk.size(), nullptr);
    if (!frame) break;
    at = frame->offset + 1;
    if (!counts(*frame)) continue;
    found.push_back({key_of(event_.head()), frame->offset});
    at = std::size_t{frame->offset} + frame->size;
  }
  return found;
}

Unit make_carved_unit(const Unit& chunk, const std::vector<SlackRecord>& records) {
  Unit unit = chunk;
  unit.flags = kUnitCarved;
  for (const SlackRecord& record : records) append_u32(unit.bytes, record.offset);
  append_u32(unit.bytes, static_cast<std::uint32_t>(records.size()));
  return unit;
}

void SlackReader::read(const Unit& unit, EventSink& sink) {
  const ByteView bytes(unit.bytes);
  const std::size_t count = base::load_le<std::uint32_t>(bytes, bytes.size() - 4);
  const std::size_t list = bytes.size() - 4 - 4 * count;
  const ByteView chunk = bytes.first(list);
  templates_.begin_chunk(chunk);
  event_.begin_chunk(chunk, unit.number, unit.offset, templates_);
  for (std::size_t i = 0; i < count; ++i) {
    RecordFrame frame;
    const std::size_t at = base::load_le<std::uint32_t>(bytes, list + 4 * i);
    if (read_frame(chunk, at, frame) != FrameState::sound || event_.load(frame, true)) continue;
    if (!sink.on_event(event_)) return;
  }
}

}  // namespace tocsin::evidence::evtx
