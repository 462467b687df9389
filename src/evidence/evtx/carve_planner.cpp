#include "evidence/evtx/carve_planner.hpp"

#include <algorithm>

#include "evidence/evtx/limits.hpp"

namespace tocsin::evidence::evtx {
namespace {

// Takes the keys of live records; what is wrong with them is told when the chunk is really read.
class KeySink : public EventSink {
 public:
  explicit KeySink(std::vector<RecordKey>& keys) : keys_(keys) {}
  bool on_event(const model::Event& event) override {
    keys_.push_back(key_of(event.head()));
    return true;
  }
  void on_anomaly(Anomaly) override {}

 private:
  std::vector<RecordKey>& keys_;
};

}  // namespace

CarvePlanner::CarvePlanner() : live_(ReadOptions()), slack_(nullptr) {}

void CarvePlanner::survey(const Unit& unit) {
  std::vector<RecordKey> keys;
  KeySink sink(keys);
  live_.read(unit, sink);
  for (const RecordKey key : keys) remember(key);
  auto records = slack_.find(unit, live_.live_end());
  if (!records.empty()) held_.push_back({unit, std::move(records)});
}

void CarvePlanner::remember(RecordKey key) {
  if (keys_.size() < kMaxCarveKeys) {
    keys_.push_back(key);
  } else {
    forgot_ = true;
  }
}

bool CarvePlanner::full() const {
  return held_.size() >= kMaxPendingCarveChunks;
}

bool CarvePlanner::release(UnitSink& sink) {
  std::ranges::sort(keys_);
  std::vector<RecordKey> fresh;  // carved now: sorted for look-up
  bool go_on = true;
  for (Held& held : held_) {
    std::erase_if(held.records, [&](const SlackRecord& record) {
      if (std::ranges::binary_search(keys_, record.key)) return true;
      const auto at = std::ranges::lower_bound(fresh, record.key);
      if (at != fresh.end() && *at == record.key) return true;
      fresh.insert(at, record.key);
      return false;
    });
    if (go_on && !held.records.empty()) go_on = sink.on_unit(make_carved_unit(held.unit, held.records));
  }
  held_.clear();
  for (const RecordKey key : fresh) remember(key);
  return go_on;
}

}  // namespace tocsin::evidence::evtx
