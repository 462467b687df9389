// Anomalies of a whole run: the first few of a kind in each source one by one, the rest counted. Bounded, and the same
// whatever the number of threads, since it is filled in canonical order.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tocsin/finding.hpp"

namespace tocsin::scanning {

// Anomalies of one unit, while it waits for its turn. What the book would only count is counted here already, so that a
// unit of nothing but damage takes little memory; the book becomes the same.
class UnitAnomalies {
 public:
  void add(Anomaly anomaly);
  [[nodiscard]] std::uint64_t total() const { return total_; }
  // To be moved out by the collector.
  [[nodiscard]] std::vector<Anomaly>& all() { return entries_; }

 private:
  struct Group {
    std::size_t kept = 0, last = 0;
  };
  std::vector<Anomaly> entries_;
  std::map<std::string, Group> groups_;  // by code
  std::uint64_t total_ = 0;
};

class AnomalyBook {
 public:
  static constexpr std::size_t kEach = 20;         // shown one by one for each source and code
  static constexpr std::size_t kAtMost = 100'000;  // entries in all; beyond, they are only counted

  // `source`: the walk's ordinal, or Anomaly::kNoSource with Anomaly::path set.
  void add(std::uint32_t source, Anomaly anomaly);
  [[nodiscard]] std::uint64_t total() const { return total_; }
  [[nodiscard]] std::uint64_t of_source(std::uint32_t source) const;
  // In canonical order, with the walk's ordinals replaced by `index_of[ordinal]`.
  [[nodiscard]] std::vector<Anomaly> sorted(const std::vector<std::uint32_t>& index_of) const;

 private:
  struct Group {
    std::size_t shown = 0;
    std::size_t rest = 0;  // index + 1 in entries_ of the entry that counts the others
  };
  std::vector<Anomaly> entries_;
  std::map<std::pair<std::uint32_t, std::string>, Group> groups_;
  std::map<std::uint32_t, std::uint64_t> per_source_;
  std::uint64_t total_ = 0;
};

}  // namespace tocsin::scanning
