#include "scan/reading.hpp"

#include <utility>

#include "scan/event_filter.hpp"
#include "scan/unmet.hpp"

namespace tocsin::scanning {

std::unique_ptr<UnitOutput> ReadingWorker::read(const SourceContext& source, const evidence::Unit& unit,
                                                evidence::UnitReader& reader) {
  unit_ = make_unit(source, unit);
  reader.read(unit, *this);
  end_unit();
  unit_->events = unit_->tally.records();
  return std::move(unit_);
}

bool ReadingWorker::on_event(const model::Event& event) {
  const bool wanted = in_reach(event.head(), options_);
  unit_->tally.add(event.head(), wanted);
  look_at(event, wanted);
  return true;
}

void ReadingWorker::on_anomaly(Anomaly anomaly) {
  unit_->anomalies.add(std::move(anomaly));
}

Result<void> ReadingCollector::begin_source(const SourceContext& source, bool recognised) {
  book_.begin(source, recognised);
  return {};
}

Result<void> ReadingCollector::unit(const SourceContext& source, std::unique_ptr<UnitOutput> output) {
  auto& unit = static_cast<ReadingUnit&>(*output);
  book_.tally(source.ordinal, std::move(unit.tally));
  for (Anomaly& anomaly : unit.anomalies.all()) anomalies_.add(source.ordinal, std::move(anomaly));
  return take(source, unit);
}

Result<void> ReadingCollector::anomaly(const SourceContext* source, Anomaly anomaly) {
  anomalies_.add(source != nullptr ? source->ordinal : Anomaly::kNoSource, std::move(anomaly));
  return {};
}

Result<void> ReadingCollector::end_source(const SourceContext& source, const SourceInfo& identity) {
  book_.end(source.ordinal, identity);
  return {};
}

Result<void> ReadingCollector::container(const SourceInfo& identity) {
  book_.container(identity);
  return {};
}

void ReadingCollector::fill(Reading& reading, std::vector<std::uint32_t>* index_of) const {
  Summary sums;
  SourceBook::Ordered ordered = book_.ordered(anomalies_, sums);
  reading.anomalies = anomalies_.sorted(ordered.index_of);
  reading.sources = std::move(ordered.sources);
  reading.events = sums.events_judged;
  reading.sources_read = sums.sources_read;
  reading.first_time = sums.first_time;
  reading.last_time = sums.last_time;
  if (index_of != nullptr) *index_of = std::move(ordered.index_of);
}

Result<void> run_reading(const ReadingInputs& inputs, const std::function<std::unique_ptr<Worker>()>& make_worker,
                         ReadingCollector& collector, Reading& reading, std::vector<std::uint32_t>* index_of) {
  PipelineOptions pipeline;
  pipeline.evidence = inputs.evidence;
  pipeline.read = {.fields = inputs.fields,
                   .shapes = inputs.shapes,
                   .carve = inputs.evidence->carve,
                   .unit_bytes = unit_bytes(*inputs.evidence)};
  pipeline.make_worker = [&](unsigned) { return make_worker(); };
  pipeline.collector = &collector;
  pipeline.progress = inputs.progress;
  pipeline.stop = inputs.stop;
  TOCSIN_TRY(const PipelineResult run, run_pipeline(pipeline));
  collector.fill(reading, index_of);
  reading.failed_paths = run.failed_paths;
  reading.interrupted = run.interrupted;
  reading.unmet_filters = unmet_filters(*inputs.evidence, reading.sources);
  return {};
}

}  // namespace tocsin::scanning
