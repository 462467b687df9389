// Records outside the log's live part: in the slack behind a chunk's last record, in chunks whose header is gone, in
// what is left at the end of a file. Most are old and half overwritten; one counts only if its frame is whole, its
// template id is that of the definition it points to, all names have their hash, and every value fits its type.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "evidence/evtx/record_event.hpp"
#include "evidence/evtx/template_table.hpp"
#include "evidence/reader.hpp"

namespace tocsin::evidence::evtx {

// What makes two records the same one: EventRecordID and time of the XML.
struct RecordKey {
  std::uint64_t record = 0;
  std::int64_t ticks = 0;
  auto operator<=>(const RecordKey&) const = default;
};
[[nodiscard]] RecordKey key_of(const model::EventHead& head);

struct SlackRecord {
  RecordKey key;
  std::uint32_t offset = 0;  // in the chunk
};

class SlackReader {
 public:
  explicit SlackReader(const model::FieldTable* fields) : templates_(fields), event_(fields) {}

  // Records that count, in [from, end of the chunk), by offset.
  [[nodiscard]] std::vector<SlackRecord> find(const Unit& unit, std::size_t from);
  // Reads a unit of kind kUnitCarved.
  void read(const Unit& unit, EventSink& sink);

 private:
  [[nodiscard]] bool counts(const RecordFrame& frame);
  TemplateTable templates_;
  RecordEvent event_;
};

// A unit of kind kUnitCarved: the chunk's bytes, then the offsets of the records to read, then their number.
[[nodiscard]] Unit make_carved_unit(const Unit& chunk, const std::vector<SlackRecord>& records);

}  // namespace tocsin::evidence::evtx
