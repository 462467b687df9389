// For tests: a visitor that keeps all it is told.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "evidence/inputs.hpp"

namespace tocsin::evidence::testing_inputs {

class RecordingVisitor final : public InputVisitor {
 public:
  struct Seen {
    std::string head, bytes, sample_path;
    bool whole = false;
    std::optional<std::uint64_t> size;
    std::vector<std::string> siblings;
    std::string container;  // as begin() said
    SourceInfo identity;
  };

  bool begin(const Leaf& leaf) override {
    Seen seen;
    seen.head = as_text(leaf.sample.head);
    seen.whole = leaf.sample.whole;
    seen.sample_path = leaf.sample.path;
    seen.size = leaf.size;
    seen.siblings.assign(leaf.sample.siblings.begin(), leaf.sample.siblings.end());
    seen.container = leaf.container;
    leaves.push_back(std::move(seen));
    return accept;
  }
  bool feed(ByteView block) override {
    leaves.back().bytes.append(as_text(block));
    if (on_feed) on_feed();
    return --feeds_wanted != 0;
  }
  void end(const SourceInfo& identity) override { leaves.back().identity = identity; }
  void on_aside(const PlannedInput& input, std::uint64_t bytes, bool held) override {
    asides.push_back({input.path, bytes, held});
  }
  void on_container(const SourceInfo& identity) override { containers.push_back(identity); }
  void on_anomaly(Anomaly anomaly) override { anomalies.push_back(std::move(anomaly)); }
  void on_failed(Error error) override { failed.push_back(std::move(error)); }
  void on_debug(std::string line) override { debug.push_back(std::move(line)); }

  bool accept = true;
  int feeds_wanted = -1;  // stops after so many; below zero: never
  std::function<void()> on_feed;
  std::vector<Seen> leaves;
  struct Aside {
    std::string path;
    std::uint64_t bytes = 0;
    bool held = false;
  };
  std::vector<Aside> asides;
  std::vector<SourceInfo> containers;
  std::vector<Anomaly> anomalies;
  std::vector<Error> failed;
  std::vector<std::string> debug;
};

}  // namespace tocsin::evidence::testing_inputs
