// Writes EVTX files: header, chunks, records, checksums. For tests, fuzz corpora and the demo; everything is in memory.
//
//   EvtxWriter writer({.shape = {.exported = true}});
//   writer.add(spec);
//   std::string file = writer.finish();
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/makers/chunk_builder.hpp"
#include "tests/makers/event_spec.hpp"
#include "tests/makers/event_templates.hpp"

namespace tocsin::makers {

struct EvtxOptions {
  EvtxShape shape = {};
  std::uint16_t minor_version = 1;                      // 3.1, or 3.2
  bool checksums = true;                                // false: zero, and the flags say so
  bool dirty = false;                                   // the header's flag
  std::optional<std::uint16_t> stale_chunk_count = {};  // what the header says instead of the truth
  std::size_t first_chunk = 0;                          // the log has wrapped: this chunk of the file is the oldest
  std::uint64_t first_record_id = 1;                    // for specs without one
};

class EvtxWriter {
 public:
  explicit EvtxWriter(EvtxOptions options = {});

  // Adds the event; an event that does not fit into an empty chunk is a bug of the caller (assert). A spec without a
  // record id gets the next one.
  void add(EventSpec spec);
  // As `add`, in another shape than the file's.
  void add(EventSpec spec, const EvtxShape& shape);
  // A record with any BinXML at all; the head is taken as it is.
  void add_raw(const RecordHead& head, const Fragment& body);
  // Ends the current chunk, so that the next record begins another.
  void end_chunk();
  // A chunk of zeros, as unused room in mid-file.
  void add_empty_chunk();
  // What is added from now on, to the end of the current chunk, lies in its slack.
  void begin_slack();

  [[nodiscard]] std::uint64_t next_record_id() const { return next_id_; }
  // The file. Ends the writer's use.
  [[nodiscard]] std::string finish();

 private:
  void put_record(const RecordHead& head, const Fragment& body);
  void flush_pending(std::optional<Timestamp> next);
  void close_chunk();

  EvtxOptions options_;
  EventTemplates templates_;
  ChunkBuilder chunk_;
  std::vector<std::string> chunks_;
  std::uint64_t next_id_;
  std::uint64_t number_ = 1, chunk_first_number_ = 1;
  bool slack_ = false;
  // Exported logs carry the next record's time in a header, so a record waits for the next one.
  struct Pending {
    RecordHead head;
    Fragment body;
  };
  std::optional<Pending> pending_;
};

}  // namespace tocsin::makers
