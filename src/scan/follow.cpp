#include "scan/follow.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "evidence/follow/follower.hpp"

namespace tocsin::scanning {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kLookEvery{250};  // a finding is told within a second of the write
constexpr int kShare = 4;                // looking takes at most a fifth of the time, however many files there are
constexpr milliseconds kStopAfter{50};   // how late a stop is noticed
constexpr milliseconds kTickEvery{1000};

class FollowFeeder final : public evidence::FollowVisitor {
 public:
  FollowFeeder(const PipelineOptions& options, const FeedPort& port) : options_(options), port_(port) {}

  Source begin(const std::string& path, std::size_t reader, const std::string& format) override {
    const auto ordinal = static_cast<Source>(sources_.size());
    sources_.push_back({std::make_shared<const SourceContext>(SourceContext{ordinal, path, {}, format}), reader, {}});
    commit([collector = options_.collector, source = sources_.back().context] {
      return collector->begin_source(*source, true);
    });
    return ordinal;
  }
  bool unit(Source source, evidence::Unit unit, std::uint64_t read_to) override {
    const std::optional<std::uint64_t> ticket = port_.sequencer.ticket();
    if (!ticket) return going_ = false;
    ++result_.units;
    result_.bytes += unit.bytes.size();
    Met& met = sources_[source];
    std::shared_ptr<SeenRecords> seen = met.context->format == "evtx" ? met.seen(unit.number) : nullptr;
    port_.queue.push({.ticket = *ticket,
                      .source = met.context,
                      .reader = met.reader,
                      .unit = std::move(unit),
                      .seen = std::move(seen),
                      .read_to = read_to});
    return true;
  }
  void anomaly(Source source, Anomaly anomaly) override { tell(sources_[source].context, std::move(anomaly)); }
  void anomaly(Anomaly anomaly) override { tell(nullptr, std::move(anomaly)); }
  void end(Source source, const SourceInfo& identity) override {
    SourceInfo info = identity;
    info.format = sources_[source].context->format;
    commit([collector = options_.collector, source = sources_[source].context, info] {
      return collector->end_source(*source, info);
    });
    sources_[source] = {};
  }
  void debug(std::string line) override {
    if (options_.progress != nullptr) options_.progress->on_debug(line);
  }
  void commit(Sequencer::Action action) {
    if (!port_.sequencer.commit(std::move(action))) going_ = false;
  }
  [[nodiscard]] bool going() const { return going_ && !port_.sequencer.failed(); }
  [[nodiscard]] const FeedResult& result() const { return result_; }

 private:
  struct Met {
    std::shared_ptr<const SourceContext> context;  // null: its end was told
    std::size_t reader = 0;
    std::vector<std::shared_ptr<SeenRecords>> chunks;  // of an EVTX log, by number; null: never read
    std::shared_ptr<SeenRecords> seen(std::uint64_t chunk) {
      if (chunks.size() <= chunk) chunks.resize(chunk + 1);
      if (chunks[chunk] == nullptr) chunks[chunk] = std::make_shared<SeenRecords>();
      return chunks[chunk];
    }
  };
  void tell(std::shared_ptr<const SourceContext> source, Anomaly anomaly) {
    commit([collector = options_.collector, source = std::move(source), anomaly = std::move(anomaly)]() mutable {
      return collector->anomaly(source.get(), std::move(anomaly));
    });
  }

  const PipelineOptions& options_;
  const FeedPort& port_;
  std::vector<Met> sources_;
  FeedResult result_;
  bool going_ = true;
};

bool stopped(const PipelineOptions& options) {
  return options.stop != nullptr && options.stop->load(std::memory_order_relaxed);
}

// A signal need not reach this thread, so the flag is looked at now and then.
void wait(const PipelineOptions& options, Clock::duration time) {
  const Clock::time_point end = Clock::now() + time;
  while (!stopped(options) && Clock::now() < end) std::this_thread::sleep_for(kStopAfter);
}

}  // namespace

Result<FeedResult> follow(const PipelineOptions& options, const FeedPort& port,
                          const std::function<Result<void>()>& tick) {
  FollowFeeder feeder(options, port);
  evidence::Follower follower(*options.evidence, options.read, feeder, options.stop);
  TOCSIN_CHECK(follower.begin());
  Clock::time_point ticked = Clock::now();
  while (!stopped(options) && feeder.going()) {
    const Clock::time_point start = Clock::now();
    if (!follower.poll()) break;
    if (Clock::now() - ticked >= kTickEvery) {
      ticked = Clock::now();
      feeder.commit(tick);
    }
    wait(options, std::max<Clock::duration>(kLookEvery, kShare * (Clock::now() - start)));
  }
  follower.finish();
  return feeder.result();
}

}  // namespace tocsin::scanning
