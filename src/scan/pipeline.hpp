// The one pipeline: inputs are walked, recognised, cut into units and read on several threads; what each unit gives is
// taken in canonical order. Knows no detector and no store: it is given a worker for each thread and a collector.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tocsin/finding.hpp"
#include "tocsin/result.hpp"
#include "tocsin/scanner.hpp"
#include "tocsin/sink.hpp"

#include "evidence/collections.hpp"
#include "evidence/inputs.hpp"
#include "evidence/reader.hpp"
#include "scan/anomaly_book.hpp"

namespace tocsin::scanning {

// The source a unit belongs to. `ordinal` counts sources in the order of the walk.
struct SourceContext {
  std::uint32_t ordinal = 0;
  std::string path, container, format;
  evidence::CollectionMark mark = {};  // where the source is a collector's own file
};

// A source as people read it: "a.zip!/b.evtx".
[[nodiscard]] std::string shown_name(const std::string& path, const std::string& container);

// What a unit gave. Made by a worker, taken by the collector.
struct UnitOutput {
  virtual ~UnitOutput() = default;
  UnitAnomalies anomalies;
  std::uint64_t events = 0, findings = 0;  // for progress
  std::uint64_t read_to = 0;               // of a source that is followed: bytes before this were read
};

// One a thread.
class Worker {
 public:
  virtual ~Worker() = default;
  [[nodiscard]] virtual std::unique_ptr<UnitOutput> read(const SourceContext& source, const evidence::Unit& unit,
                                                         evidence::UnitReader& reader) = 0;
  // On the worker's own thread, after its last unit.
  virtual void finish() {}
};

// Called in canonical order, one call at a time (not always on the same thread). An error ends the run.
class Collector {
 public:
  virtual ~Collector() = default;
  // `recognised` is false where no reader knows the source; its bytes are then only hashed.
  [[nodiscard]] virtual Result<void> begin_source(const SourceContext& source, bool recognised) = 0;
  [[nodiscard]] virtual Result<void> unit(const SourceContext& source, std::unique_ptr<UnitOutput> output) = 0;
  // `source` is null where the anomaly is about a path that never became a source.
  [[nodiscard]] virtual Result<void> anomaly(const SourceContext* source, Anomaly anomaly) = 0;
  // `identity`: path, container, format, size, hash.
  [[nodiscard]] virtual Result<void> end_source(const SourceContext& source, const SourceInfo& identity) = 0;
  [[nodiscard]] virtual Result<void> container(const SourceInfo& identity) = 0;
};

// EvidenceOptions::unit_bytes, or what the tests' way of tiny buffers makes of it.
[[nodiscard]] std::uint64_t unit_bytes(const EvidenceOptions& evidence);

// What feeding gave, and where it feeds (feeder.hpp).
struct FeedPort;
struct FeedResult {
  std::vector<Error> failed_paths;
  std::uint64_t units = 0, bytes = 0;
};

struct PipelineOptions {
  const EvidenceOptions* evidence = nullptr;
  evidence::ReadOptions read;
  std::function<std::unique_ptr<Worker>(unsigned thread)> make_worker;
  Collector* collector = nullptr;
  // Instead of the walk over the evidence; runs on the calling thread. Empty: the walk.
  std::function<Result<FeedResult>(FeedPort&)> feed = {};
  ProgressSink* progress = nullptr;         // may be null
  const std::atomic<bool>* stop = nullptr;  // may be null
};

struct PipelineResult {
  std::vector<Error> failed_paths;
  bool interrupted = false;
  double feed_seconds = 0, read_seconds = 0;  // summed over threads
  std::uint64_t units = 0, bytes = 0;
};
[[nodiscard]] Result<PipelineResult> run_pipeline(const PipelineOptions& options);

}  // namespace tocsin::scanning
