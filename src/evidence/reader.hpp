// Readers: one per format. A reader recognises a source by its content, cuts its bytes into units that can be read
// independently, and reads each unit's events into a sink.
//
// Cutting happens on one thread, in order, while the source streams by (and is hashed); reading units happens on any
// thread, in any order. State lives within a unit; whatever spans units is joined later by the pipeline.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tocsin/bytes.hpp"
#include "tocsin/finding.hpp"

#include "model/event.hpp"
#include "model/field_table.hpp"

namespace tocsin::evidence {

class ShapeSet;  // JSON shapes, evidence/json/shape.hpp

// A piece of a source. Owns its bytes. For EVTX one chunk; for JSON a run of whole records.
struct Unit {
  std::uint64_t offset = 0;  // of bytes[0] in the source
  std::uint64_t number = 0;  // 0-based position of this unit in the source (EVTX: the chunk's number)
  std::uint64_t first_line = 0, first_record = 0;  // 1-based, where the reader counts them
  std::uint32_t flags = 0;                         // the reader's own
  std::vector<std::byte> bytes;
};

// Anomaly::source and ::path are filled in by the pipeline; offsets are of the source.
class AnomalySink {
 public:
  virtual ~AnomalySink() = default;
  virtual void on_anomaly(Anomaly anomaly) = 0;
};

class EventSink : public AnomalySink {
 public:
  // False: stop reading this unit.
  [[nodiscard]] virtual bool on_event(const model::Event& event) = 0;
};

class UnitSink : public AnomalySink {
 public:
  // May block while too much is under way. False: stop (the scan was interrupted).
  [[nodiscard]] virtual bool on_unit(Unit unit) = 0;
};

// One per source, on the feeding thread. `feed` gets the source's bytes in order, in blocks of any size.
class Cutter {
 public:
  virtual ~Cutter() = default;
  [[nodiscard]] virtual bool feed(ByteView block, UnitSink& sink) = 0;  // false: stop
  // For a source that goes on growing: what is whole so far becomes a unit, what is not waits. False: stop.
  [[nodiscard]] virtual bool flush(UnitSink& sink) = 0;
  virtual void finish(UnitSink& sink) = 0;  // the source's end; what is left over becomes units or anomalies
};

// One per worker thread and reader; holds scratch and caches, is used for units of many sources.
class UnitReader {
 public:
  virtual ~UnitReader() = default;
  virtual void read(const Unit& unit, EventSink& sink) = 0;
};

struct ReadOptions {
  const model::FieldTable* fields = nullptr;  // outlives cutters and unit readers
  const ShapeSet* shapes = nullptr;           // likewise; null: the built-in ones
  bool carve = false;
  std::size_t unit_bytes = 0;  // 0: the reader's default
};

// What a recogniser sees: the beginning of the source, its name and its siblings' (some formats are folders).
struct Sample {
  ByteView head;       // up to kSampleBytes
  bool whole = false;  // head is all there is
  std::string_view path;
  std::span<const std::string> siblings;
};
constexpr std::size_t kSampleBytes = 65536;

struct Recognition {
  int confidence = 0;  // 0: no; 100: magic bytes and structure fit
  std::string format;  // SourceInfo::format, e.g. "json.ndjson"
  std::string why;     // for --debug
};

class Reader {
 public:
  virtual ~Reader() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual Recognition recognise(const Sample& sample) const = 0;
  // REQUIRES: recognise(sample) had a confidence above 0.
  [[nodiscard]] virtual std::unique_ptr<Cutter> make_cutter(const Sample& sample, const ReadOptions& options) const = 0;
  [[nodiscard]] virtual std::unique_ptr<UnitReader> make_unit_reader(const ReadOptions& options) const = 0;
};

// The one explicit list (readers.cpp), in order of preference at equal confidence. Static, never destroyed.
[[nodiscard]] std::span<const Reader* const> all_readers();

}  // namespace tocsin::evidence
