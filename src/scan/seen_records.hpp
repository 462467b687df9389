// What units of logs in use gave already: a chunk is read again as records are added to it. Known by number and bytes,
// so that a record is told once, also where a copy of its log is followed too.
//
// Keeps the latest; bounded. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "evidence/reader.hpp"

namespace tocsin::scanning {

class SeenRecords {
 public:
  static constexpr std::size_t kKept = std::size_t{1} << 18;  // a chunk has less than 2,400 records
  explicit SeenRecords(std::size_t kept = kKept) : order_(kept) {}
  // True the first time.
  [[nodiscard]] bool add(std::uint64_t key);

 private:
  std::mutex mutex_;
  std::unordered_set<std::uint64_t> keys_;
  std::vector<std::uint64_t> order_;  // a ring, the oldest at next_
  std::size_t next_ = 0;
};

// Reads as `inner` does, without what was seen.
class NewRecordsReader final : public evidence::UnitReader {
 public:
  // `source`: tells anomalies of one log from those of another. REQUIRES: both outlive it.
  NewRecordsReader(evidence::UnitReader& inner, SeenRecords& seen, std::uint64_t source)
      : inner_(inner), seen_(seen), source_(source) {}
  void read(const evidence::Unit& unit, evidence::EventSink& sink) override;

 private:
  evidence::UnitReader& inner_;
  SeenRecords& seen_;
  std::uint64_t source_;
};

}  // namespace tocsin::scanning
