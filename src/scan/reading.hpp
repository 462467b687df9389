// The pipeline for answers that need no rules: what all of them do alike. Each adds a worker that looks at events and a
// collector that takes what units gave.
#pragma once

#include <functional>
#include <memory>

#include "tocsin/result.hpp"
#include "tocsin/scanner.hpp"
#include "tocsin/sink.hpp"

#include "evidence/reader.hpp"
#include "model/field_table.hpp"
#include "scan/anomaly_book.hpp"
#include "scan/pipeline.hpp"
#include "scan/source_book.hpp"
#include "scan/tally.hpp"

namespace tocsin::scanning {

struct ReadingInputs {
  const EvidenceOptions* evidence = nullptr;
  const evidence::ShapeSet* shapes = nullptr;  // null: the built-in ones
  const model::FieldTable* fields = nullptr;   // null: no field is asked for by name
  const std::atomic<bool>* stop = nullptr;
  ProgressSink* progress = nullptr;
};

// What a unit gave; answers derive from it.
struct ReadingUnit : UnitOutput {
  Tally tally;
};

// Reads a unit's events, tells which lie inside the filters, and keeps anomalies.
class ReadingWorker : public Worker, public evidence::EventSink {
 public:
  explicit ReadingWorker(const EvidenceOptions& options) : options_(options) {}
  [[nodiscard]] std::unique_ptr<UnitOutput> read(const SourceContext& source, const evidence::Unit& unit,
                                                 evidence::UnitReader& reader) final;
  [[nodiscard]] bool on_event(const model::Event& event) final;
  void on_anomaly(Anomaly anomaly) final;

 protected:
  [[nodiscard]] virtual std::unique_ptr<ReadingUnit> make_unit(const SourceContext& source,
                                                               const evidence::Unit& unit) = 0;
  virtual void look_at(const model::Event& event, bool wanted) = 0;  // `wanted`: inside the filters
  // Behind the unit's last event.
  virtual void end_unit() {}

 private:
  const EvidenceOptions& options_;
  std::unique_ptr<ReadingUnit> unit_;
};

class ReadingCollector : public Collector {
 public:
  [[nodiscard]] Result<void> begin_source(const SourceContext& source, bool recognised) final;
  [[nodiscard]] Result<void> unit(const SourceContext& source, std::unique_ptr<UnitOutput> output) final;
  [[nodiscard]] Result<void> anomaly(const SourceContext* source, Anomaly anomaly) final;
  [[nodiscard]] Result<void> end_source(const SourceContext& source, const SourceInfo& identity) final;
  [[nodiscard]] Result<void> container(const SourceInfo& identity) final;

  // Everything but failed_paths and interrupted. `index_of` gets each walk ordinal's place in Reading::sources.
  void fill(Reading& reading, std::vector<std::uint32_t>* index_of = nullptr) const;

 protected:
  // What the answer keeps of a unit, in canonical order.
  [[nodiscard]] virtual Result<void> take(const SourceContext& source, ReadingUnit& unit) = 0;

 private:
  SourceBook book_;
  AnomalyBook anomalies_;
};

// Runs the pipeline and fills `reading`.
[[nodiscard]] Result<void> run_reading(const ReadingInputs& inputs,
                                       const std::function<std::unique_ptr<Worker>()>& make_worker,
                                       ReadingCollector& collector, Reading& reading,
                                       std::vector<std::uint32_t>* index_of = nullptr);

}  // namespace tocsin::scanning
