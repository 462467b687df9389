#include "tests/oracle/evidence_events.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "evidence/inputs.hpp"

namespace tocsin::oracle {
namespace {

constexpr std::size_t kWaiting = 8;  // units

struct Task {
  std::shared_ptr<const std::string> source;
  std::size_t reader = 0;
  std::uint64_t number = 0;
  evidence::Unit unit;
};

class Tasks {
 public:
  void push(Task task) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_.size() < kWaiting; });
    waiting_.push_back(std::move(task));
    changed_.notify_all();
  }
  std::optional<Task> pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !waiting_.empty() || closed_; });
    if (waiting_.empty()) return std::nullopt;
    Task task = std::move(waiting_.front());
    waiting_.pop_front();
    changed_.notify_all();
    return task;
  }
  void close() {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Task> waiting_;
  bool closed_ = false;
};

// Cuts every leaf into units.
class Walker final : public evidence::InputVisitor, public evidence::UnitSink {
 public:
  Walker(const evidence::ReadOptions& read, Tasks& tasks) : read_(read), tasks_(tasks) {}

  bool begin(const Leaf& leaf) override {
    int best = 0;
    for (std::size_t i = 0; i < evidence::all_readers().size(); ++i) {
      const int confidence = evidence::all_readers()[i]->recognise(leaf.sample).confidence;
      if (confidence <= best) continue;
      best = confidence;
      reader_ = i;
    }
    source_ = std::make_shared<const std::string>(leaf.input->path + "!" + leaf.container);
    if (best > 0) cutter_ = evidence::all_readers()[reader_]->make_cutter(leaf.sample, read_);
    return best > 0;
  }
  bool feed(ByteView block) override { return !cutter_ || cutter_->feed(block, *this); }
  void end(const SourceInfo&) override {
    if (cutter_) cutter_->finish(*this);
    cutter_.reset();
  }
  void on_container(const SourceInfo&) override {}
  void on_anomaly(Anomaly) override {}
  void on_failed(Error error) override { failed_.push_back(error.place + ": " + error.message); }
  void on_debug(std::string) override {}
  bool on_unit(evidence::Unit unit) override {
    tasks_.push({source_, reader_, units_++, std::move(unit)});
    return true;
  }
  [[nodiscard]] std::vector<std::string> failed() && { return std::move(failed_); }

 private:
  evidence::ReadOptions read_;
  Tasks& tasks_;
  std::unique_ptr<evidence::Cutter> cutter_;
  std::shared_ptr<const std::string> source_;
  std::size_t reader_ = 0;
  std::uint64_t units_ = 0;
  std::vector<std::string> failed_;
};

class Forward final : public evidence::EventSink {
 public:
  Forward(EventJudge& judge, const Task& task) : judge_(judge), task_(task) {}
  bool on_event(const model::Event& event) override {
    judge_.on_event(event, *task_.source, task_.number, number_++);
    return true;
  }
  void on_anomaly(Anomaly) override {}

 private:
  EventJudge& judge_;
  const Task& task_;
  std::uint64_t number_ = 0;
};

void work(const evidence::ReadOptions& read, Tasks& tasks, EventJudge& judge) {
  std::vector<std::unique_ptr<evidence::UnitReader>> readers;
  for (const evidence::Reader* reader : evidence::all_readers()) readers.push_back(reader->make_unit_reader(read));
  while (const std::optional<Task> task = tasks.pop()) {
    Forward sink(judge, *task);
    readers[task->reader]->read(task->unit, sink);
  }
}

}  // namespace

std::vector<std::string> read_events(const ReadEvidence& options,
                                     const std::function<std::unique_ptr<EventJudge>()>& make_judge) {
  EvidenceOptions evidence_options;
  evidence_options.paths = options.paths;
  const evidence::InputPlan plan = evidence::plan_inputs(evidence_options);
  std::vector<std::string> failed;
  for (const Error& error : plan.failed) failed.push_back(error.place + ": " + error.message);
  Tasks tasks;
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < options.threads; ++i) {
    threads.emplace_back([&] { work(options.read, tasks, *make_judge()); });
  }
  Walker walker(options.read, tasks);
  evidence::walk_inputs(plan, walker, nullptr);
  tasks.close();
  for (std::thread& thread : threads) thread.join();
  for (std::string& line : std::move(walker).failed()) failed.push_back(std::move(line));
  return failed;
}

}  // namespace tocsin::oracle
