#include "scan/dump.hpp"

#include <utility>

#include "base/json_writer.hpp"
#include "scan/anomaly_book.hpp"
#include "scan/event_filter.hpp"
#include "scan/pipeline.hpp"
#include "scan/source_book.hpp"
#include "scan/tally.hpp"

namespace tocsin::scanning {
namespace {

struct DumpUnitOutput final : UnitOutput {
  std::string text;
  Tally tally;
  std::uint64_t without_xml = 0;
};

void append_place(std::string& out, const SourceContext& source, const model::EventHead& head) {
  base::JsonWriter json(out);
  const Place& place = head.place;
  json.begin_object();
  json.member("source", source.path);
  if (!source.container.empty()) json.member("container", source.container);
  json.member("kind", to_string(place.kind));
  if (place.record != Place::kNone) json.member_uint("record", place.record);
  if (place.chunk != Place::kNone) json.member_uint("chunk", place.chunk);
  if (place.line != Place::kNone) json.member_uint("line", place.line);
  json.member_uint("offset", place.offset);
  json.member_uint("length", place.length);
  if (place.carved) json.member("carved", true);
  json.end_object();
}

// The event's own object with `_tocsin` behind its members.
void append_json_line(std::string& out, const SourceContext& source, const model::Event& event) {
  const std::size_t begin = out.size();
  event.append_json(out);
  if (out.size() == begin || out.back() != '}') return;
  out.pop_back();
  if (out.back() != '{') out.push_back(',');
  out += "\"_tocsin\":";
  append_place(out, source, event.head());
  out += "}\n";
}

class DumpWorker final : public Worker, public evidence::EventSink {
 public:
  explicit DumpWorker(const DumpOptions& options) : options_(options) {}
  std::unique_ptr<UnitOutput> read(const SourceContext& source, const evidence::Unit& unit,
                                   evidence::UnitReader& reader) override {
    source_ = &source;
    output_ = std::make_unique<DumpUnitOutput>();
    reader.read(unit, *this);
    output_->events = output_->tally.records();
    return std::move(output_);
  }
  bool on_event(const model::Event& event) override {
    const bool wanted = in_reach(event.head(), options_.evidence);
    output_->tally.add(event.head(), wanted);
    if (!wanted) return true;
    if (options_.format == DumpFormat::json) {
      append_json_line(output_->text, *source_, event);
    } else {
      const std::size_t begin = output_->text.size();
      event.append_xml(output_->text);
      if (output_->text.size() > begin) {
        output_->text.push_back('\n');
      } else {
        ++output_->without_xml;
      }
    }
    return true;
  }
  void on_anomaly(Anomaly anomaly) override { output_->anomalies.add(std::move(anomaly)); }

 private:
  const DumpOptions& options_;
  const SourceContext* source_ = nullptr;
  std::unique_ptr<DumpUnitOutput> output_;
};

class DumpCollector final : public Collector {
 public:
  explicit DumpCollector(ByteSink& out) : out_(out) {}
  Result<void> begin_source(const SourceContext& source, bool recognised) override {
    book_.begin(source, recognised);
    return {};
  }
  Result<void> unit(const SourceContext& source, std::unique_ptr<UnitOutput> output) override {
    auto& dumped = static_cast<DumpUnitOutput&>(*output);
    book_.tally(source.ordinal, std::move(dumped.tally));
    for (Anomaly& anomaly : dumped.anomalies.all()) anomalies_.add(source.ordinal, std::move(anomaly));
    without_xml_ += dumped.without_xml;
    return out_.write(dumped.text);
  }
  Result<void> anomaly(const SourceContext* source, Anomaly anomaly) override {
    anomalies_.add(source != nullptr ? source->ordinal : Anomaly::kNoSource, std::move(anomaly));
    return {};
  }
  Result<void> end_source(const SourceContext& source, const SourceInfo& identity) override {
    book_.end(source.ordinal, identity);
    return {};
  }
  Result<void> container(const SourceInfo& identity) override {
    book_.container(identity);
    return {};
  }
  void fill(DumpResult& result) const {
    Summary sums;
    SourceBook::Ordered ordered = book_.ordered(anomalies_, sums);
    result.anomalies = anomalies_.sorted(ordered.index_of);
    result.sources = std::move(ordered.sources);
    result.events = sums.events_judged;
    result.without_xml = without_xml_;
    result.sources_read = sums.sources_read;
  }

 private:
  ByteSink& out_;
  SourceBook book_;
  AnomalyBook anomalies_;
  std::uint64_t without_xml_ = 0;
};

}  // namespace

Result<DumpResult> run_dump(const DumpOptions& options, const evidence::ShapeSet* shapes, ByteSink& out,
                            ProgressSink* progress) {
  DumpCollector collector(out);
  PipelineOptions pipeline;
  pipeline.evidence = &options.evidence;
  pipeline.read = {
      .fields = nullptr, .shapes = shapes, .carve = options.evidence.carve, .unit_bytes = options.evidence.unit_bytes};
  pipeline.make_worker = [&](unsigned) { return std::make_unique<DumpWorker>(options); };
  pipeline.collector = &collector;
  pipeline.progress = progress;
  pipeline.stop = options.stop;
  TOCSIN_TRY(const PipelineResult run, run_pipeline(pipeline));
  TOCSIN_CHECK(out.flush());
  DumpResult result;
  collector.fill(result);
  result.failed_paths = run.failed_paths;
  result.interrupted = run.interrupted;
  return result;
}

}  // namespace tocsin::scanning
