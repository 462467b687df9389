#include "scan/feeder.hpp"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace tocsin::scanning {
namespace {

class Recorder final : public ProgressSink {
 public:
  struct Seen {
    std::uint64_t done = 0, total = 0, sources = 0;
    std::string current;
    bool operator==(const Seen&) const = default;
  };
  void on_progress(const State& state) override {
    seen.push_back({state.bytes_done, state.bytes_total, state.sources_done, std::string(state.current)});
  }
  void on_debug(std::string_view) override {}
  std::vector<Seen> seen;
};

// A large archive in a stream is held before the first of its members begins: the bar moves all the same.
TEST(FeederProgress, MovesWhileBytesAreHeldOrOnlyHashed) {
  Recorder progress;
  PipelineOptions options;
  options.progress = &progress;
  evidence::InputPlan plan;
  plan.inputs.push_back({"a.tar.gz", "a.tar.gz", 1000, true});
  plan.inputs.push_back({"b.raw", "b.raw", 500, true});
  plan.total_bytes = 1500;
  Sequencer sequencer(8);
  WorkQueue<WorkItem> queue;
  Counters counters;
  const FeedPort port{sequencer, queue, counters};
  Feeder feeder(options, plan, port);
  const auto later = [] {
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
  };  // it tells five times a second
  feeder.on_aside(plan.inputs[0], 600, true);
  feeder.on_aside(plan.inputs[0], 1, true);
  later();
  feeder.on_aside(plan.inputs[0], 5000, true);  // more comes out than the file has
  later();
  feeder.on_aside(plan.inputs[1], 100, false);
  const std::vector<Recorder::Seen> expected{
      {600, 1500, 0, "a.tar.gz"}, {1000, 1500, 0, "a.tar.gz"}, {1100, 1500, 1, "b.raw"}};
  EXPECT_EQ(progress.seen, expected);
}

}  // namespace
}  // namespace tocsin::scanning
