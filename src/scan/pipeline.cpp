#include "scan/pipeline.hpp"

#include <chrono>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "base/cpu.hpp"
#include "base/threads.hpp"
#include "scan/feeder.hpp"
#include "scan/sequencer.hpp"
#include "scan/work_queue.hpp"

namespace tocsin::scanning {
namespace {

// Units under way for each thread: enough that a slow one does not starve the others, few enough to stay small.
constexpr std::size_t kUnitsPerThread = 8;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// One thread's loop: takes units, reads them, hands the outcome to the sequencer.
class WorkerLoop {
 public:
  WorkerLoop(const PipelineOptions& options, unsigned thread, WorkQueue<WorkItem>& queue, Sequencer& sequencer,
             Counters& counters)
      : options_(options),
        worker_(options.make_worker(thread)),
        queue_(queue),
        sequencer_(sequencer),
        counters_(counters),
        readers_(evidence::all_readers().size()) {}

  void run() {
    while (std::optional<WorkItem> item = queue_.pop()) {
      const auto start = std::chrono::steady_clock::now();
      std::unique_ptr<UnitOutput> output = read(*item);
      output->read_to = item->read_to;
      seconds_ += seconds_since(start);
      counters_.events.fetch_add(output->events, std::memory_order_relaxed);
      counters_.findings.fetch_add(output->findings, std::memory_order_relaxed);
      counters_.anomalies.fetch_add(output->anomalies.total(), std::memory_order_relaxed);
      // std::function wants a copyable target; the output has one owner after the other.
      auto shared = std::make_shared<std::unique_ptr<UnitOutput>>(std::move(output));
      sequencer_.complete(item->ticket, [this, source = item->source, shared] {
        return options_.collector->unit(*source, std::move(*shared));
      });
    }
    worker_->finish();
  }
  [[nodiscard]] double seconds() const { return seconds_; }

 private:
  std::unique_ptr<UnitOutput> read(const WorkItem& item) {
    evidence::UnitReader& usual = reader(item.reader);
    if (item.seen == nullptr) return worker_->read(*item.source, item.unit, usual);
    NewRecordsReader fresh(usual, *item.seen);
    return worker_->read(*item.source, item.unit, fresh);
  }
  evidence::UnitReader& reader(std::size_t index) {
    if (!readers_[index]) readers_[index] = evidence::all_readers()[index]->make_unit_reader(options_.read);
    return *readers_[index];
  }
  const PipelineOptions& options_;
  std::unique_ptr<Worker> worker_;
  WorkQueue<WorkItem>& queue_;
  Sequencer& sequencer_;
  Counters& counters_;
  std::vector<std::unique_ptr<evidence::UnitReader>> readers_;
  double seconds_ = 0;
};

// False where the system gives no more threads: the scan goes on with those that there are.
bool start_thread(std::vector<std::jthread>& threads, WorkerLoop& loop) {
  try {
    threads.emplace_back([&loop] { loop.run(); });
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

Result<FeedResult> feed_walk(const PipelineOptions& options, const FeedPort& port) {
  const evidence::InputPlan plan = evidence::plan_inputs(*options.evidence, options.stop);
  Feeder feeder(options, plan, port);
  for (const Anomaly& anomaly : plan.anomalies) feeder.on_anomaly(anomaly);
  for (const std::string& link : plan.skipped_symlinks) feeder.on_debug(link + ": a symbolic link, not followed");
  for (const std::string& note : plan.notes) feeder.on_debug(note);
  evidence::walk_inputs(plan, feeder, options.stop, options.evidence->archive_passwords);
  FeedResult result{.failed_paths = plan.failed, .units = feeder.units(), .bytes = feeder.bytes()};
  for (Error& error : feeder.take_failed()) result.failed_paths.push_back(std::move(error));
  return result;
}

}  // namespace

std::string shown_name(const std::string& path, const std::string& container) {
  return container.empty() ? path : path + "!/" + container;
}

std::uint64_t unit_bytes(const EvidenceOptions& evidence) {
  return evidence.unit_bytes == 0 && base::tiny_buffers() ? 1 : evidence.unit_bytes;
}

Result<PipelineResult> run_pipeline(const PipelineOptions& options) {
  const unsigned count = options.evidence->threads != 0 ? options.evidence->threads : base::default_threads();
  Sequencer sequencer(base::tiny_buffers() ? 1 : count * kUnitsPerThread);
  WorkQueue<WorkItem> queue;
  Counters counters;
  std::vector<std::unique_ptr<WorkerLoop>> loops;
  std::vector<std::jthread> threads;
  for (unsigned i = 0; i < count; ++i) {
    loops.push_back(std::make_unique<WorkerLoop>(options, i, queue, sequencer, counters));
    if (start_thread(threads, *loops.back())) continue;
    loops.pop_back();
    break;
  }
  if (threads.empty()) {
    return fail(ErrorCode::limit, "cannot start a thread", "threads", "raise the limit of processes (ulimit -u)");
  }
  const auto start = std::chrono::steady_clock::now();
  FeedPort port{sequencer, queue, counters};
  Result<FeedResult> fed = options.feed ? options.feed(port) : feed_walk(options, port);
  PipelineResult result;
  result.feed_seconds = seconds_since(start);
  queue.close();
  threads.clear();  // joins
  TOCSIN_CHECK(sequencer.result());
  if (!fed) return std::unexpected(std::move(fed).error());
  for (const auto& loop : loops) result.read_seconds += loop->seconds();
  result.failed_paths = std::move(fed->failed_paths);
  result.interrupted = options.stop != nullptr && options.stop->load(std::memory_order_relaxed);
  result.bytes = fed->bytes;
  result.units = fed->units;
  return result;
}

}  // namespace tocsin::scanning
