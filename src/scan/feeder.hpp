// The feeding side of the pipeline: takes the walk's leaves, picks a reader for each, and turns bytes into tickets and
// units. Runs on the calling thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "scan/pipeline.hpp"
#include "scan/seen_records.hpp"
#include "scan/sequencer.hpp"
#include "scan/work_queue.hpp"

namespace tocsin::scanning {

struct WorkItem {
  std::uint64_t ticket = 0;
  std::shared_ptr<const SourceContext> source;
  std::size_t reader = 0;  // index into evidence::all_readers()
  evidence::Unit unit;
  std::shared_ptr<SeenRecords> seen = nullptr;  // of a unit that comes again as it grows; null: it comes once
  std::uint64_t read_to = 0;                    // UnitOutput::read_to
};

// Counters that workers add to and progress reads.
struct Counters {
  std::atomic<std::uint64_t> events{0}, findings{0}, anomalies{0};
};

// Where units go. What is committed may run after feeding has ended: it points to nothing of the feeder.
struct FeedPort {
  Sequencer& sequencer;
  WorkQueue<WorkItem>& queue;
  Counters& counters;
};

class Feeder final : public evidence::InputVisitor, public evidence::UnitSink {
 public:
  Feeder(const PipelineOptions& options, const evidence::InputPlan& plan, const FeedPort& port);

  [[nodiscard]] bool begin(const Leaf& leaf) override;
  [[nodiscard]] bool feed(ByteView block) override;
  void end(const SourceInfo& identity) override;
  void on_container(const SourceInfo& identity) override;
  void on_aside(const evidence::PlannedInput& input, std::uint64_t bytes, bool held) override;
  void on_failed(Error error) override { failed_.push_back(std::move(error)); }
  void on_debug(std::string line) override;
  [[nodiscard]] bool on_unit(evidence::Unit unit) override;
  void on_anomaly(Anomaly anomaly) override;

  [[nodiscard]] std::vector<Error> take_failed() { return std::move(failed_); }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] std::uint64_t units() const { return units_; }

 private:
  void commit(Sequencer::Action action);
  void choose_reader(const Leaf& leaf, std::string_view not_evidence);
  void enter(const evidence::PlannedInput& input);
  void report_progress();

  const PipelineOptions& options_;
  const evidence::InputPlan& plan_;
  Sequencer& sequencer_;
  WorkQueue<WorkItem>& queue_;
  Counters& counters_;
  std::vector<Error> failed_;
  std::shared_ptr<const SourceContext> source_;
  std::string format_;
  std::size_t reader_ = 0;
  std::unique_ptr<evidence::Cutter> cutter_;
  std::uint32_t next_ordinal_ = 0;
  std::uint64_t bytes_ = 0, units_ = 0;
  std::string input_path_;  // the input that is being read
  std::uint64_t inputs_begun_ = 0, earlier_bytes_ = 0, input_bytes_ = 0, input_held_ = 0, input_size_ = 0;
  std::chrono::steady_clock::time_point last_progress_{};
  bool going_ = true;
};

}  // namespace tocsin::scanning
