#include "scan/seen_records.hpp"

#include <algorithm>
#include <utility>

#include "base/quick_hash.hpp"

namespace tocsin::scanning {
namespace {

class NewOnly final : public evidence::EventSink {
 public:
  NewOnly(evidence::EventSink& sink, SeenRecords& seen) : sink_(sink), seen_(seen) {}
  bool on_event(const model::Event& event) override {
    const model::EventHead& head = event.head();
    if (!seen_.add(base::mix_hash(base::key_hash(as_text(head.raw)), head.place.record))) return true;
    return sink_.on_event(event);
  }
  void on_anomaly(Anomaly anomaly) override {
    if (seen_.add(base::mix_hash(base::key_hash(anomaly.code), anomaly.offset))) sink_.on_anomaly(std::move(anomaly));
  }

 private:
  evidence::EventSink& sink_;
  SeenRecords& seen_;
};

}  // namespace

bool SeenRecords::add(std::uint64_t key) {
  const std::scoped_lock lock(mutex_);
  if (std::ranges::find(keys_, key) != keys_.end()) return false;
  if (keys_.size() < kept_) {
    keys_.push_back(key);
  } else {
    keys_[next_] = key;
    next_ = (next_ + 1) % kept_;
  }
  return true;
}

void NewRecordsReader::read(const evidence::Unit& unit, evidence::EventSink& sink) {
  NewOnly fresh(sink, seen_);
  inner_.read(unit, fresh);
}

}  // namespace tocsin::scanning
