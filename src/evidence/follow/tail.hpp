// One generation of a followed file: from its first byte to the moment when it is renamed, removed or written anew.
// Text is cut where it is appended (text_tail.hpp); an EVTX log is looked at chunk by chunk (chunk_tail.hpp).
//
// What is told to the sink is told once: text by its position, records of a chunk that is read again by whoever reads
// the units (SeenRecords in scan/).
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "tocsin/finding.hpp"

#include "evidence/follow/live_file.hpp"
#include "evidence/reader.hpp"

namespace tocsin::evidence {

class Tail {
 public:
  virtual ~Tail() = default;
  // True: leave the rest for another time.
  using Enough = std::function<bool()>;
  // Reads what is new, up to the size that the file has now. False: the sink wants no more.
  [[nodiscard]] virtual bool read_on(UnitSink& sink, const Enough& enough) = 0;
  // Something is waiting for another look although the file does not change.
  [[nodiscard]] virtual bool waits() const { return false; }
  // The file was truncated, or its bytes are no longer those that were read: it is another one under this name.
  [[nodiscard]] virtual bool is_rewritten() const = 0;
  // The end: nothing is appended any more, or the user wants to stop. What is left over is read as the last of it.
  virtual void finish(UnitSink& sink, const Enough& enough) = 0;
  // The file was written anew: what waited for its end is read as it is, the file itself is not looked at.
  virtual void cut_off(UnitSink& sink) = 0;
  // Bytes before this were read.
  [[nodiscard]] virtual std::uint64_t position() const = 0;
  // The last look could not read all that is there.
  [[nodiscard]] virtual bool failed() const { return false; }
  // Hash and size. `ended`: the file gets no more bytes.
  virtual void identify(SourceInfo& info, bool ended) const = 0;
  // SHA-256 of the bytes before position(), also where nobody asked for it; empty: there is none.
  [[nodiscard]] virtual std::string digest() const { return {}; }
};

}  // namespace tocsin::evidence
