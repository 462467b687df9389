// One generation of a followed file: from its first byte to the moment when it is renamed, removed or written anew.
// Text is cut where it is appended (text_tail.hpp); an EVTX log is looked at chunk by chunk (chunk_tail.hpp).
//
// What is told to the sink is told once: text by its position, records of a chunk that is read again by whoever reads
// the units (SeenRecords in scan/).
#pragma once

#include <cstdint>
#include <string>

#include "tocsin/finding.hpp"

#include "evidence/follow/live_file.hpp"
#include "evidence/reader.hpp"

namespace tocsin::evidence {

class Tail {
 public:
  virtual ~Tail() = default;
  // Reads what is new. False: the sink wants no more.
  [[nodiscard]] virtual bool read_on(UnitSink& sink) = 0;
  // Something is waiting for another look although the file does not change.
  [[nodiscard]] virtual bool waits() const { return false; }
  // The file was truncated, or its bytes are no longer those that were read: it is another one under this name.
  [[nodiscard]] virtual bool is_rewritten() const = 0;
  // The end: nothing is appended any more, or the user wants to stop. What is left over is read as the last of it.
  virtual void finish(UnitSink& sink) = 0;
  // Bytes before this were read.
  [[nodiscard]] virtual std::uint64_t position() const = 0;
  // Hash and size. `ended`: the file gets no more bytes.
  virtual void identify(SourceInfo& info, bool ended) const = 0;
};

}  // namespace tocsin::evidence
