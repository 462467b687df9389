#include "scan/seen_records.hpp"

#include <utility>

#include "base/quick_hash.hpp"

namespace tocsin::scanning {
namespace {

class NewOnly final : public evidence::EventSink {
 public:
  NewOnly(evidence::EventSink& sink, SeenRecords& seen, std::uint64_t source)
      : sink_(sink), seen_(seen), source_(source) {}
  bool on_event(const model::Event& event) override {
    const model::EventHead& head = event.head();
    if (!seen_.add(base::mix_hash(base::key_hash(as_text(head.raw)), head.place.record))) return true;
    return sink_.on_event(event);
  }
  void on_anomaly(Anomaly anomaly) override {
    const std::uint64_t place = base::mix_hash(anomaly.offset, source_);
    if (seen_.add(base::mix_hash(base::key_hash(anomaly.code), place))) sink_.on_anomaly(std::move(anomaly));
  }

 private:
  evidence::EventSink& sink_;
  SeenRecords& seen_;
  std::uint64_t source_;
};

}  // namespace

bool SeenRecords::add(std::uint64_t key) {
  if (key == 0) key = 1;  // 0: nothing stands in the ring yet
  const std::scoped_lock lock(mutex_);
  if (!keys_.insert(key).second) return false;
  if (order_[next_] != 0) keys_.erase(order_[next_]);
  order_[next_] = key;
  next_ = (next_ + 1) % order_.size();
  return true;
}

void NewRecordsReader::read(const evidence::Unit& unit, evidence::EventSink& sink) {
  NewOnly fresh(sink, seen_, source_);
  inner_.read(unit, fresh);
}

}  // namespace tocsin::scanning
