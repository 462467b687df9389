#include "scan/feeder.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace tocsin::scanning {
namespace {

constexpr std::chrono::milliseconds kProgressEvery{200};

}  // namespace

Feeder::Feeder(const PipelineOptions& options, const evidence::InputPlan& plan, const FeedPort& port)
    : options_(options), plan_(plan), sequencer_(port.sequencer), queue_(port.queue), counters_(port.counters) {}

void Feeder::commit(Sequencer::Action action) {
  if (!sequencer_.commit(std::move(action))) going_ = false;
}

void Feeder::choose_reader(const Leaf& leaf, std::string_view not_evidence) {
  if (!not_evidence.empty()) {
    cutter_ = nullptr;
    format_.clear();
    on_debug(fmt::format("{}: not read, {}", shown_name(leaf.input->path, leaf.container), not_evidence));
    return;
  }
  const auto readers = evidence::all_readers();
  evidence::Recognition best;
  for (std::size_t i = 0; i < readers.size(); ++i) {
    evidence::Recognition found = readers[i]->recognise(leaf.sample);
    if (found.confidence > best.confidence) {
      best = std::move(found);
      reader_ = i;
    }
  }
  cutter_ = best.confidence > 0 ? readers[reader_]->make_cutter(leaf.sample, options_.read) : nullptr;
  format_ = best.format;
  on_debug(cutter_ ? fmt::format("{}: read as {} ({})", shown_name(leaf.input->path, leaf.container), format_, best.why)
                   : fmt::format("{}: not read, no reader knows this content",
                                 shown_name(leaf.input->path, leaf.container)));
}

void Feeder::enter(const evidence::PlannedInput& input) {
  if (inputs_begun_ > 0 && input.path == input_path_) return;
  earlier_bytes_ += input_size_;
  input_path_ = input.path;
  input_size_ = input.size;
  input_bytes_ = input_held_ = 0;
  ++inputs_begun_;
}

bool Feeder::begin(const Leaf& leaf) {
  enter(*leaf.input);
  evidence::CollectionMark mark = evidence::read_collection_mark(leaf.sample.path, leaf.sample.head);
  choose_reader(leaf, mark.what);
  source_ = std::make_shared<const SourceContext>(SourceContext{next_ordinal_++, leaf.input->path, leaf.container,
                                                                cutter_ ? format_ : std::string(), std::move(mark)});
  report_progress();
  const bool recognised = cutter_ != nullptr;
  commit([collector = options_.collector, source = source_, recognised] {
    return collector->begin_source(*source, recognised);
  });
  // Once nothing more can be taken, a leaf that would only be hashed must end the walk as well.
  return recognised || !going_;
}

bool Feeder::feed(ByteView block) {
  bytes_ += block.size();
  input_bytes_ += block.size();
  report_progress();
  if (cutter_ && going_ && !cutter_->feed(block, *this)) going_ = false;
  return going_;
}

void Feeder::end(const SourceInfo& identity) {
  // What an interruption cut off is not damage of the evidence: the rest is dropped without a word.
  const bool interrupted = options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed);
  if (cutter_ && going_ && !interrupted) cutter_->finish(*this);
  cutter_.reset();
  SourceInfo info = identity;
  info.format = source_->format;
  commit([collector = options_.collector, source = source_, info = std::move(info)] {
    return collector->end_source(*source, info);
  });
  source_.reset();
}

void Feeder::on_container(const SourceInfo& identity) {
  commit([collector = options_.collector, identity] { return collector->container(identity); });
}

void Feeder::on_aside(const evidence::PlannedInput& input, std::uint64_t bytes, bool held) {
  enter(input);
  (held ? input_held_ : input_bytes_) += bytes;
  report_progress();
}

void Feeder::on_debug(std::string line) {
  if (options_.progress != nullptr) options_.progress->on_debug(line);
}

bool Feeder::on_unit(evidence::Unit unit) {
  const std::optional<std::uint64_t> ticket = sequencer_.ticket();
  if (!ticket) {
    going_ = false;
    return false;
  }
  ++units_;
  queue_.push({.ticket = *ticket, .source = source_, .reader = reader_, .unit = std::move(unit)});
  report_progress();
  return true;
}

void Feeder::on_anomaly(Anomaly anomaly) {
  counters_.anomalies.fetch_add(anomaly.count, std::memory_order_relaxed);
  // What the walk says of the source that is being read belongs to the source.
  if (source_ && anomaly.path == shown_name(source_->path, source_->container)) anomaly.path.clear();
  const bool about_path = !anomaly.path.empty();
  commit([collector = options_.collector, source = about_path ? nullptr : source_,
          anomaly = std::move(anomaly)]() mutable { return collector->anomaly(source.get(), std::move(anomaly)); });
}

void Feeder::report_progress() {
  if (options_.progress == nullptr) return;
  const auto time = std::chrono::steady_clock::now();
  if (time - last_progress_ < kProgressEvery) return;
  last_progress_ = time;
  ProgressSink::State state;
  // Within a container more bytes come out than the file has; the bar must not run past it. What is held comes again
  // when it is fed: until then the bar stands.
  state.bytes_done = earlier_bytes_ + std::min(std::max(input_bytes_, input_held_), input_size_);
  state.bytes_total = plan_.total_bytes;
  state.sources_done = inputs_begun_ > 0 ? inputs_begun_ - 1 : 0;
  state.sources_total = plan_.inputs.size();
  state.events = counters_.events.load(std::memory_order_relaxed);
  state.findings = counters_.findings.load(std::memory_order_relaxed);
  state.anomalies = counters_.anomalies.load(std::memory_order_relaxed);
  state.current = input_path_;
  options_.progress->on_progress(state);
}

}  // namespace tocsin::scanning
