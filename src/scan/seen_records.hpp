// What a chunk of a log in use gave already: it is read again as records are added to it. One for each chunk of each
// source, so that no other log or chunk makes it forget. Records are known by number and bytes.
//
// Bounded: keeps the latest, more than a chunk can hold. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "evidence/reader.hpp"

namespace tocsin::scanning {

class SeenRecords {
 public:
  static constexpr std::size_t kKept = 4800;  // a chunk has less than 2,400 records, and begins anew when it is full
  explicit SeenRecords(std::size_t kept = kKept) : kept_(kept) {}
  // True the first time. REQUIRES: kept > 0.
  [[nodiscard]] bool add(std::uint64_t key);

 private:
  std::mutex mutex_;
  std::vector<std::uint64_t> keys_;  // few: looked through; a ring once there are kept_ of them
  std::size_t kept_, next_ = 0;      // the oldest of the ring
};

// Reads as `inner` does, without what was seen.
class NewRecordsReader final : public evidence::UnitReader {
 public:
  // REQUIRES: both outlive it.
  NewRecordsReader(evidence::UnitReader& inner, SeenRecords& seen) : inner_(inner), seen_(seen) {}
  void read(const evidence::Unit& unit, evidence::EventSink& sink) override;

 private:
  evidence::UnitReader& inner_;
  SeenRecords& seen_;
};

}  // namespace tocsin::scanning
